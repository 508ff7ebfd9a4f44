import {
  addInPlace,
  assertDtype,
  assertFlag,
  assertNoMoreOptions,
  assertRandom,
  assertShape,
  checkedDtype,
  checkedOptions,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  type Dtype,
  type NdArray,
  type Pair,
  pairOf,
  Random,
  reshape,
  sum,
  windowsOn,
} from '../array/index.js';
import { type Init, initialBias, initializer } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `Conv2d` layer. */
export interface Conv2dOptions {
  /** The distance between windows: a number, or a pair of height and width. Default: 1. */
  stride?: Pair;
  /** The zeros added above and below the image, and left and right: a number or a pair. Default: 0. */
  padding?: Pair;
  /** Whether to add b. Default: true. */
  bias?: boolean;
  /** How the weights are initialized. Default: `'pytorch'`, which draws the bias as well. */
  init?: Init;
  /** Draws the weights. Layers that share one get different weights. Default: `new Random(0)`. */
  rng?: Random;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * The convolution: a small kernel slides over the image, and at each place the output is the sum of the pixels below
 * it, weighted by the kernel. Every place has the same weights. So a convolution has few parameters, and it finds a
 * pattern wherever it is in the image.
 *
 * **Forward.** First one channel, a kernel $K$ of 2 × 2, and no padding. $Y_{21}$ is what the kernel finds one row down:
 *
 * $$ Y_{mn} = \sum_{u,v} K_{uv}\, X_{m+u-1,\; n+v-1}, \qquad
 *    Y_{21} = K_{11} X_{21} + K_{12} X_{22} + K_{21} X_{31} + K_{22} X_{32} . $$
 *
 * In general there are $C$ input channels $c$ and $O$ output channels $o$, a stride $S$, and a padding of $P$ zeros.
 * Counted from 0, window $(i, j)$ begins at pixel $(iS - P, jS - P)$:
 *
 * $$ Y_{noij} = b_o + \sum_{c,u,v} W_{ocuv}\, X_{nc,\; iS+u-P,\; jS+v-P} . $$
 *
 * `unfold` writes the pixels of every window into a column: $U_n$ has the $C \cdot KH \cdot KW$ pixels of a window in
 * each of its $OH \cdot OW$ columns. With the kernels as the rows of a matrix $W$, the convolution is a linear layer on
 * windows, $Y_n = W U_n + b$.
 *
 * **Backward, input.** In the small example, $X_{12}$ is below $K_{12}$ in the first window and below $K_{11}$ in the
 * second, so
 *
 * $$ \frac{\partial L}{\partial X_{12}} = \frac{\partial L}{\partial Y_{11}} K_{12} + \frac{\partial L}{\partial Y_{12}} K_{11} . $$
 *
 * In general pixel $(p, q)$ is below position $(p + P - iS,\; q + P - jS)$ of window $(i, j)$, if the kernel has that
 * position. The sum goes over those windows:
 *
 * $$ \frac{\partial L}{\partial X_{ncpq}} = \sum_{o,i,j} \frac{\partial L}{\partial Y_{noij}}\, W_{oc,\; p+P-iS,\; q+P-jS} . $$
 *
 * For $S = 1$, count by the position $u = p + P - i$ instead: the sum is
 * $\sum_{o,u,v} W_{ocuv}\, \partial L/\partial Y_{no,\; p+P-u,\; q+P-v}$. That is the forward with a minus before $u$
 * and $v$. The gradient of a convolution is a convolution with the kernel flipped, top to bottom and left to right.
 *
 * As matrices, $\partial L/\partial U_n = W^\top\, \partial L/\partial Y_n$, as in `Linear`. Every element of $U_n$ is a
 * copy of one pixel, or 0. So the gradient of a pixel is the sum over its copies. That sum is `fold`, the transpose of
 * `unfold`:
 *
 * $$ \frac{\partial L}{\partial X_n} = \operatorname{fold}\Big( W^\top \frac{\partial L}{\partial Y_n} \Big) . $$
 *
 * **Backward, parameters.** In the small example $K_{11}$ is a factor in every output, so
 * $\partial L/\partial K_{11} = \sum_{m,n} \partial L/\partial Y_{mn}\, X_{mn}$. In general $W_{ocuv}$ acts on all windows
 * of all samples, in output channel $o$ alone:
 *
 * $$ \frac{\partial L}{\partial W_{ocuv}} = \sum_{n,i,j} \frac{\partial L}{\partial Y_{noij}}\, X_{nc,\; iS+u-P,\; jS+v-P},
 *    \qquad \frac{\partial L}{\partial b_o} = \sum_{n,i,j} \frac{\partial L}{\partial Y_{noij}} . $$
 *
 * The first sum is over the columns of $U_n$ and over the samples:
 * $\partial L/\partial W = \sum_n (\partial L/\partial Y_n)\, U_n^\top$.
 */
export class Conv2d extends Module {
  /** (O, C, KH, KW) */
  readonly weight: Parameter;
  /** (O,), or undefined without a bias */
  readonly bias: Parameter | undefined;
  /** KH and KW. */
  readonly kernelSize: readonly [number, number];
  private readonly windows: { stride: readonly [number, number]; padding: readonly [number, number] };
  private cache: { x: NdArray; out: Pick<NdArray, 'shape' | 'dtype'> } | undefined;

  /**
   * @param inChannels C, the channels of the input
   * @param outChannels O, the channels of the output
   * @param kernelSize KH and KW: a number or a pair
   * @param options stride, padding, bias, initialization and dtype
   * @throws RangeError unless channels, kernelSize and stride are whole numbers from 1 up and padding from 0 up, or for
   * an unknown `init`
   */
  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Pair,
    options: Conv2dOptions = {},
  ) {
    super();
    const { stride = 1, padding = 0, bias = true, init = 'pytorch', ...others } = checkedOptions('Conv2d', options);
    const { rng = new Random(0), dtype = 'float32', ...rest } = others;
    assertNoMoreOptions('Conv2d', rest);
    assertFlag('Conv2d', 'bias', bias);
    assertRandom('Conv2d', rng);
    checkedDtype('Conv2d', dtype);
    if (![inChannels, outChannels].every((channels) => Number.isSafeInteger(channels) && channels >= 1)) {
      throw new RangeError(`Conv2d: expected positive whole numbers of channels, got ${inChannels} and ${outChannels}`);
    }
    this.kernelSize = pairOf('Conv2d', 'kernelSize', kernelSize, 1);
    this.windows = { stride: pairOf('Conv2d', 'stride', stride, 1), padding: pairOf('Conv2d', 'padding', padding, 0) };
    const shape = [outChannels, inChannels, ...this.kernelSize];
    const weight = initializer(init, 'Conv2d')(shape, rng, dtype); // (O, C, KH, KW)
    assertShape('Conv2d', 'the weights that init drew', weight, shape);
    assertDtype('Conv2d', 'the weights that init drew', weight, dtype);
    this.weight = new Parameter('weight', weight);
    this.bias = bias ? new Parameter('bias', initialBias(init, shape, rng, dtype)) : undefined; // (O,)
  }

  /**
   * Convolves every image with every kernel. Do not change `x` before `backward`.
   *
   * @param x (N, C, H, W)
   * @returns (N, O, OH, OW), a fresh array, with $OH = \lfloor (H + 2P - KH)/S \rfloor + 1$
   * @throws ShapeError for any other x, or one that is too small for the kernel; DtypeError for another dtype
   */
  forward(x: NdArray): NdArray {
    assertShape('Conv2d.forward', 'x', x, ['N', this.inChannels, 'H', 'W']);
    assertDtype('Conv2d.forward', 'x', x, this.weight.value.dtype);
    windowsOn('Conv2d.forward', x.shape, this.kernelSize, this.windows);
    const out = conv2d(x, this.weight.value, this.windows); // (N, O, OH, OW)
    if (this.bias) addInPlace(out, reshape(this.bias.value, [-1, 1, 1])); // (N, O, OH, OW)
    this.cache = { x, out: { shape: out.shape, dtype: out.dtype } };
    return out;
  }

  /**
   * Adds dL/dW and dL/db into the `grad` of `weight` and `bias`, and returns dL/dx.
   *
   * @param dout (N, O, OH, OW)
   * @returns dL/dx, (N, C, H, W)
   */
  backward(dout: NdArray): NdArray {
    this.accumulateGradients(dout);
    const [, , H, W] = this.cached(this.cache, dout, ({ out }) => out).x.shape;
    return conv2dInputGradient(this.weight.value, dout, [H, W], this.windows); // (N, C, H, W)
  }

  /**
   * The half of `backward` that fills `grad`. The first layer of a net needs only this half.
   *
   * @param dout (N, O, OH, OW)
   */
  override accumulateGradients(dout: NdArray): void {
    const { x } = this.cached(this.cache, dout, ({ out }) => out); // (N, C, H, W)
    addInPlace(this.weight.grad, conv2dWeightGradient(x, dout, this.kernelSize, this.windows)); // (O, C, KH, KW)
    if (this.bias) addInPlace(this.bias.grad, sum(dout, { axis: [0, 2, 3] })); // (O,)
  }

  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }
}
