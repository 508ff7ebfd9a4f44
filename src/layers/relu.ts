import { assertFilled, assertLike, maximum, type NdArray, zipWith } from '../array/index.js';
import { Module, remembered } from './module.js';

/**
 * The rectified linear unit, an activation: positive inputs pass, negative ones become 0. The cheapest non-linearity
 * there is, and for large inputs one that never flattens; but a unit that is off passes no gradient, and may stay off.
 *
 * **Forward**, element by element (Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann machines):
 *
 * $$ Y = h(X), \qquad h(x) = \max(x, 0) . $$
 *
 * **Backward.** An output depends on its own input alone, $\partial Y_{ij}/\partial X_{kl} = \delta_{ik}\delta_{jl}\, h'(X_{kl})$,
 * so the sum of the chain rule keeps a single term,
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, h'(X_{kl}), \qquad h'(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 . \end{cases} $$
 *
 * The gradient passes where the input passed. At $x = 0$ there is a kink, with slopes from 0 to 1 to choose from; as
 * in PyTorch 0 is taken, the derivative from the left.
 */
export class ReLU extends Module {
  private x: NdArray | undefined;

  forward(x: NdArray): NdArray {
    assertFilled('ReLU.forward', 'x', x);
    this.x = x;
    return maximum(x, 0); // the shape of x
  }

  // Asked this way round, a NaN lets the gradient through instead of hiding it.
  backward(dout: NdArray): NdArray {
    const x = remembered('ReLU', this.x);
    assertLike('ReLU.backward', 'dout', dout, x);
    return zipWith(dout, x, (d, value) => (value <= 0 ? 0 : d)); // the shape of x
  }
}
