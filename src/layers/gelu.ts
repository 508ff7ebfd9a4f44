import { assertFilled, map, multiplyInPlace, type NdArray } from '../array/index.js';
import { Module } from './module.js';

/**
 * √(2/π) and the paper's 0.044715: a standard normal number lies below x with a probability of about σ(2 C (x + A
 * x³)).
 */
const C = Math.sqrt(2 / Math.PI);
const A = 0.044715;
/** Beyond ±40 the gate is 0 or 1 to all digits, and its slope is 0. */
const FAR = 40;

/**
 * The Gaussian error linear unit, an activation. It multiplies each input $x$ by a gate $s(x)$: the probability
 * $P(Z \le x)$ that a standard normal number $Z$ lies below $x$. For large positive inputs this is the identity, for
 * large negative inputs it is 0, as with ReLU. In between it bends smoothly, with a minimum of −0.17 at the left of
 * 0.
 *
 * **Forward**, element by element, in the form with the hyperbolic tangent (Hendrycks and Gimpel 2016, arXiv
 * 1606.08415, section 2). This is PyTorch's `approximate='tanh'`, at most 5e-4 away from the form with the normal
 * distribution itself. Since $\tfrac12 (1 + \tanh u) = \sigma(2u)$ with $\sigma(z) = 1/(1 + e^{-z})$,
 *
 * $$ \begin{aligned}
 *    Y &= X \circ s(X), \qquad C = \sqrt{2/\pi}, \quad A = 0.044715, \\
 *    s(x) &= \tfrac12\Big(1 + \tanh\big(C\,(x + A\,x^3)\big)\Big) = \sigma\big(2 C\,(x + A\,x^3)\big) .
 * \end{aligned} $$
 *
 * The code computes the form with $\sigma$. For negative $x$ the other form subtracts two numbers that are almost
 * equal.
 *
 * **Backward.** By the product rule and the chain rule, with $\sigma' = \sigma (1 - \sigma)$,
 *
 * $$ g(x) = \frac{d}{dx}\, x\,s(x) = s + x\,s\,(1 - s) \cdot 2 C\,(1 + 3 A\,x^2) . $$
 *
 * An output depends only on its own input, $\partial Y_{ij}/\partial X_{kl} = \delta_{ik}\delta_{jl}\, g(X_{kl})$, so
 * one term of the chain rule's sum remains:
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, g(X_{kl})
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \circ g(X) . $$
 */
export class GELU extends Module {
  static override readonly name: string = 'GELU';

  private x: NdArray | undefined;

  forward(x: NdArray): NdArray {
    assertFilled('GELU.forward', 'x', x);
    this.x = x;
    return map(x, gelu, { name: 'gelu' }); // the shape of x
  }

  backward(dout: NdArray): NdArray {
    const x = this.cached(this.x, dout);
    const dx = map(x, slope, { name: 'geluSlope' }); // the shape of x
    multiplyInPlace(dx, dout);
    return dx;
  }
}

/** x s(x). The clamp keeps the limit at −∞, which is 0: without it, −∞ · 0 would give NaN. */
function gelu(x: number): number {
  return Math.max(x, -FAR) * gate(x);
}

/** s(x) */
function gate(x: number): number {
  return 1 / (1 + Math.exp(-2 * C * (x + A * x ** 3)));
}

/** g(x). The clamp keeps x² from overflowing, which would give 0 · ∞ = NaN. */
function slope(x: number): number {
  const near = Math.max(-FAR, Math.min(FAR, x));
  const s = gate(near);
  return s + near * s * (1 - s) * 2 * C * (1 + 3 * A * near * near);
}
