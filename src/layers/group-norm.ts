import {
  add,
  addInPlace,
  assertDtype,
  assertLike,
  assertShape,
  type Dtype,
  map,
  mean,
  multiply,
  type NdArray,
  ones,
  reshape,
  ShapeError,
  shapeText,
  square,
  subtract,
  sum,
  zeros,
} from '../array/index.js';
import { Module, remembered } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `GroupNorm` layer. */
export interface GroupNormOptions {
  /** Added to the variance before its root is taken, 1e-5 without. */
  eps?: number;
  /** The dtype of parameters and inputs, `'float32'` without. */
  dtype?: Dtype;
}

/**
 * Group normalisation: cuts the features of a sample into groups, shifts and scales each group to mean 0 and variance 1, then
 * lets the net choose scale and shift anew with $\gamma$ and $\beta$, a pair a feature. No sample sees another. With a single
 * group it is layer normalisation, with a group for each feature it is instance normalisation. Wu and He 2018, arXiv 1803.08494,
 * section 3, equation 7.
 *
 * **Forward.** The D features are cut into $G$ groups of neighbours; a group of a sample holds $K$ values, its $D/G$ features at
 * all positions, if x has positions. For each sample $s$ and group $g$, with $X_{sgk}$ for the $k$-th of them:
 *
 * $$ \begin{aligned}
 *    \mu_{sg} &= \frac1K \sum_k X_{sgk}, & \sigma_{sg}^2 &= \frac1K \sum_k (X_{sgk} - \mu_{sg})^2, \\
 *    \hat X_{sgk} &= \frac{X_{sgk} - \mu_{sg}}{\sqrt{\sigma_{sg}^2 + \varepsilon}}, &
 *    Y_{sgk} &= \gamma_d \hat X_{sgk} + \beta_d, \quad d \text{ the feature of } (g, k) .
 * \end{aligned} $$
 *
 * Variables: `grouped` is $X$ in the shape (N, G, K), $X - \mu$ is `centred`, $1/\sqrt{\sigma^2 + \varepsilon}$ is `rstd`,
 * $\hat X$ is `xHat`.
 *
 * **Backward, input.** No group sees another: take one of one sample and drop $s$ and $g$. Each $Y_k$ holds $\hat X_k$ times the
 * $\gamma$ of its feature, so $\partial L/\partial \hat X_k$ (`dxHat`) is that $\gamma$ times $\partial L/\partial Y_k$. Write $r$ for
 * $(\sigma^2 + \varepsilon)^{-1/2}$, the `rstd`. An input $X_i$ reaches every $\hat X_k = (X_k - \mu)\, r$ of its group, through the
 * mean and through the variance,
 *
 * $$ \begin{aligned}
 *    \frac{\partial \mu}{\partial X_i} &= \frac1K, \\
 *    \frac{\partial \sigma^2}{\partial X_i} &= \frac2K \sum_k (X_k - \mu) \Big(\delta_{ki} - \frac1K\Big) = \frac2K (X_i - \mu), \\
 *    \frac{\partial r}{\partial X_i} &= -\frac12 r^3 \cdot \frac2K (X_i - \mu) = -\frac{r^2}{K} \hat X_i ,
 * \end{aligned} $$
 *
 * since the deviations sum to 0; and its own $\hat X_i$ directly besides. Together
 *
 * $$ \frac{\partial \hat X_k}{\partial X_i} = r \Big(\delta_{ki} - \frac1K\Big) - (X_k - \mu) \frac{r^2}{K} \hat X_i
 *    = r \Big( \delta_{ki} - \frac1K - \frac1K \hat X_k \hat X_i \Big), $$
 *
 * and the chain rule sums over $k$, times $\partial L/\partial \hat X_k$. The delta leaves one term, and each $\frac1K \sum_k$ is a mean
 * over the group, `shift` and `stretch`:
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i}
 *    - \operatorname{mean}\!\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \hat X_i \operatorname{mean}\!\Big(\hat X \circ \frac{\partial L}{\partial \hat X}\Big) \Big) . $$
 *
 * **Backward, parameters.** $\gamma_d$ and $\beta_d$ act on feature $d$ of every sample, at every position $p$:
 *
 * $$ \frac{\partial L}{\partial \gamma_d} = \sum_{s,p} \frac{\partial L}{\partial Y_{sdp}} \hat X_{sdp}, \qquad
 *    \frac{\partial L}{\partial \beta_d} = \sum_{s,p} \frac{\partial L}{\partial Y_{sdp}} . $$
 */
export class GroupNorm extends Module {
  /** The scale, (D,); ones at first. */
  readonly gamma: Parameter;
  /** The shift, (D,); zeros at first. */
  readonly beta: Parameter;
  private readonly eps: number;
  private xHat: NdArray | undefined;
  private rstd: NdArray | undefined;

  /**
   * @param groups G, how many groups the features are cut into; a divisor of D
   * @param features D, the features of the input
   * @param options what is added to the variance, and the dtype
   * @throws RangeError unless both are whole numbers from 1 up, G divides D, and `eps` is positive
   */
  constructor(
    readonly groups: number,
    readonly features: number,
    { eps = 1e-5, dtype = 'float32' }: GroupNormOptions = {},
  ) {
    super();
    if (![groups, features].every((count) => Number.isSafeInteger(count) && count >= 1) || features % groups !== 0) {
      throw new RangeError(
        `GroupNorm: expected a number of groups that divides that of features, got ${groups} for ${features}`,
      );
    }
    if (!(eps > 0)) throw new RangeError(`GroupNorm: expected a positive eps, got ${eps}`);
    this.eps = eps;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
  }

  /**
   * Every group of a sample normalised, then each feature scaled by `gamma` and shifted by `beta`.
   *
   * @param x (N, D), (N, D, L) or (N, D, H, W), with more than one value a group
   * @returns the shape of x, a fresh array
   * @throws ShapeError for any other x; DtypeError for one of another dtype
   */
  forward(x: NdArray): NdArray {
    const D = this.features;
    assertShape('GroupNorm.forward', 'x', x, ['N', D], ['N', D, 'L'], ['N', D, 'H', 'W']);
    assertDtype('GroupNorm.forward', 'x', x, this.gamma.value.dtype);
    const grouped = reshape(x, [x.shape[0], this.groups, -1]); // (N, G, K)
    if (grouped.shape[2] === 1) {
      throw new ShapeError(
        `GroupNorm.forward: expected more than one value a group, got x of shape ${shapeText(x.shape)} in ${this.groups} ` +
          'groups; a single one is its own mean. Take fewer groups',
      );
    }
    const centred = subtract(grouped, mean(grouped, { axis: -1, keepDims: true })); // (N, G, K)
    const variance = mean(square(centred), { axis: -1, keepDims: true }); // (N, G, 1)
    this.rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (N, G, 1)
    this.xHat = reshape(multiply(centred, this.rstd), x.shape); // the shape of x
    return add(multiply(alongFeatures(this.gamma, x), this.xHat), alongFeatures(this.beta, x)); // the shape of x
  }

  /**
   * Adds dL/dγ and dL/dβ into the `grad` of `gamma` and `beta`, and returns dL/dx.
   *
   * @param dout the shape of x
   * @returns dL/dx, the shape of x
   */
  backward(dout: NdArray): NdArray {
    this.accumulateGradients(dout);
    const rstd = remembered('GroupNorm', this.rstd); // (N, G, 1)
    const groupedShape = [dout.shape[0], this.groups, -1];
    const xHat = reshape(remembered('GroupNorm', this.xHat), groupedShape); // (N, G, K)
    const dxHat = reshape(multiply(dout, alongFeatures(this.gamma, dout)), groupedShape); // (N, G, K)
    const shift = mean(dxHat, { axis: -1, keepDims: true }); // (N, G, 1)
    const stretch = mean(multiply(xHat, dxHat), { axis: -1, keepDims: true }); // (N, G, 1)
    const dx = multiply(rstd, subtract(subtract(dxHat, shift), multiply(xHat, stretch))); // (N, G, K)
    return reshape(dx, dout.shape); // the shape of x
  }

  /**
   * The parameters' half of `backward`.
   *
   * @param dout the shape of x
   */
  override accumulateGradients(dout: NdArray): void {
    const xHat = remembered('GroupNorm', this.xHat); // the shape of x
    assertLike('GroupNorm.backward', 'dout', dout, xHat);
    const axis = [0, 2, 3].slice(0, dout.shape.length - 1); // all but that of the features
    addInPlace(this.gamma.grad, sum(multiply(dout, xHat), { axis })); // (D,)
    addInPlace(this.beta.grad, sum(dout, { axis })); // (D,)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }
}

/** A number a feature, in a shape that broadcasts along the features of x: (D,), (D, 1) or (D, 1, 1). */
function alongFeatures({ value }: Parameter, x: NdArray): NdArray {
  return reshape(value, [-1, ...x.shape.slice(2).map(() => 1)]);
}
