import {
  add,
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
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `GroupNorm` layer. */
export interface GroupNormOptions {
  /** Added to the variance before the square root. Default: 1e-5. */
  eps?: number;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * Group normalization cuts the features of a sample into groups, and shifts and scales each group to mean 0 and
 * variance 1. Then the net sets scale and shift again with $\gamma$ and $\beta$, one pair per feature. Samples are
 * independent. With one group it is layer normalization, with one group per feature it is instance normalization. Wu
 * and He 2018, arXiv 1803.08494, section 3, equation 7.
 *
 * **Forward.** The D features are cut into $G$ groups of neighbors. A group of a sample holds $K$ values: its $D/G$
 * features at all positions. For each sample $n$ and group $g$, with $X_{ngk}$ for value $k$ of the group:
 *
 * $$ \begin{aligned}
 *    \mu_{ng} &= \frac1K \sum_k X_{ngk}, & \sigma_{ng}^2 &= \frac1K \sum_k (X_{ngk} - \mu_{ng})^2, \\
 *    \hat X_{ngk} &= \frac{X_{ngk} - \mu_{ng}}{\sqrt{\sigma_{ng}^2 + \varepsilon}}, &
 *    Y_{ngk} &= \gamma_d \hat X_{ngk} + \beta_d, \quad d \text{ the feature of } (g, k) .
 * \end{aligned} $$
 *
 * In the code, `grouped` is $X$ in the shape (N, G, K), $X - \mu$ is `centered`, $1/\sqrt{\sigma^2 + \varepsilon}$ is
 * `rstd`, and $\hat X$ is `xHat`.
 *
 * **Backward, input.** Groups are independent. The standardization of one group is that of a row in `LayerNorm`, with
 * its $K$ values in place of the $D$ features, so the derivation there holds, with means over the group (`shift`,
 * `stretch`) and $r$ for `rstd`:
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i}
 *    - \operatorname{mean}\!\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \hat X_i \operatorname{mean}\!\Big(\hat X \circ \frac{\partial L}{\partial \hat X}\Big) \Big) . $$
 *
 * $\partial L/\partial \hat X_i$ (`dxHat`) is $\partial L/\partial Y_i$ times the $\gamma$ of the feature of value
 * $i$. A group has several features, so $\gamma$ stays inside the means.
 *
 * **Backward, parameters.** $\gamma_d$ and $\beta_d$ act on feature $d$ of every sample, at every position $p$:
 *
 * $$ \frac{\partial L}{\partial \gamma_d} = \sum_{n,p} \frac{\partial L}{\partial Y_{ndp}} \hat X_{ndp}, \qquad
 *    \frac{\partial L}{\partial \beta_d} = \sum_{n,p} \frac{\partial L}{\partial Y_{ndp}} . $$
 */
export class GroupNorm extends Module {
  /** The scale, (D,). It starts at ones. */
  readonly gamma: Parameter;
  /** The shift, (D,). It starts at zeros. */
  readonly beta: Parameter;
  private readonly eps: number;
  private cache: { xHat: NdArray; rstd: NdArray } | undefined;

  /**
   * @param groups G, the number of groups, a divisor of D
   * @param features D, the features of the input
   * @param options eps and dtype
   * @throws RangeError unless both are whole numbers from 1 up, G divides D, and `eps` is positive
   */
  constructor(
    readonly groups: number,
    readonly features: number,
    options: GroupNormOptions = {},
  ) {
    super();
    const { eps = 1e-5, dtype = 'float32', ...rest } = checkedOptions('GroupNorm', options);
    assertNoMoreOptions('GroupNorm', rest);
    checkedDtype('GroupNorm', dtype);
    if (![groups, features].every((count) => Number.isSafeInteger(count) && count >= 1) || features % groups !== 0) {
      throw new RangeError(
        `GroupNorm: expected a number of groups that divides the number of features, got ${groups} for ${features}`,
      );
    }
    assertNumber('GroupNorm', 'eps', eps);
    if (!(eps > 0)) throw new RangeError(`GroupNorm: expected a positive eps, got ${eps}`);
    this.eps = eps;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
  }

  /**
   * Normalizes every group of a sample, then scales each feature by `gamma` and shifts it by `beta`.
   *
   * @param x (N, D), (N, D, L) or (N, D, H, W), with more than one value per group
   * @returns the shape of x, a fresh array
   * @throws ShapeError for any other x, DtypeError for another dtype
   */
  forward(x: NdArray): NdArray {
    const D = this.features;
    assertShape('GroupNorm.forward', 'x', x, ['N', D], ['N', D, 'L'], ['N', D, 'H', 'W']);
    assertDtype('GroupNorm.forward', 'x', x, this.gamma.value.dtype);
    const grouped = reshape(x, [x.shape[0], this.groups, -1]); // (N, G, K)
    if (grouped.shape[2] === 1) {
      throw new ShapeError(
        `GroupNorm.forward: expected more than one value per group, got x of shape ${shapeText(x.shape)} in ${this.groups} ` +
          'groups. A single value is its own mean. Use fewer groups',
      );
    }
    const centered = subtract(grouped, mean(grouped, { axis: -1, keepDims: true })); // (N, G, K)
    const variance = mean(square(centered), { axis: -1, keepDims: true }); // (N, G, 1)
    const rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (N, G, 1)
    const xHat = reshape(multiply(centered, rstd), x.shape); // the shape of x
    this.cache = { xHat, rstd };
    return add(multiply(alongFeatures(this.gamma, x), xHat), alongFeatures(this.beta, x)); // the shape of x
  }

  /**
   * Adds dL/dγ and dL/dβ into the `grad` of `gamma` and `beta`, and returns dL/dx.
   *
   * @param dout the shape of x
   * @returns dL/dx, the shape of x
   */
  backward(dout: NdArray): NdArray {
    this.accumulateGradients(dout);
    const cache = this.cached(this.cache, dout, ({ xHat }) => xHat);
    const groupedShape = [dout.shape[0], this.groups, -1];
    const xHat = reshape(cache.xHat, groupedShape); // (N, G, K)
    const dxHat = reshape(multiply(dout, alongFeatures(this.gamma, dout)), groupedShape); // (N, G, K)
    const shift = mean(dxHat, { axis: -1, keepDims: true }); // (N, G, 1)
    const stretch = mean(multiply(xHat, dxHat), { axis: -1, keepDims: true }); // (N, G, 1)
    const dx = multiply(cache.rstd, subtract(subtract(dxHat, shift), multiply(xHat, stretch))); // (N, G, K)
    return reshape(dx, dout.shape); // the shape of x
  }

  /**
   * The half of `backward` that fills `grad`.
   *
   * @param dout the shape of x
   */
  override accumulateGradients(dout: NdArray): void {
    const { xHat } = this.cached(this.cache, dout, ({ xHat }) => xHat); // the shape of x
    const axis = [0, 2, 3].slice(0, dout.shape.length - 1); // all axes except that of the features
    addInPlace(this.gamma.grad, sum(multiply(dout, xHat), { axis })); // (D,)
    addInPlace(this.beta.grad, sum(dout, { axis })); // (D,)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }
}

/** One number per feature, in a shape that broadcasts along the features of x: (D,), (D, 1) or (D, 1, 1). */
function alongFeatures({ value }: Parameter, x: NdArray): NdArray {
  return reshape(value, [-1, ...x.shape.slice(2).map(() => 1)]);
}
