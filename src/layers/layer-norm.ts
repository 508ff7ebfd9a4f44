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
  square,
  subtract,
  subtractInPlace,
  sum,
  zeros,
} from '../array/index.js';
import { Module, remembered } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `LayerNorm` layer. */
export interface LayerNormOptions {
  /** Added to the variance before its root is taken, 1e-5 without. */
  eps?: number;
  /** The dtype of parameters and inputs, `'float32'` without. */
  dtype?: Dtype;
}

/**
 * Layer normalisation: shifts and scales every sample to mean 0 and variance 1 over its own features, then lets
 * the net choose scale and shift anew with $\gamma$ and $\beta$. No sample sees another, so batches of any size give
 * the same result, in training as in evaluation. Ba, Kiros and Hinton 2016, arXiv 1607.06450, equations 3 and 4.
 *
 * **Forward**, for each sample $s$ with $D$ features:
 *
 * $$ \begin{aligned}
 *    \mu_s &= \frac1D \sum_d X_{sd}, & \sigma_s^2 &= \frac1D \sum_d (X_{sd} - \mu_s)^2, \\
 *    \hat X_{sd} &= \frac{X_{sd} - \mu_s}{\sqrt{\sigma_s^2 + \varepsilon}}, & Y_{sd} &= \gamma_d \hat X_{sd} + \beta_d .
 * \end{aligned} $$
 *
 * Variables: $X - \mu$ is `centred`, $1/\sqrt{\sigma^2 + \varepsilon}$ is `rstd`, $\hat X$ is `xHat`. The variance is the
 * biased one, taken after the mean is subtracted: $E[x^2] - E[x]^2$ would lose all digits for rows around 10,000.
 *
 * **Backward, input.** First through the last step: $Y_{sd}$ holds $\hat X_{sd}$ times $\gamma_d$, and no other element of
 * $\hat X$, so
 *
 * $$ \frac{\partial L}{\partial \hat X_{sd}} = \frac{\partial L}{\partial Y_{sd}} \gamma_d \qquad (\texttt{dxHat}) . $$
 *
 * Now take one sample and drop $s$; write $r$ for $(\sigma^2 + \varepsilon)^{-1/2}$, the `rstd`. An input $X_i$ reaches every
 * $\hat X_d = (X_d - \mu)\, r$ of its row through the mean and through the variance, and its own directly besides. The
 * derivatives of the two that all share:
 *
 * $$ \begin{aligned}
 *    \frac{\partial \mu}{\partial X_i} &= \frac1D, \\
 *    \frac{\partial \sigma^2}{\partial X_i} &= \frac2D \sum_d (X_d - \mu) \Big(\delta_{di} - \frac1D\Big) = \frac2D (X_i - \mu), \\
 *    \frac{\partial r}{\partial X_i} &= -\frac12 r^3 \cdot \frac2D (X_i - \mu) = -\frac{r^2}{D} \hat X_i ,
 * \end{aligned} $$
 *
 * since the deviations sum to 0 and $(X_i - \mu)\, r = \hat X_i$. With the product rule
 *
 * $$ \frac{\partial \hat X_d}{\partial X_i} = r \Big(\delta_{di} - \frac1D\Big) - (X_d - \mu) \frac{r^2}{D} \hat X_i
 *    = r \Big( \delta_{di} - \frac1D - \frac1D \hat X_d \hat X_i \Big), $$
 *
 * and the chain rule sums over $d$, times $\partial L/\partial \hat X_d$. The delta leaves one term, and each $\frac1D \sum_d$
 * is a mean over the features, `shift` and `stretch`:
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i}
 *    - \operatorname{mean}\!\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \hat X_i \operatorname{mean}\!\Big(\hat X \circ \frac{\partial L}{\partial \hat X}\Big) \Big) . $$
 *
 * Read it as: the part of the gradient that would only move the row's mean, and the part that would only stretch
 * the row, are taken out, for the layer undoes both.
 *
 * **Backward, parameters.** $\gamma_d$ and $\beta_d$ act on feature $d$ of every sample:
 *
 * $$ \frac{\partial L}{\partial \gamma_d} = \sum_s \frac{\partial L}{\partial Y_{sd}} \hat X_{sd}, \qquad
 *    \frac{\partial L}{\partial \beta_d} = \sum_s \frac{\partial L}{\partial Y_{sd}} . $$
 */
export class LayerNorm extends Module {
  /** The scale, (D,); ones at first. */
  readonly gamma: Parameter;
  /** The shift, (D,); zeros at first. */
  readonly beta: Parameter;
  private readonly eps: number;
  private xHat: NdArray | undefined;
  private rstd: NdArray | undefined;

  /**
   * @param features D, the width of the input
   * @param options what is added to the variance, and the dtype
   * @throws RangeError unless `features` is a whole number from 1 up and `eps` is positive
   */
  constructor(
    readonly features: number,
    { eps = 1e-5, dtype = 'float32' }: LayerNormOptions = {},
  ) {
    super();
    if (!Number.isSafeInteger(features) || features < 1) {
      throw new RangeError(`LayerNorm: expected a whole number of features from 1 up, got ${features}`);
    }
    if (!(eps > 0)) throw new RangeError(`LayerNorm: expected a positive eps, got ${eps}`);
    this.eps = eps;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
  }

  /**
   * Every row normalised, then scaled by `gamma` and shifted by `beta`.
   *
   * @param x (N, D)
   * @returns (N, D), a fresh array
   */
  forward(x: NdArray): NdArray {
    assertShape('LayerNorm.forward', 'x', x, ['N', this.features]);
    assertDtype('LayerNorm.forward', 'x', x, this.gamma.value.dtype);
    const centred = subtract(x, mean(x, { axis: -1, keepDims: true })); // (N, D)
    const variance = mean(square(centred), { axis: -1, keepDims: true }); // (N, 1)
    this.rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (N, 1)
    this.xHat = multiply(centred, this.rstd); // (N, D)
    const out = multiply(this.gamma.value, this.xHat); // (N, D)
    addInPlace(out, this.beta.value); // (N, D)
    return out;
  }

  /**
   * Adds dL/dγ and dL/dβ into the `grad` of `gamma` and `beta`, and returns dL/dx.
   *
   * @param dout (N, D)
   * @returns dL/dx, (N, D)
   */
  backward(dout: NdArray): NdArray {
    this.accumulateGradients(dout);
    const xHat = remembered('LayerNorm', this.xHat); // (N, D)
    const rstd = remembered('LayerNorm', this.rstd); // (N, 1)
    const dxHat = multiply(dout, this.gamma.value); // (N, D)
    const shift = mean(dxHat, { axis: -1, keepDims: true }); // (N, 1)
    const stretch = mean(multiply(xHat, dxHat), { axis: -1, keepDims: true }); // (N, 1)
    const dx = subtract(dxHat, shift); // (N, D)
    subtractInPlace(dx, multiply(xHat, stretch)); // (N, D)
    multiplyInPlace(dx, rstd); // (N, D)
    return dx;
  }

  /**
   * The parameters' half of `backward`.
   *
   * @param dout (N, D)
   */
  override accumulateGradients(dout: NdArray): void {
    const xHat = remembered('LayerNorm', this.xHat); // (N, D)
    assertLike('LayerNorm.backward', 'dout', dout, xHat);
    addInPlace(this.gamma.grad, sum(multiply(dout, xHat), { axis: 0 })); // (D,)
    addInPlace(this.beta.grad, sum(dout, { axis: 0 })); // (D,)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }
}
