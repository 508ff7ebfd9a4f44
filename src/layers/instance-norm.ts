import {
  add,
  addInPlace,
  assertArray,
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

/** The options of an `InstanceNorm` layer. */
export interface InstanceNormOptions {
  /** Added to the variance before its root is taken, 1e-5 without. */
  eps?: number;
  /** The dtype of parameters and inputs, `'float32'` without. */
  dtype?: Dtype;
}

/**
 * Instance normalisation: shifts and scales every feature of every sample to mean 0 and variance 1 over its own positions,
 * such as the pixels of an image, then lets the net choose scale and shift anew with $\gamma$ and $\beta$. It takes the
 * contrast out of an image and leaves its pattern. Ulyanov, Vedaldi and Lempitsky 2016, arXiv 1607.08022, equation 3.
 *
 * **Forward**, for sample $s$ and feature $d$ over $P$ positions, the L of (N, D, L) or the H · W of (N, D, H, W):
 *
 * $$ \begin{aligned}
 *    \mu_{sd} &= \frac1P \sum_p X_{sdp}, & \sigma_{sd}^2 &= \frac1P \sum_p (X_{sdp} - \mu_{sd})^2, \\
 *    \hat X_{sdp} &= \frac{X_{sdp} - \mu_{sd}}{\sqrt{\sigma_{sd}^2 + \varepsilon}}, &
 *    Y_{sdp} &= \gamma_d \hat X_{sdp} + \beta_d .
 * \end{aligned} $$
 *
 * Variables: $X - \mu$ is `centred`, $1/\sqrt{\sigma^2 + \varepsilon}$ is `rstd`, $\hat X$ is `xHat`. With $P = 1$, and so for
 * an x of shape (N, D), $\hat X$ would be 0 whatever comes in: an error.
 *
 * **Backward, input.** No feature of a sample sees another: take one and drop $s$ and $d$. Then $Y_p = \gamma \hat X_p + \beta$, so
 * $\partial L/\partial \hat X_p = \gamma\, \partial L/\partial Y_p$ (`dxHat`). Write $r$ for $(\sigma^2 + \varepsilon)^{-1/2}$, the `rstd`.
 * An input $X_i$ reaches every $\hat X_p = (X_p - \mu)\, r$, through the mean and through the variance,
 *
 * $$ \begin{aligned}
 *    \frac{\partial \mu}{\partial X_i} &= \frac1P, \\
 *    \frac{\partial \sigma^2}{\partial X_i} &= \frac2P \sum_p (X_p - \mu) \Big(\delta_{pi} - \frac1P\Big) = \frac2P (X_i - \mu), \\
 *    \frac{\partial r}{\partial X_i} &= -\frac12 r^3 \cdot \frac2P (X_i - \mu) = -\frac{r^2}{P} \hat X_i ,
 * \end{aligned} $$
 *
 * since the deviations sum to 0; and its own $\hat X_i$ directly besides. Together
 *
 * $$ \frac{\partial \hat X_p}{\partial X_i} = r \Big(\delta_{pi} - \frac1P\Big) - (X_p - \mu) \frac{r^2}{P} \hat X_i
 *    = r \Big( \delta_{pi} - \frac1P - \frac1P \hat X_p \hat X_i \Big), $$
 *
 * and the chain rule sums over $p$, times $\partial L/\partial \hat X_p$. The delta leaves one term, and each $\frac1P \sum_p$ is a mean
 * over the positions, `shift` and `stretch`:
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
export class InstanceNorm extends Module {
  /** The scale, (D,); ones at first. */
  readonly gamma: Parameter;
  /** The shift, (D,); zeros at first. */
  readonly beta: Parameter;
  private readonly eps: number;
  private xHat: NdArray | undefined;
  private rstd: NdArray | undefined;

  /**
   * @param features D, the features of the input
   * @param options what is added to the variance, and the dtype
   * @throws RangeError unless `features` is a whole number from 1 up and `eps` is positive
   */
  constructor(
    readonly features: number,
    { eps = 1e-5, dtype = 'float32' }: InstanceNormOptions = {},
  ) {
    super();
    if (!Number.isSafeInteger(features) || features < 1) {
      throw new RangeError(`InstanceNorm: expected a whole number of features from 1 up, got ${features}`);
    }
    if (!(eps > 0)) throw new RangeError(`InstanceNorm: expected a positive eps, got ${eps}`);
    this.eps = eps;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
  }

  /**
   * Every feature of a sample normalised over its positions, then scaled by `gamma` and shifted by `beta`.
   *
   * @param x (N, D, L) or (N, D, H, W), with more than one position
   * @returns the shape of x, a fresh array
   * @throws ShapeError for any other x; DtypeError for one of another dtype
   */
  forward(x: NdArray): NdArray {
    assertPositions(x, this.features);
    assertDtype('InstanceNorm.forward', 'x', x, this.gamma.value.dtype);
    const axis = positionsOf(x);
    const centred = subtract(x, mean(x, { axis, keepDims: true })); // (N, D, L)
    const variance = mean(square(centred), { axis, keepDims: true }); // (N, D, 1)
    this.rstd = map(variance, (value) => 1 / Math.sqrt(value + this.eps)); // (N, D, 1)
    this.xHat = multiply(centred, this.rstd); // (N, D, L)
    return add(multiply(alongFeatures(this.gamma, x), this.xHat), alongFeatures(this.beta, x)); // (N, D, L)
  }

  /**
   * Adds dL/dγ and dL/dβ into the `grad` of `gamma` and `beta`, and returns dL/dx.
   *
   * @param dout the shape of x
   * @returns dL/dx, the shape of x
   */
  backward(dout: NdArray): NdArray {
    this.accumulateGradients(dout);
    const xHat = remembered('InstanceNorm', this.xHat); // (N, D, L)
    const rstd = remembered('InstanceNorm', this.rstd); // (N, D, 1)
    const axis = positionsOf(dout);
    const dxHat = multiply(dout, alongFeatures(this.gamma, dout)); // (N, D, L)
    const shift = mean(dxHat, { axis, keepDims: true }); // (N, D, 1)
    const stretch = mean(multiply(xHat, dxHat), { axis, keepDims: true }); // (N, D, 1)
    return multiply(rstd, subtract(subtract(dxHat, shift), multiply(xHat, stretch))); // (N, D, L)
  }

  /**
   * The parameters' half of `backward`.
   *
   * @param dout the shape of x
   */
  override accumulateGradients(dout: NdArray): void {
    const xHat = remembered('InstanceNorm', this.xHat); // (N, D, L)
    assertLike('InstanceNorm.backward', 'dout', dout, xHat);
    const axis = [0, ...positionsOf(dout)];
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
        `got ${shapeText(x.shape)}; a single number is its own mean`,
    );
  }
}

/** The axes of the positions: L, or H and W. */
function positionsOf(x: NdArray): number[] {
  return x.shape.length === 3 ? [2] : [2, 3];
}

/** A number a feature, in a shape that broadcasts along the features of x: (D, 1) or (D, 1, 1). */
function alongFeatures({ value }: Parameter, x: NdArray): NdArray {
  return reshape(value, [-1, ...x.shape.slice(2).map(() => 1)]);
}
