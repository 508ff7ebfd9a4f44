import {
  assertShape,
  avgPool2d,
  avgPool2dGradient,
  type NdArray,
  type Pair,
  type Pooling,
  poolingOf,
  type WindowOptions,
  windowsOn,
} from '../array/index.js';
import { Module } from './module.js';

/**
 * Average pooling replaces each window of each channel by its average. It makes images smaller, as `MaxPool2d` does, and
 * every pixel counts.
 *
 * **Forward.** Let $\mathcal W_{ij}$ be the pixels of window $(i, j)$ that lie on the image. Padding counts as 0, and the
 * divisor is always the size of the window, $K = KH \cdot KW$, as in PyTorch:
 *
 * $$ Y_{ncij} = \frac1K \sum_{(p,q) \in \mathcal W_{ij}} X_{ncpq} . $$
 *
 * **Backward.** $\partial Y_{ncij}/\partial X_{ncpq}$ is $1/K$ for each pixel of the window and 0 for others. A pixel
 * gets its share from every window that it is in:
 *
 * $$ \frac{\partial L}{\partial X_{ncpq}} = \frac1K \sum_{i,j:\; (p,q) \in \mathcal W_{ij}} \frac{\partial L}{\partial Y_{ncij}} . $$
 */
export class AvgPool2d extends Module {
  static override readonly name: string = 'AvgPool2d';

  /** The size of a window, the stride and the padding, each for height and width. */
  readonly pooling: Pooling;
  private cache: { x: Pick<NdArray, 'shape'>; out: Pick<NdArray, 'shape' | 'dtype'> } | undefined;

  /**
   * @param kernelSize the size of a window: a number, or a pair of height and width
   * @param options stride, by default the size of a window; padding, at most half of it. Default: 0.
   * @throws RangeError for a size, stride or padding that is not possible
   */
  constructor(kernelSize: Pair, options: WindowOptions = {}) {
    super();
    this.pooling = poolingOf('AvgPool2d', kernelSize, options);
  }

  /**
   * The average of every window.
   *
   * @param x (N, C, H, W)
   * @returns (N, C, OH, OW), a fresh array
   * @throws ShapeError for any other x, or one that is smaller than a window
   */
  forward(x: NdArray): NdArray {
    const { kernelSize, ...windows } = this.pooling;
    assertShape('AvgPool2d.forward', 'x', x, ['N', 'C', 'H', 'W']);
    windowsOn('AvgPool2d.forward', x.shape, kernelSize, windows);
    const out = avgPool2d(x, kernelSize, windows); // (N, C, OH, OW)
    this.cache = { x: { shape: x.shape }, out: { shape: out.shape, dtype: out.dtype } };
    return out;
  }

  /**
   * @param dout (N, C, OH, OW)
   * @returns dL/dx, (N, C, H, W)
   */
  backward(dout: NdArray): NdArray {
    const { kernelSize, ...windows } = this.pooling;
    const [, , H, W] = this.cached(this.cache, dout, ({ out }) => out).x.shape;
    return avgPool2dGradient(dout, [H, W], kernelSize, windows); // (N, C, H, W)
  }
}
