import { map, type NdArray, Random, reshape, type Shape, zeros } from '../../../array/index.js';
import { BatchNorm1d } from '../../../layers/batch-norm.js';
import { GroupNorm } from '../../../layers/group-norm.js';
import { InstanceNorm } from '../../../layers/instance-norm.js';
import type { Layer } from '../../../layers/layer.js';
import { LayerNorm } from '../../../layers/layer-norm.js';

/** A norm on image stacks (N, C, H, W), and the shape in which its layer takes them. */
export interface StackNorm {
  name: string;
  layer: Layer;
  shape: Shape;
}

/** The four, for stacks of the given shape; group norm takes two groups. */
export function stackNorms([N, C, H, W]: Shape): StackNorm[] {
  const dtype = 'float64';
  return [
    { name: 'batch norm', layer: new BatchNorm1d(C, { dtype }), shape: [N, C, H * W] },
    { name: 'layer norm', layer: new LayerNorm(C * H * W, { dtype }), shape: [N, C * H * W] },
    { name: 'instance norm', layer: new InstanceNorm(C, { dtype }), shape: [N, C, H, W] },
    { name: 'group norm, 2 groups', layer: new GroupNorm(2, C, { dtype }), shape: [N, C, H, W] },
  ];
}

/**
 * Which entries of a stack one entry of a norm's output depends on: its own, and those that it is averaged with. It is the
 * layer that says so: a 1 as the gradient of that output comes back as a gradient that is not 0 at just those inputs.
 *
 * @param entry which output: positions n, c, h, w
 * @returns (N, C, H, W), 1 where it depends on the input and 0 where not
 */
export function averagedOver({ layer, shape }: StackNorm, stack: Shape, entry: readonly number[]): NdArray {
  const x = new Random('averaged over').normal(shape, { dtype: 'float64' });
  const dout = zeros(stack, 'float64');
  dout.set(...entry, 1);
  layer.forward(x);
  const dx = layer.backward(reshape(dout, shape));
  return reshape(
    map(dx, (value) => (value === 0 ? 0 : 1)),
    stack,
  );
}
