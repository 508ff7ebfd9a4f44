import {
  addInPlace,
  assertDtype,
  assertNoMoreOptions,
  assertNumber,
  assertShape,
  checkedDtype,
  checkedOptions,
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
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `LayerNorm` layer. */
export interface LayerNormOptions {
  /** Added to the variance before the square root. Default: 1e-5. */
  eps?: number;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * Layer normalization shifts and scales every sample to mean 0 and variance 1 over its own features. Then the net
 * sets scale and shift again with $\gamma$ and $\beta$. Samples are independent, so the result does not depend on the
 * batch, and training and evaluation are the same. Ba, Kiros and Hinton 2016, arXiv 1607.06450, equations 3 and 4.
 *
 * **Forward**, for each sample $n$ with $D$ features:
 *
 * $$ \begin{aligned}
 *    \mu_n &= \frac1D \sum_d X_{nd}, & \sigma_n^2 &= \frac1D \sum_d (X_{nd} - \mu_n)^2, \\
 *    \hat X_{nd} &= \frac{X_{nd} - \mu_n}{\sqrt{\sigma_n^2 + \varepsilon}}, & Y_{nd} &= \gamma_d \hat X_{nd} + \beta_d .
 * \end{aligned} $$
 *
 * In the code, $X - \mu$ is `centered`, $1/\sqrt{\sigma^2 + \varepsilon}$ is `rstd`, and $\hat X$ is `xHat`. The
 * variance is the biased one, computed after the mean is subtracted: $E[x^2] - E[x]^2$ would lose all digits for rows
 * around 10,000.
 *
 * **Backward, input.** The last step comes first. $\hat X_{nd}$ appears only in $Y_{nd}$, times $\gamma_d$, so
 *
 * $$ \frac{\partial L}{\partial \hat X_{nd}} = \frac{\partial L}{\partial Y_{nd}} \gamma_d \qquad (\texttt{dxHat}) . $$
 *
 * The step before it is the standardization of one row. Drop $n$, and write $r$ for
 * $(\sigma^2 + \varepsilon)^{-1/2}$, which is `rstd`. An input $X_i$ reaches every $\hat X_d = (X_d - \mu)\, r$ of
 * its row through the mean and through the variance, and it reaches $\hat X_i$ directly as well. The mean and the
 * variance are shared by the whole row:
 *
 * $$ \begin{aligned}
 *    \frac{\partial \mu}{\partial X_i} &= \frac1D, \\
 *    \frac{\partial \sigma^2}{\partial X_i} &= \frac2D \sum_d (X_d - \mu) \Big(\delta_{di} - \frac1D\Big) = \frac2D (X_i - \mu), \\
 *    \frac{\partial r}{\partial X_i} &= -\frac12 r^3 \cdot \frac2D (X_i - \mu) = -\frac{r^2}{D} \hat X_i .
 * \end{aligned} $$
 *
 * The second line holds because the deviations sum to 0, the third because $(X_i - \mu)\, r = \hat X_i$. The product
 * rule gives
 *
 * $$ \frac{\partial \hat X_d}{\partial X_i} = r \Big(\delta_{di} - \frac1D\Big) - (X_d - \mu) \frac{r^2}{D} \hat X_i
 *    = r \Big( \delta_{di} - \frac1D - \frac1D \hat X_d \hat X_i \Big), $$
 *
 * and the chain rule multiplies by $\partial L/\partial \hat X_d$ and sums over $d$. The delta leaves one term, and
 * each $\frac1D \sum_d$ is a mean over the features, `shift` and `stretch`:
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i}
 *    - \operatorname{mean}\!\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \hat X_i \operatorname{mean}\!\Big(\hat X \circ \frac{\partial L}{\partial \hat X}\Big) \Big) . $$
 *
 * In words: the layer undoes every change of the row's mean and of its spread, so the parts of the gradient that
 * would only shift or only stretch the row are removed.
 *
 * **Backward, parameters.** $\gamma_d$ and $\beta_d$ act on feature $d$ of every sample:
 *
 * $$ \frac{\partial L}{\partial \gamma_d} = \sum_n \frac{\partial L}{\partial Y_{nd}} \hat X_{nd}, \qquad
 *    \frac{\partial L}{\partial \beta_d} = \sum_n \frac{\partial L}{\partial Y_{nd}} . $$
 */
export class LayerNorm extends Module {
  /** The scale, (D,). It starts at ones. */
  readonly gamma: Parameter;
  /** The shift, (D,). It starts at zeros. */
  readonly beta: Parameter;
  private readonly eps: number;
  private cache: { xHat: NdArray; rstd: NdArray } | undefined;

  /**
   * @param features D, the width of the input
   * @param options eps and dtype
   * @throws RangeError unless `features` is a whole number from 1 up and `eps` is positive
   */
  constructor(
    readonly features: number,
    options: LayerNormOptions = {},
  ) {
    super();
    const { eps = 1e-5, dtype = 'float32', ...rest } = checkedOptions('LayerNorm', options);
    assertNoMoreOptions('LayerNorm', rest);
    checkedDtype('LayerNorm', dtype);
    if (!Number.isSafeInteger(features) || features < 1) {
      throw new RangeError(`LayerNorm: expected a whole number of features from 1 up, got ${features}`);
    }
    assertNumber('LayerNorm', 'eps', eps);
    if (!(eps > 0)) throw new RangeError(`LayerNorm: expected a positive eps, got ${eps}`);
    this.eps = eps;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
  }

  /**
   * Normalizes every row, then scales it by `gamma` and shifts it by `beta`.
   *
   * @param x (N, D)
   * @returns (N, D), a fresh array
   */
  forward(x: NdArray): NdArray {
    assertShape('LayerNorm.forward', 'x', x, ['N', this.features]);
    assertDtype('LayerNorm.forward', 'x', x, this.gamma.value.dtype);
    const centered = subtract(x, mean(x, { axis: -1, keepDims: true })); // (N, D)
    const variance = mean(square(centered), { axis: -1, keepDims: true }); // (N, 1)
    const rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (N, 1)
    const xHat = multiply(centered, rstd); // (N, D)
    this.cache = { xHat, rstd };
    const out = multiply(this.gamma.value, xHat); // (N, D)
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
    const { xHat, rstd } = this.cached(this.cache, dout, ({ xHat }) => xHat); // (N, D) and (N, 1)
    const dxHat = multiply(dout, this.gamma.value); // (N, D)
    const shift = mean(dxHat, { axis: -1, keepDims: true }); // (N, 1)
    const stretch = mean(multiply(xHat, dxHat), { axis: -1, keepDims: true }); // (N, 1)
    const dx = subtract(dxHat, shift); // (N, D)
    subtractInPlace(dx, multiply(xHat, stretch)); // (N, D)
    multiplyInPlace(dx, rstd); // (N, D)
    return dx;
  }

  /**
   * The half of `backward` that fills `grad`.
   *
   * @param dout (N, D)
   */
  override accumulateGradients(dout: NdArray): void {
    const { xHat } = this.cached(this.cache, dout, ({ xHat }) => xHat); // (N, D)
    addInPlace(this.gamma.grad, sum(multiply(dout, xHat), { axis: 0 })); // (D,)
    addInPlace(this.beta.grad, sum(dout, { axis: 0 })); // (D,)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }
}
