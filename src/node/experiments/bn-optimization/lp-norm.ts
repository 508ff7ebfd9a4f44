import {
  abs,
  add,
  addInPlace,
  assertDtype,
  assertShape,
  type Dtype,
  divide,
  map,
  max,
  mean,
  multiply,
  type NdArray,
  ones,
  sign,
  square,
  subtract,
  sum,
  zeros,
  zipWith,
} from '../../../array/index.js';
import { Module } from '../../../layers/module.js';
import { Parameter } from '../../../layers/parameter.js';

/** The p of the ℓp norm. */
export type Power = 1 | 2 | 'infinity';

/**
 * Batch norm with the average ℓp norm in place of the standard deviation (Santurkar et al. 2018, arXiv 1805.11604,
 * section 3.3). The mean of each feature over the batch is subtracted, and the result is divided by the average ℓp norm
 * that the feature had before. Only the first moment of the output is fixed. There are no running statistics, so the
 * layer is for training, not for evaluation.
 *
 * **Forward**, for each feature, over the $N$ samples:
 *
 * $$ q = \Big(\frac1N \sum_n |X_n|^p\Big)^{1/p}, \quad q_\infty = \max_n |X_n|, \qquad
 *    \hat X_n = \frac{X_n - \mu}{q + \varepsilon}, \qquad Y_n = \gamma \hat X_n + \beta . $$
 *
 * **Backward.** With $r = 1/(q + \varepsilon)$ (`scale`), $X_i$ reaches $\hat X_n$ directly, through the mean and
 * through $q$: $\partial \hat X_n/\partial X_i = r (\delta_{ni} - \frac1N) - r \hat X_n\, \partial q/\partial X_i$,
 * so
 *
 * $$ \frac{\partial L}{\partial X_i} = r \Big( \frac{\partial L}{\partial \hat X_i} - \operatorname{mean}\Big(\frac{\partial L}{\partial \hat X}\Big)
 *    - \frac{\partial q}{\partial X_i} \sum_n \hat X_n \frac{\partial L}{\partial \hat X_n} \Big), $$
 *
 * where $\partial q/\partial X_i$ (`slope`) is $\operatorname{sgn}(X_i)/N$ for $p = 1$ and $X_i/(N q)$ for $p = 2$. For
 * $p = \infty$ it is $\operatorname{sgn}(X_i)$ at the largest $|X_i|$, shared among equal ones, and 0 elsewhere.
 */
export class LpNorm extends Module {
  /** (D,) */
  readonly gamma: Parameter;
  readonly beta: Parameter;
  private cache: { xHat: NdArray; scale: NdArray; slope: NdArray } | undefined;

  constructor(
    readonly features: number,
    readonly power: Power,
    { eps = 1e-5, dtype = 'float32' }: { eps?: number; dtype?: Dtype } = {},
  ) {
    super();
    this.eps = eps;
    this.gamma = new Parameter('gamma', ones([features], dtype));
    this.beta = new Parameter('beta', zeros([features], dtype));
  }

  private readonly eps: number;

  forward(x: NdArray): NdArray {
    assertShape('LpNorm.forward', 'x', x, ['N', this.features]);
    assertDtype('LpNorm.forward', 'x', x, this.gamma.value.dtype);
    const { size, slope } = sizeAndSlope(x, this.power); // (1, D) and (N, D)
    const scale = map(size, (value) => 1 / (value + this.eps)); // (1, D)
    const xHat = multiply(subtract(x, mean(x, { axis: 0, keepDims: true })), scale); // (N, D)
    this.cache = { xHat, scale, slope };
    return add(multiply(xHat, this.gamma.value), this.beta.value); // (N, D)
  }

  backward(dout: NdArray): NdArray {
    const { xHat, scale, slope } = this.cached(this.cache, dout, ({ xHat }) => xHat); // (N, D), (1, D) and (N, D)
    const dGamma = sum(multiply(dout, xHat), { axis: 0 }); // (D,)
    const dBeta = sum(dout, { axis: 0 }); // (D,)
    addInPlace(this.gamma.grad, dGamma);
    addInPlace(this.beta.grad, dBeta);
    // γ is one number per feature, so it moves out of the sums over the batch. They are then dGamma and dBeta.
    const centered = subtract(dout, multiply(dBeta, 1 / dout.shape[0])); // (N, D)
    const inner = subtract(centered, multiply(slope, dGamma)); // (N, D)
    return multiply(inner, multiply(scale, this.gamma.value)); // (N, D)
  }

  override parameters(): Parameter[] {
    return [this.gamma, this.beta];
  }
}

/** q of each feature, (1, D), and its derivative with respect to each element, (N, D). */
function sizeAndSlope(x: NdArray, power: Power): { size: NdArray; slope: NdArray } {
  const samples = x.shape[0];
  const axis = { axis: 0, keepDims: true };
  if (power === 1) return { size: mean(abs(x), axis), slope: multiply(sign(x), 1 / samples) };
  if (power === 2) {
    const size = map(mean(square(x), axis), Math.sqrt); // (1, D)
    return {
      size,
      slope: divide(
        x,
        map(size, (value) => samples * Math.max(value, Number.MIN_VALUE)),
      ),
    };
  }
  const absolute = abs(x);
  const size = max(absolute, axis); // (1, D)
  const largest = map(subtract(absolute, size), (value) => (value === 0 ? 1 : 0)); // (N, D)
  const shares = divide(largest, sum(largest, axis)); // (N, D)
  return { size, slope: zipWith(shares, x, (share, value) => share * Math.sign(value)) };
}
