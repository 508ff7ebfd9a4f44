import {
  assertShape,
  type IndexArray,
  maxPool2d,
  maxPool2dGradient,
  type NdArray,
  type Pair,
  type Pooling,
  poolingOf,
  type WindowOptions,
  windowsOn,
} from '../array/index.js';
import { Module } from './module.js';

/**
 * Max pooling keeps the largest value of each window of each channel. It makes images smaller: what matters afterward
 * is that a pattern is there, not exactly where.
 *
 * **Forward.** Let $\mathcal W_{ij}$ be the pixels of window $(i, j)$ that lie on the image. Padding never wins.
 *
 * $$ Y_{ncij} = \max_{(p,q) \in \mathcal W_{ij}} X_{ncpq} = X_{nc\,p^* q^*} . $$
 *
 * Of equal values, $(p^*, q^*)$ is the first in row-major order, as in PyTorch. `indices` holds $p^* W + q^*$.
 *
 * **Backward.** A window passes on one pixel. A small change of any other pixel does not change the output, so
 * $\partial Y_{ncij}/\partial X_{ncpq}$ is 1 for $(p, q) = (p^*, q^*)$ and 0 otherwise. A pixel may be the largest of
 * several windows that overlap. Their gradients add up:
 *
 * $$ \frac{\partial L}{\partial X_{ncpq}} = \sum_{i,j:\; (p,q) = (p^*,q^*)} \frac{\partial L}{\partial Y_{ncij}} . $$
 */
export class MaxPool2d extends Module {
  static override readonly name: string = 'MaxPool2d';

  /** The size of a window, the stride and the padding, each for height and width. */
  readonly pooling: Pooling;
  private cache: { x: Pick<NdArray, 'shape'>; out: Pick<NdArray, 'shape' | 'dtype'>; indices: IndexArray } | undefined;

  /**
   * @param kernelSize the size of a window: a number, or a pair of height and width
   * @param options stride, by default the size of a window; padding, at most half of it. Default: 0.
   * @throws RangeError for a size, stride or padding that is not possible
   */
  constructor(kernelSize: Pair, options: WindowOptions = {}) {
    super();
    this.pooling = poolingOf('MaxPool2d', kernelSize, options);
  }

  /**
   * The maximum of every window.
   *
   * @param x (N, C, H, W)
   * @returns (N, C, OH, OW), a fresh array
   * @throws ShapeError for any other x, or one that is smaller than a window
   */
  forward(x: NdArray): NdArray {
    const { kernelSize, ...windows } = this.pooling;
    assertShape('MaxPool2d.forward', 'x', x, ['N', 'C', 'H', 'W']);
    windowsOn('MaxPool2d.forward', x.shape, kernelSize, windows);
    const { out, indices } = maxPool2d(x, kernelSize, windows); // (N, C, OH, OW)
    this.cache = { x: { shape: x.shape }, out: { shape: out.shape, dtype: out.dtype }, indices };
    return out;
  }

  /**
   * @param dout (N, C, OH, OW)
   * @returns dL/dx, (N, C, H, W)
   */
  backward(dout: NdArray): NdArray {
    const { x, indices } = this.cached(this.cache, dout, ({ out }) => out);
    return maxPool2dGradient(dout, indices, [x.shape[2], x.shape[3]]); // (N, C, H, W)
  }
}
