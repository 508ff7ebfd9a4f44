import {
  addInPlace,
  addProductInPlace,
  assertDtype,
  assertNoMoreOptions,
  assertNumber,
  assertShape,
  checkedDtype,
  checkedOptions,
  type Dtype,
  map,
  mean,
  meanOfProducts,
  multiply,
  multiplyInPlace,
  type NdArray,
  ones,
  reshape,
  ShapeError,
  scaleShift,
  shapeText,
  subtract,
  sum,
  sumOfProducts,
  zeros,
} from '../array/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `BatchNorm1d` or a `BatchNorm2d` layer. */
export interface BatchNorm1dOptions {
  /** Added to the variance before the square root. Default: 1e-5. */
  eps?: number;
  /** The weight of a new batch in the running statistics, from 0 to 1. Default: 0.1. */
  momentum?: number;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * Batch normalization shifts and scales every feature to mean 0 and variance 1 over the batch. Then the net sets
 * scale and shift again with $\gamma$ and $\beta$. In training, the samples of a batch depend on each other through
 * its mean and variance. In evaluation, running averages take the place of the two, and samples are independent.
 * Ioffe and Szegedy 2015, arXiv 1502.03167, algorithms 1 and 2.
 *
 * **Forward, in training**, for each feature $d$ over the $N$ samples of the batch. For an $X$ of shape (N, D, L),
 * each of the L positions counts as a sample, and $N$ below means N · L. For the images of `BatchNorm2d`, it means
 * N · H · W.
 *
 * $$ \begin{aligned}
 *    \mu_d &= \frac1N \sum_n X_{nd}, & \sigma_d^2 &= \frac1N \sum_n (X_{nd} - \mu_d)^2, \\
 *    \hat X_{nd} &= \frac{X_{nd} - \mu_d}{\sqrt{\sigma_d^2 + \varepsilon}}, & Y_{nd} &= \gamma_d \hat X_{nd} + \beta_d .
 * \end{aligned} $$
 *
 * In the code, $X - \mu$ is `centered`, $1/\sqrt{\sigma^2 + \varepsilon}$ is `rstd`, and $\hat X$ is `xHat`. The
 * running statistics move toward those of the batch, by `momentum` $m$:
 *
 * $$ \bar\mu_d \leftarrow (1 - m)\, \bar\mu_d + m\, \mu_d, \qquad
 *    \bar\sigma_d^2 \leftarrow (1 - m)\, \bar\sigma_d^2 + m\, \frac{N}{N - 1}\, \sigma_d^2 . $$
 *
 * The factor $N/(N-1)$ turns the variance of the batch into an unbiased estimate for all data. With $N = 1$ there is
 * no such estimate, and $\hat X$ would be 0 for every input: an error.
 *
 * **Forward, in evaluation**: the same with the constants $\bar\mu_d$ and $\bar\sigma_d^2$ in place of $\mu_d$ and
 * $\sigma_d^2$.
 *
 * **Backward, input, in training.** Features are independent: take one and drop $d$. The standardization of its
 * column is that of a row in `LayerNorm`, with $N$ in place of $D$, so the derivation there gives, with $r$ for
 * `rstd`,
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i}
 *    - \operatorname{mean}\!\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \hat X_i \operatorname{mean}\!\Big(\hat X \circ \frac{\partial L}{\partial \hat X}\Big) \Big) , $$
 *
 * where the means go over the batch. One thing differs. Along a column $\gamma$ is one number, so
 * $\partial L/\partial \hat X_n = \gamma\, \partial L/\partial Y_n$, and $\gamma$ comes out of both means. What
 * remains in them are the sums $\sum_n \partial L/\partial Y_n$ and $\sum_n \hat X_n\, \partial L/\partial Y_n$,
 * which are the gradients of $\beta$ and $\gamma$ (`dBeta`, `dGamma`; below). So each mean is $1/N$ of a gradient
 * that is needed anyway:
 *
 * $$ \frac{\partial L}{\partial X_i} = \gamma r \Big( \frac{\partial L}{\partial Y_i}
 *    - \frac1N \frac{\partial L}{\partial \beta} - \hat X_i\, \frac1N \frac{\partial L}{\partial \gamma} \Big) . $$
 *
 * Training writes the running statistics and does not read them, so no gradient flows through them.
 *
 * **Backward, input, in evaluation.** Mean and variance do not depend on $X$. Only the direct path remains:
 *
 * $$ \begin{aligned}
 *    \hat X_n &= (X_n - \bar\mu)\, \bar r \quad \text{with } \bar r = (\bar\sigma^2 + \varepsilon)^{-1/2}, \\
 *    \frac{\partial \hat X_n}{\partial X_i} &= \bar r\, \delta_{ni}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X_i} = \gamma \bar r\, \frac{\partial L}{\partial Y_i} .
 * \end{aligned} $$
 *
 * **Backward, parameters**, in both modes. $\gamma_d$ and $\beta_d$ act on feature $d$ of every sample:
 *
 * $$ \frac{\partial L}{\partial \gamma_d} = \sum_n \frac{\partial L}{\partial Y_{nd}} \hat X_{nd}, \qquad
 *    \frac{\partial L}{\partial \beta_d} = \sum_n \frac{\partial L}{\partial Y_{nd}} . $$
 */
export class BatchNorm1d extends Module {
  /** The scale, (D,). It starts at ones. */
  readonly gamma: Parameter;
  /** The shift, (D,). It starts at zeros. */
  readonly beta: Parameter;
  /**
   * The running mean, (D,). It starts at zeros. A buffer: part of the `stateDict`, moved by training, not by
   * gradients.
   */
  readonly runningMean: NdArray;
  /** The running unbiased variance, (D,). It starts at ones. A buffer. */
  readonly runningVar: NdArray;
  private readonly eps: number;
  /** The weight of a training batch in the running statistics. May be changed. */
  momentum: number;
  private cache: { xHat: NdArray; rstd: NdArray; fromBatch: boolean } | undefined;

  /**
   * @param features D, the features of the input
   * @param options eps, momentum and dtype
   * @throws RangeError unless `features` is a whole number from 1 up, `eps` is positive and `momentum` is from 0 to 1
   */
  constructor(
    readonly features: number,
    options: BatchNorm1dOptions = {},
  ) {
    super();
    const { name } = this.constructor;
    const { eps = 1e-5, momentum = 0.1, dtype = 'float32', ...rest } = checkedOptions(name, options);
    assertNoMoreOptions(name, rest);
    checkedDtype(name, dtype);
    if (!Number.isSafeInteger(features) || features < 1) {
      throw new RangeError(`${name}: expected a whole number of features from 1 up, got ${features}`);
    }
    assertNumber(name, 'eps', eps);
    assertNumber(name, 'momentum', momentum);
    if (!(eps > 0)) throw new RangeError(`${name}: expected a positive eps, got ${eps}`);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new RangeError(`${name}: expected a momentum from 0 to 1, got ${momentum}`);
    }
    this.eps = eps;
    this.momentum = momentum;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
    this.runningMean = zeros([features], dtype);
    this.runningVar = ones([features], dtype);
  }

  /**
   * Normalizes every feature, then scales it by `gamma` and shifts it by `beta`. In training, moves the running
   * statistics as well.
   *
   * @param x (N, D) or (N, D, L), in training with more than one value per feature
   * @returns the shape of x, a fresh array
   * @throws ShapeError for any other x, DtypeError for another dtype
   */
  forward(x: NdArray): NdArray {
    this.assertInput(x);
    const { training } = this;
    const axis = batchAxes(x);
    const row = x.shape.map((_, axis) => (axis === 1 ? this.features : 1)); // one number per feature: (1, D), (1, D, 1) or (1, D, 1, 1)
    const mu = training ? mean(x, { axis, keepDims: true }) : reshape(this.runningMean, row); // (1, D)
    const centered = subtract(x, mu); // (N, D)
    const variance = training
      ? meanOfProducts(centered, centered, { axis, keepDims: true })
      : reshape(this.runningVar, row); // (1, D)
    if (training) this.updateRunningStatistics(x, mu, variance);
    const rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (1, D)
    multiplyInPlace(centered, rstd);
    const xHat = centered; // (N, D), from here on
    this.cache = { xHat, rstd, fromBatch: training };
    return scaleShift(xHat, reshape(this.gamma.value, row), reshape(this.beta.value, row)); // (N, D)
  }

  /**
   * Adds dL/dγ and dL/dβ into the `grad` of `gamma` and `beta`, and returns dL/dx, in the mode of the last `forward`.
   *
   * @param dout the shape of x
   * @returns dL/dx, the shape of x
   */
  backward(dout: NdArray): NdArray {
    const { dGamma, dBeta } = this.addParameterGradients(dout); // (D,)
    const { xHat, rstd, fromBatch } = this.cached(this.cache, dout, ({ xHat }) => xHat); // (N, D) and (1, D)
    const scale = multiply(reshape(this.gamma.value, rstd.shape), rstd); // (1, D)
    if (!fromBatch) return multiply(dout, scale); // (N, D)

    const N = dout.size / this.features;
    const shift = multiply(reshape(dBeta, rstd.shape), 1 / N); // (1, D)
    const stretch = multiply(reshape(dGamma, rstd.shape), 1 / N); // (1, D)
    const dx = subtract(dout, shift); // (N, D)
    addProductInPlace(dx, xHat, stretch, -1); // (N, D)
    multiplyInPlace(dx, scale); // (N, D)
    return dx;
  }

  /**
   * The half of `backward` that fills `grad`.
   *
   * @param dout the shape of x
   */
  override accumulateGradients(dout: NdArray): void {
    this.addParameterGradients(dout);
  }

  /** Adds the gradients of this batch into `grad`, and returns them. */
  private addParameterGradients(dout: NdArray): { dGamma: NdArray; dBeta: NdArray } {
    const { xHat } = this.cached(this.cache, dout, ({ xHat }) => xHat); // (N, D)
    const dGamma = sumOfProducts(dout, xHat, { axis: batchAxes(dout) }); // (D,)
    const dBeta = sum(dout, { axis: batchAxes(dout) }); // (D,)
    addInPlace(this.gamma.grad, dGamma);
    addInPlace(this.beta.grad, dBeta);
    return { dGamma, dBeta };
  }

  /** Throws unless x has a shape and the dtype that the layer takes. */
  protected assertInput(x: NdArray): void {
    assertShape('BatchNorm1d.forward', 'x', x, ['N', this.features], ['N', this.features, 'L']);
    assertDtype('BatchNorm1d.forward', 'x', x, this.gamma.value.dtype);
  }

  private updateRunningStatistics(x: NdArray, mu: NdArray, variance: NdArray): void {
    const N = x.size / this.features;
    if (N === 1) {
      throw new ShapeError(
        `${this.constructor.name}.forward: expected more than one value per feature in training, got x of shape ${shapeText(x.shape)}. ` +
          'A single value has no variance. Use a larger batch, or eval(), which uses the running statistics',
      );
    }
    const unbiased = multiply(variance, N / (N - 1)); // (1, D)
    addInPlace(this.runningMean, subtract(reshape(mu, [this.features]), this.runningMean), this.momentum); // (D,)
    addInPlace(this.runningVar, subtract(reshape(unbiased, [this.features]), this.runningVar), this.momentum); // (D,)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }

  override buffers(): [string, NdArray][] {
    return [
      ['runningMean', this.runningMean],
      ['runningVar', this.runningVar],
    ];
  }
}

/** The axes that the mean of one feature goes over: all except the second. */
function batchAxes(x: NdArray): number[] {
  return [0, 2, 3].slice(0, x.shape.length - 1);
}
