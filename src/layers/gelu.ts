import { assertFilled, assertLike, map, multiplyInPlace, type NdArray } from '../array/index.js';
import { Module, remembered } from './module.js';

/** √(2/π) and the paper's 0.044715: a normal number lies below x with a probability of about σ(2 C (x + A x³)). */
const C = Math.sqrt(2 / Math.PI);
const A = 0.044715;
/** Beyond ±40 the share that passes is 0 or 1 to all digits, and its slope 0. */
const FAR = 40;

/**
 * The Gaussian error linear unit, an activation: every input $x$ passes in the share $s$ in which it exceeds a normal number $Z$,
 * $x\,P(Z \le x)$. Far to the right that is the identity, far to the left 0, as with ReLU, but with a bend in place of the kink,
 * and a dip down to −0.17 left of 0.
 *
 * **Forward**, element by element, in the form with the hyperbolic tangent (Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2),
 * PyTorch's `approximate='tanh'`, at most 5e-4 away from the one with the normal distribution itself. Since
 * $\tfrac12 (1 + \tanh u) = \sigma(2u)$ with $\sigma(z) = 1/(1 + e^{-z})$,
 *
 * $$ \begin{aligned}
 *    Y &= X \circ s(X), \qquad C = \sqrt{2/\pi}, \quad A = 0.044715, \\
 *    s(x) &= \tfrac12\Big(1 + \tanh\big(C\,(x + A\,x^3)\big)\Big) = \sigma\big(2 C\,(x + A\,x^3)\big) .
 * \end{aligned} $$
 *
 * The form with $\sigma$ is the one computed: for negative $x$ the other subtracts two numbers that are almost equal.
 *
 * **Backward.** By the product rule and the chain rule, with $\sigma' = \sigma (1 - \sigma)$,
 *
 * $$ g(x) = \frac{d}{dx}\, x\,s(x) = s + x\,s\,(1 - s) \cdot 2 C\,(1 + 3 A\,x^2) . $$
 *
 * An output depends on its own input alone, $\partial Y_{ij}/\partial X_{kl} = \delta_{ik}\delta_{jl}\, g(X_{kl})$, so the sum of the
 * chain rule keeps a single term:
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, g(X_{kl})
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \circ g(X) . $$
 */
export class GELU extends Module {
  private x: NdArray | undefined;

  forward(x: NdArray): NdArray {
    assertFilled('GELU.forward', 'x', x);
    this.x = x;
    return map(x, (value) => value * share(value), { name: 'gelu' }); // the shape of x
  }

  backward(dout: NdArray): NdArray {
    const x = remembered('GELU', this.x);
    assertLike('GELU.backward', 'dout', dout, x);
    const dx = map(x, slope, { name: 'geluSlope' }); // the shape of x
    multiplyInPlace(dx, dout);
    return dx;
  }
}

/** s(x), the share that passes. */
function share(x: number): number {
  return 1 / (1 + Math.exp(-2 * C * (x + A * x ** 3)));
}

/** g(x), from an x so near that x² does not overflow: 0 · ∞ would be NaN. */
function slope(x: number): number {
  const near = Math.max(-FAR, Math.min(FAR, x));
  const s = share(near);
  return s + near * s * (1 - s) * 2 * C * (1 + 3 * A * near * near);
}
