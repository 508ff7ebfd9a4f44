import { assertFilled, copy, type NdArray, tanh, zipWith } from '../array/index.js';
import { Module } from './module.js';

/**
 * The hyperbolic tangent, an activation: an S-shaped curve through 0 that levels off at −1 and 1. Its outputs are
 * bounded and centered. Far from 0 it is flat, and units with such inputs learn slowly.
 *
 * **Forward**, element by element (LeCun, Bottou, Orr and Müller 1998, Efficient BackProp, section 4.4):
 *
 * $$ Y = \tanh X, \qquad \tanh x = \frac{\sinh x}{\cosh x} = \frac{e^x - e^{-x}}{e^x + e^{-x}} . $$
 *
 * **Backward.** By the quotient rule, with $\sinh' = \cosh$ and $\cosh' = \sinh$,
 *
 * $$ \tanh' x = \frac{\cosh x \cosh x - \sinh x \sinh x}{\cosh^2 x} = 1 - \tanh^2 x , $$
 *
 * so `backward` needs only the output. An output depends only on its own input,
 * $\partial Y_{ij}/\partial X_{kl} = \delta_{ik}\delta_{jl}\,(1 - Y_{kl}^2)$, and one term of the chain rule's sum
 * remains:
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, (1 - Y_{kl}^2) = \frac{\partial L}{\partial Y_{kl}}\, (1 - Y_{kl}) (1 + Y_{kl}) . $$
 *
 * The code computes the last form: near $|Y| = 1$ the difference $1 - |Y|$ is exact, while $Y^2$ would be rounded
 * first.
 */
export class Tanh extends Module {
  static override readonly name: string = 'Tanh';

  private out: NdArray | undefined;

  forward(x: NdArray): NdArray {
    assertFilled('Tanh.forward', 'x', x);
    const out = tanh(x); // the shape of x
    this.out = out;
    return copy(out); // the caller may write into it
  }

  backward(dout: NdArray): NdArray {
    const out = this.cached(this.out, dout);
    return zipWith(dout, out, (d, y) => d * (1 - y) * (1 + y)); // the shape of x
  }
}
