import {
  addInPlace,
  assertDtype,
  assertLike,
  assertShape,
  type Dtype,
  map,
  mean,
  multiply,
  multiplyInPlace,
  type NdArray,
  ones,
  reshape,
  ShapeError,
  shapeText,
  square,
  subtract,
  subtractInPlace,
  sum,
  zeros,
} from '../array/index.js';
import { Module, remembered } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `BatchNorm1d` layer. */
export interface BatchNorm1dOptions {
  /** Added to the variance before its root is taken, 1e-5 without. */
  eps?: number;
  /** The share of a new batch in the running statistics, from 0 to 1; 0.1 without. */
  momentum?: number;
  /** The dtype of parameters and inputs, `'float32'` without. */
  dtype?: Dtype;
}

/**
 * Batch normalisation: shifts and scales every feature to mean 0 and variance 1 over the batch, then lets the net choose
 * scale and shift anew with $\gamma$ and $\beta$. In training the samples of a batch see each other through its mean and
 * variance; in evaluation running averages of the two stand in for them, so that a sample's output is its own.
 * Ioffe and Szegedy 2015, arXiv 1502.03167, algorithms 1 and 2.
 *
 * **Forward, in training**, for each feature $d$ over the $S$ samples of the batch; of an $X$ of shape (N, D, L) each of
 * the L positions counts as a sample of its own:
 *
 * $$ \begin{aligned}
 *    \mu_d &= \frac1S \sum_s X_{sd}, & \sigma_d^2 &= \frac1S \sum_s (X_{sd} - \mu_d)^2, \\
 *    \hat X_{sd} &= \frac{X_{sd} - \mu_d}{\sqrt{\sigma_d^2 + \varepsilon}}, & Y_{sd} &= \gamma_d \hat X_{sd} + \beta_d .
 * \end{aligned} $$
 *
 * Variables: $X - \mu$ is `centred`, $1/\sqrt{\sigma^2 + \varepsilon}$ is `rstd`, $\hat X$ is `xHat`. On the way the running
 * statistics move towards those of the batch, by `momentum` $m$:
 *
 * $$ \bar\mu_d \leftarrow (1 - m)\, \bar\mu_d + m\, \mu_d, \qquad
 *    \bar\sigma_d^2 \leftarrow (1 - m)\, \bar\sigma_d^2 + m\, \frac{S}{S - 1}\, \sigma_d^2 . $$
 *
 * $S/(S-1)$ makes of the batch's variance an unbiased estimate of that of all data. With $S = 1$ there is none, and $\hat X$
 * would be 0 whatever comes in: an error.
 *
 * **Forward, in evaluation**: the same with $\bar\mu_d$ for $\mu_d$ and $\bar\sigma_d^2$ for $\sigma_d^2$, two constants.
 *
 * **Backward, input, in training.** No feature sees another: take one and drop $d$. Then $Y_s = \gamma \hat X_s + \beta$, so
 * $\partial L/\partial \hat X_s = \gamma\, \partial L/\partial Y_s$. Write $r$ for $(\sigma^2 + \varepsilon)^{-1/2}$, the `rstd`. An
 * input $X_i$ reaches the $\hat X_s = (X_s - \mu)\, r$ of every sample, through the mean and through the variance,
 *
 * $$ \begin{aligned}
 *    \frac{\partial \mu}{\partial X_i} &= \frac1S, \\
 *    \frac{\partial \sigma^2}{\partial X_i} &= \frac2S \sum_s (X_s - \mu) \Big(\delta_{si} - \frac1S\Big) = \frac2S (X_i - \mu), \\
 *    \frac{\partial r}{\partial X_i} &= -\frac12 r^3 \cdot \frac2S (X_i - \mu) = -\frac{r^2}{S} \hat X_i ,
 * \end{aligned} $$
 *
 * since the deviations sum to 0 and $(X_i - \mu)\, r = \hat X_i$; and that of its own sample directly besides. Together
 *
 * $$ \frac{\partial \hat X_s}{\partial X_i} = r \Big(\delta_{si} - \frac1S\Big) - (X_s - \mu) \frac{r^2}{S} \hat X_i
 *    = r \Big( \delta_{si} - \frac1S - \frac1S \hat X_s \hat X_i \Big), $$
 *
 * and the chain rule sums over $s$, times $\partial L/\partial \hat X_s$. The delta leaves one term, and each $\frac1S \sum_s$ is a
 * mean over the batch:
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i}
 *    - \operatorname{mean}\!\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \hat X_i \operatorname{mean}\!\Big(\hat X \circ \frac{\partial L}{\partial \hat X}\Big) \Big) . $$
 *
 * It is `LayerNorm`'s formula with the means down the columns instead of along the rows. Along a column $\gamma$ is one number, so
 * it comes out of the means. The sums that are left in them, $\sum_s \partial L/\partial Y_s$ and
 * $\sum_s \hat X_s\, \partial L/\partial Y_s$, are needed anyway: they are the gradients of $\beta$ and $\gamma$ (`dBeta`, `dGamma`;
 * below). So
 *
 * $$ \frac{\partial L}{\partial X_i} = \gamma r \Big( \frac{\partial L}{\partial Y_i}
 *    - \frac1S \frac{\partial L}{\partial \beta} - \hat X_i\, \frac1S \frac{\partial L}{\partial \gamma} \Big) . $$
 *
 * The running statistics are written in training and not read, so no gradient comes through them.
 *
 * **Backward, input, in evaluation.** Mean and variance do not depend on $X$; only the direct way is left:
 *
 * $$ \begin{aligned}
 *    \hat X_s &= (X_s - \bar\mu)\, \bar r \quad \text{with } \bar r = (\bar\sigma^2 + \varepsilon)^{-1/2}, \\
 *    \frac{\partial \hat X_s}{\partial X_i} &= \bar r\, \delta_{si}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X_i} = \gamma \bar r\, \frac{\partial L}{\partial Y_i} .
 * \end{aligned} $$
 *
 * **Backward, parameters**, in both modes. $\gamma_d$ and $\beta_d$ act on feature $d$ of every sample:
 *
 * $$ \frac{\partial L}{\partial \gamma_d} = \sum_s \frac{\partial L}{\partial Y_{sd}} \hat X_{sd}, \qquad
 *    \frac{\partial L}{\partial \beta_d} = \sum_s \frac{\partial L}{\partial Y_{sd}} . $$
 */
export class BatchNorm1d extends Module {
  /** The scale, (D,); ones at first. */
  readonly gamma: Parameter;
  /** The shift, (D,); zeros at first. */
  readonly beta: Parameter;
  /** The running mean, (D,); zeros at first. Part of the `stateDict`, but no parameter: training moves it, no gradient does. */
  readonly runningMean: NdArray;
  /** The running unbiased variance, (D,); ones at first. */
  readonly runningVar: NdArray;
  private readonly eps: number;
  /** The share that a batch in training has in the running statistics; may be changed. */
  momentum: number;
  private xHat: NdArray | undefined;
  private rstd: NdArray | undefined;
  /** Whether the last forward took mean and variance from its batch. */
  private fromBatch = true;

  /**
   * @param features D, the features of the input
   * @param options what is added to the variance, the share of a batch in the running statistics, and the dtype
   * @throws RangeError unless `features` is a whole number from 1 up, `eps` is positive and `momentum` from 0 to 1
   */
  constructor(
    readonly features: number,
    { eps = 1e-5, momentum = 0.1, dtype = 'float32' }: BatchNorm1dOptions = {},
  ) {
    super();
    if (!Number.isSafeInteger(features) || features < 1) {
      throw new RangeError(`BatchNorm1d: expected a whole number of features from 1 up, got ${features}`);
    }
    if (!(eps > 0)) throw new RangeError(`BatchNorm1d: expected a positive eps, got ${eps}`);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new RangeError(`BatchNorm1d: expected a momentum from 0 to 1, got ${momentum}`);
    }
    this.eps = eps;
    this.momentum = momentum;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
    this.runningMean = zeros([features], dtype);
    this.runningVar = ones([features], dtype);
  }

  /**
   * Every feature normalised, then scaled by `gamma` and shifted by `beta`; in training also moves the running statistics.
   *
   * @param x (N, D) or (N, D, L); in training with more than one value a feature
   * @returns the shape of x, a fresh array
   * @throws ShapeError for any other x; DtypeError for one of another dtype
   */
  forward(x: NdArray): NdArray {
    assertShape('BatchNorm1d.forward', 'x', x, ['N', this.features], ['N', this.features, 'L']);
    assertDtype('BatchNorm1d.forward', 'x', x, this.gamma.value.dtype);
    const row = x.shape.map((_, axis) => (axis === 1 ? this.features : 1)); // a number a feature: (1, D) or (1, D, 1)
    const mu = this.training ? mean(x, { axis: batchAxes(x), keepDims: true }) : reshape(this.runningMean, row); // (1, D)
    const centred = subtract(x, mu); // (N, D)
    const variance = this.training
      ? mean(square(centred), { axis: batchAxes(x), keepDims: true })
      : reshape(this.runningVar, row); // (1, D)
    if (this.training) this.follow(x, mu, variance);
    this.fromBatch = this.training;
    this.rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (1, D)
    this.xHat = multiply(centred, this.rstd); // (N, D)
    const out = multiply(this.xHat, reshape(this.gamma.value, row)); // (N, D)
    addInPlace(out, reshape(this.beta.value, row)); // (N, D)
    return out;
  }

  /**
   * Adds dL/dγ and dL/dβ into the `grad` of `gamma` and `beta`, and returns dL/dx, in the mode of the last `forward`.
   *
   * @param dout the shape of x
   * @returns dL/dx, the shape of x
   */
  backward(dout: NdArray): NdArray {
    const { dGamma, dBeta } = this.addSums(dout); // (D,)
    const xHat = remembered('BatchNorm1d', this.xHat); // (N, D)
    const rstd = remembered('BatchNorm1d', this.rstd); // (1, D)
    const scale = multiply(reshape(this.gamma.value, rstd.shape), rstd); // (1, D)
    if (!this.fromBatch) return multiply(dout, scale); // (N, D)

    const samples = dout.size / this.features; // S
    const shift = multiply(reshape(dBeta, rstd.shape), 1 / samples); // (1, D)
    const stretch = multiply(reshape(dGamma, rstd.shape), 1 / samples); // (1, D)
    const dx = subtract(dout, shift); // (N, D)
    subtractInPlace(dx, multiply(xHat, stretch)); // (N, D)
    multiplyInPlace(dx, scale); // (N, D)
    return dx;
  }

  /**
   * The parameters' half of `backward`.
   *
   * @param dout the shape of x
   */
  override accumulateGradients(dout: NdArray): void {
    this.addSums(dout);
  }

  /** Adds a batch's share to the gradients of the parameters, and returns it. */
  private addSums(dout: NdArray): { dGamma: NdArray; dBeta: NdArray } {
    const xHat = remembered('BatchNorm1d', this.xHat); // (N, D)
    assertLike('BatchNorm1d.backward', 'dout', dout, xHat);
    const dGamma = sum(multiply(dout, xHat), { axis: batchAxes(dout) }); // (D,)
    const dBeta = sum(dout, { axis: batchAxes(dout) }); // (D,)
    addInPlace(this.gamma.grad, dGamma);
    addInPlace(this.beta.grad, dBeta);
    return { dGamma, dBeta };
  }

  /** Moves the running statistics towards those of a batch. */
  private follow(x: NdArray, mu: NdArray, variance: NdArray): void {
    const samples = x.size / this.features; // S
    if (samples === 1) {
      throw new ShapeError(
        `BatchNorm1d.forward: expected more than one value a feature in training, got x of shape ${shapeText(x.shape)}; ` +
          'a single one has no variance. A larger batch has, and eval() takes the running statistics instead',
      );
    }
    const unbiased = multiply(variance, samples / (samples - 1)); // (1, D)
    addInPlace(this.runningMean, subtract(reshape(mu, [this.features]), this.runningMean), this.momentum); // (D,)
    addInPlace(this.runningVar, subtract(reshape(unbiased, [this.features]), this.runningVar), this.momentum); // (D,)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }

  override namedArrays(): [string, NdArray][] {
    return [...super.namedArrays(), ['runningMean', this.runningMean], ['runningVar', this.runningVar]];
  }
}

/** The axes along which the values of one feature lie. */
function batchAxes(x: NdArray): number[] {
  return x.shape.length === 2 ? [0] : [0, 2];
}
