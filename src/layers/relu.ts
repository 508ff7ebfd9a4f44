import { assertFilled, maximum, type NdArray, zipWith } from '../array/index.js';
import { Module } from './module.js';

/**
 * The rectified linear unit, an activation. Positive inputs pass, negative inputs become 0. It is the cheapest
 * activation, and it does not flatten for large inputs. But a unit with a negative input passes no gradient, and it
 * may stay that way.
 *
 * **Forward**, element by element (Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann
 * machines):
 *
 * $$ Y = h(X), \qquad h(x) = \max(x, 0) . $$
 *
 * **Backward.** An output depends only on its own input,
 * $\partial Y_{ij}/\partial X_{kl} = \delta_{ik}\delta_{jl}\, h'(X_{kl})$, so one term of the chain rule's sum
 * remains:
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, h'(X_{kl}), \qquad h'(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 . \end{cases} $$
 *
 * The gradient passes where the input passed. At $x = 0$ there is a kink, where any slope from 0 to 1 is possible. As
 * in PyTorch, it is 0, the derivative from the left.
 */
export class ReLU extends Module {
  static override readonly name: string = 'ReLU';

  private x: NdArray | undefined;

  forward(x: NdArray): NdArray {
    assertFilled('ReLU.forward', 'x', x);
    this.x = x;
    return maximum(x, 0); // the shape of x
  }

  // The comparison is false for NaN, so a NaN passes the gradient on instead of hiding it.
  backward(dout: NdArray): NdArray {
    const x = this.cached(this.x, dout);
    return zipWith(dout, x, (d, value) => (value <= 0 ? 0 : d), 'gate'); // the shape of x
  }
}
