import {
  assertFilled,
  assertNoMoreOptions,
  checkedOptions,
  map,
  multiplyInPlace,
  type NdArray,
} from '../array/index.js';
import { Module } from './module.js';

/** The options of an `ELU` layer. */
export interface ELUOptions {
  /** α, any finite number. Default: 1. Very negative inputs approach −α. */
  alpha?: number;
}

/**
 * The exponential linear unit, an activation. Positive inputs pass unchanged. For negative inputs it is a curve that
 * levels off at $-\alpha$. Unlike with ReLU, a unit with a negative input still passes some gradient.
 *
 * **Forward**, element by element (Clevert, Unterthiner and Hochreiter 2016, arXiv 1511.07289, section 3):
 *
 * $$ Y = h(X), \qquad h(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^x - 1) & x \le 0 . \end{cases} $$
 *
 * **Backward.** An output depends only on its own input,
 * $\partial Y_{ij}/\partial X_{kl} = \delta_{ik}\delta_{jl}\, h'(X_{kl})$, so one term of the chain rule's sum
 * remains:
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, h'(X_{kl})
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \circ h'(X), $$
 *
 * $$ h'(x) = \begin{cases} 1 & x > 0 \\ \alpha\, e^x & x \le 0 . \end{cases} $$
 *
 * At $x = 0$ the slopes of the two branches are 1 and $\alpha$. For $\alpha \ne 1$ this is a kink, and the derivative
 * is the one from the left.
 */
export class ELU extends Module {
  /** α: very negative inputs approach −α. */
  readonly alpha: number;
  private x: NdArray | undefined;

  /**
   * @param options α
   * @throws RangeError unless α is finite
   */
  constructor(options: ELUOptions = {}) {
    super();
    const { alpha = 1, ...rest } = checkedOptions('ELU', options);
    assertNoMoreOptions('ELU', rest);
    if (!Number.isFinite(alpha)) throw new RangeError(`ELU: expected a finite alpha, got ${alpha}`);
    this.alpha = alpha;
  }

  // Each element takes one branch. Computing both and selecting would give 0 · ∞ = NaN where eˣ overflows. `expm1`
  // keeps the digits that eˣ − 1 loses near 0.
  forward(x: NdArray): NdArray {
    assertFilled('ELU.forward', 'x', x);
    this.x = x;
    const { alpha } = this;
    const h = (value: number) => (value > 0 ? value : alpha * Math.expm1(value));
    return map(x, h, { name: 'elu', parameter: alpha }); // the shape of x
  }

  backward(dout: NdArray): NdArray {
    const x = this.cached(this.x, dout);
    const { alpha } = this;
    const slope = (value: number) => (value > 0 ? 1 : alpha * Math.exp(value));
    const dx = map(x, slope, { name: 'eluSlope', parameter: alpha }); // the shape of x
    multiplyInPlace(dx, dout);
    return dx;
  }
}
