import { map, type NdArray, Random, reshape, type Shape, zeros } from '../../../array/index.js';
import { BatchNorm1d } from '../../../layers/batch-norm.js';
import { GroupNorm } from '../../../layers/group-norm.js';
import { InstanceNorm } from '../../../layers/instance-norm.js';
import type { Layer } from '../../../layers/layer.js';
import { LayerNorm } from '../../../layers/layer-norm.js';

/** A norm for images (N, C, H, W), and the shape that its layer takes. */
export interface ImageNorm {
  name: string;
  layer: Layer;
  shape: Shape;
}

/** The four norms for images of the given shape. Group norm has two groups. */
export function imageNorms([N, C, H, W]: Shape): ImageNorm[] {
  const dtype = 'float64';
  return [
    { name: 'batch norm', layer: new BatchNorm1d(C, { dtype }), shape: [N, C, H * W] },
    { name: 'layer norm', layer: new LayerNorm(C * H * W, { dtype }), shape: [N, C * H * W] },
    { name: 'instance norm', layer: new InstanceNorm(C, { dtype }), shape: [N, C, H, W] },
    { name: 'group norm, 2 groups', layer: new GroupNorm(2, C, { dtype }), shape: [N, C, H, W] },
  ];
}

/**
 * Which inputs one output of a norm depends on: those that it is normalized with. The layer itself gives the answer:
 * if the gradient of that output is 1 and that of every other output 0, the gradient of an input is nonzero exactly
 * if the output depends on it.
 *
 * @param images (N, C, H, W)
 * @param entry which output: n, c, h, w
 * @returns (N, C, H, W): 1 for an input that the output depends on, otherwise 0
 */
export function dependencies({ layer, shape }: ImageNorm, images: Shape, entry: readonly number[]): NdArray {
  const x = new Random('averaged over').normal(shape, { dtype: 'float64' });
  const dout = zeros(images, 'float64');
  dout.set(...entry, 1);
  layer.forward(x);
  const dx = layer.backward(reshape(dout, shape));
  return reshape(
    map(dx, (value) => (value === 0 ? 0 : 1)),
    images,
  );
}
