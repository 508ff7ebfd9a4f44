import { assertShape, broadcastTo, copy, mean, multiply, type NdArray, reshape } from '../array/index.js';
import { Module } from './module.js';

/**
 * Global average pooling replaces every channel of an image by its average: one number per channel. It stands between the
 * convolutions and the last linear layer, and it takes images of any size (Lin, Chen and Yan 2014, arXiv 1312.4400,
 * section 3.2).
 *
 * **Forward**, over the $P = H \cdot W$ pixels of a channel:
 *
 * $$ Y_{nc} = \frac1P \sum_{p,q} X_{ncpq} . $$
 *
 * **Backward.** Every pixel has the same share in the average of its channel, $\partial Y_{nc}/\partial X_{ncpq} = 1/P$, and
 * none in another one:
 *
 * $$ \frac{\partial L}{\partial X_{ncpq}} = \frac1P \frac{\partial L}{\partial Y_{nc}} . $$
 */
export class GlobalAvgPool2d extends Module {
  static override readonly name: string = 'GlobalAvgPool2d';

  private x: Pick<NdArray, 'shape' | 'dtype'> | undefined;

  /**
   * The average of every channel.
   *
   * @param x (N, C, H, W)
   * @returns (N, C), a fresh array
   * @throws ShapeError for any other x
   */
  forward(x: NdArray): NdArray {
    assertShape('GlobalAvgPool2d.forward', 'x', x, ['N', 'C', 'H', 'W']);
    this.x = { shape: x.shape, dtype: x.dtype };
    return mean(x, { axis: [2, 3] }); // (N, C)
  }

  /**
   * @param dout (N, C)
   * @returns dL/dx, (N, C, H, W)
   */
  backward(dout: NdArray): NdArray {
    const { shape } = this.cached(this.x, dout, ({ shape: [N, C], dtype }) => ({ shape: [N, C], dtype }));
    const [N, C, H, W] = shape;
    const share = multiply(dout, 1 / (H * W)); // (N, C)
    return copy(broadcastTo(reshape(share, [N, C, 1, 1]), shape)); // (N, C, H, W)
  }
}
