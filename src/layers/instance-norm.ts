import {
  add,
  addInPlace,
  assertArray,
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

/** The options of an `InstanceNorm` layer. */
export interface InstanceNormOptions {
  /** Added to the variance before the square root. Default: 1e-5. */
  eps?: number;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * Instance normalization shifts and scales every feature of every sample to mean 0 and variance 1 over its own
 * positions, such as the pixels of an image. Then the net sets scale and shift again with $\gamma$ and $\beta$. It
 * removes the contrast of an image and keeps its pattern. Ulyanov, Vedaldi and Lempitsky 2016, arXiv 1607.08022,
 * equation 3.
 *
 * **Forward**, for sample $n$ and feature $d$ over $P$ positions, the L of (N, D, L) or the H · W of (N, D, H, W):
 *
 * $$ \begin{aligned}
 *    \mu_{nd} &= \frac1P \sum_p X_{ndp}, & \sigma_{nd}^2 &= \frac1P \sum_p (X_{ndp} - \mu_{nd})^2, \\
 *    \hat X_{ndp} &= \frac{X_{ndp} - \mu_{nd}}{\sqrt{\sigma_{nd}^2 + \varepsilon}}, &
 *    Y_{ndp} &= \gamma_d \hat X_{ndp} + \beta_d .
 * \end{aligned} $$
 *
 * In the code, $X - \mu$ is `centered`, $1/\sqrt{\sigma^2 + \varepsilon}$ is `rstd`, and $\hat X$ is `xHat`. With
 * $P = 1$, and so for an x of shape (N, D), $\hat X$ would be 0 for every input: an error.
 *
 * **Backward, input.** Features of a sample are independent. The standardization over the positions of one feature is
 * that of a row in `LayerNorm`, with $P$ in place of $D$, so the derivation there holds, with means over the
 * positions (`shift`, `stretch`), $r$ for `rstd`, and
 * $\partial L/\partial \hat X_p = \gamma\, \partial L/\partial Y_p$ (`dxHat`):
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i}
 *    - \operatorname{mean}\!\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \hat X_i \operatorname{mean}\!\Big(\hat X \circ \frac{\partial L}{\partial \hat X}\Big) \Big) . $$
 *
 * **Backward, parameters.** $\gamma_d$ and $\beta_d$ act on feature $d$ of every sample, at every position $p$:
 *
 * $$ \frac{\partial L}{\partial \gamma_d} = \sum_{n,p} \frac{\partial L}{\partial Y_{ndp}} \hat X_{ndp}, \qquad
 *    \frac{\partial L}{\partial \beta_d} = \sum_{n,p} \frac{\partial L}{\partial Y_{ndp}} . $$
 */
export class InstanceNorm extends Module {
  /** The scale, (D,). It starts at ones. */
  readonly gamma: Parameter;
  /** The shift, (D,). It starts at zeros. */
  readonly beta: Parameter;
  private readonly eps: number;
  private cache: { xHat: NdArray; rstd: NdArray } | undefined;

  /**
   * @param features D, the features of the input
   * @param options eps and dtype
   * @throws RangeError unless `features` is a whole number from 1 up and `eps` is positive
   */
  constructor(
    readonly features: number,
    options: InstanceNormOptions = {},
  ) {
    super();
    const { eps = 1e-5, dtype = 'float32', ...rest } = checkedOptions('InstanceNorm', options);
    assertNoMoreOptions('InstanceNorm', rest);
    checkedDtype('InstanceNorm', dtype);
    if (!Number.isSafeInteger(features) || features < 1) {
      throw new RangeError(`InstanceNorm: expected a whole number of features from 1 up, got ${features}`);
    }
    assertNumber('InstanceNorm', 'eps', eps);
    if (!(eps > 0)) throw new RangeError(`InstanceNorm: expected a positive eps, got ${eps}`);
    this.eps = eps;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
  }

  /**
   * Normalizes every feature of a sample over its positions, then scales it by `gamma` and shifts it by `beta`.
   *
   * @param x (N, D, L) or (N, D, H, W), with more than one position
   * @returns the shape of x, a fresh array
   * @throws ShapeError for any other x, DtypeError for another dtype
   */
  forward(x: NdArray): NdArray {
    assertPositions(x, this.features);
    assertDtype('InstanceNorm.forward', 'x', x, this.gamma.value.dtype);
    const axis = positionAxes(x);
    const centered = subtract(x, mean(x, { axis, keepDims: true })); // (N, D, L)
    const variance = mean(square(centered), { axis, keepDims: true }); // (N, D, 1)
    const rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (N, D, 1)
    const xHat = multiply(centered, rstd); // (N, D, L)
    this.cache = { xHat, rstd };
    return add(multiply(alongFeatures(this.gamma, x), xHat), alongFeatures(this.beta, x)); // (N, D, L)
  }

  /**
   * Adds dL/dγ and dL/dβ into the `grad` of `gamma` and `beta`, and returns dL/dx.
   *
   * @param dout the shape of x
   * @returns dL/dx, the shape of x
   */
  backward(dout: NdArray): NdArray {
    this.accumulateGradients(dout);
    const { xHat, rstd } = this.cached(this.cache, dout, ({ xHat }) => xHat); // (N, D, L) and (N, D, 1)
    const axis = positionAxes(dout);
    const dxHat = multiply(dout, alongFeatures(this.gamma, dout)); // (N, D, L)
    const shift = mean(dxHat, { axis, keepDims: true }); // (N, D, 1)
    const stretch = mean(multiply(xHat, dxHat), { axis, keepDims: true }); // (N, D, 1)
    return multiply(rstd, subtract(subtract(dxHat, shift), multiply(xHat, stretch))); // (N, D, L)
  }

  /**
   * The half of `backward` that fills `grad`.
   *
   * @param dout the shape of x
   */
  override accumulateGradients(dout: NdArray): void {
    const { xHat } = this.cached(this.cache, dout, ({ xHat }) => xHat); // (N, D, L)
    const axis = [0, ...positionAxes(dout)];
    addInPlace(this.gamma.grad, sum(multiply(dout, xHat), { axis })); // (D,)
    addInPlace(this.beta.grad, sum(dout, { axis })); // (D,)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }
}

function assertPositions(x: NdArray, D: number): void {
  assertArray('InstanceNorm.forward', 'x', x);
  if (x.shape.length !== 2) assertShape('InstanceNorm.forward', 'x', x, ['N', D, 'L'], ['N', D, 'H', 'W']);
  if (x.shape.length === 2 || x.size === x.shape[0] * D) {
    throw new ShapeError(
      `InstanceNorm.forward: expected x of shape (N, ${D}, L) or (N, ${D}, H, W) with more than one position, ` +
        `got ${shapeText(x.shape)}. A single value is its own mean`,
    );
  }
}

/** The axes of the positions: L, or H and W. */
function positionAxes(x: NdArray): number[] {
  return x.shape.length === 3 ? [2] : [2, 3];
}

/** One number per feature, in a shape that broadcasts along the features of x: (D, 1) or (D, 1, 1). */
function alongFeatures({ value }: Parameter, x: NdArray): NdArray {
  return reshape(value, [-1, ...x.shape.slice(2).map(() => 1)]);
}
