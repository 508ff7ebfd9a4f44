import { add, assertLike, type NdArray } from '../array/index.js';
import type { Layer } from './layer.js';
import { Module, namedArraysOf, namedParametersOf } from './module.js';
import type { Parameter } from './parameter.js';

/**
 * A residual connection around another layer, or several in a `Sequential`: what they compute is added to what they were
 * given, so they need only learn the difference, and the gradient has a way past them (He, Zhang, Ren and Sun 2016, arXiv
 * 1512.03385, equation 1). In a deep net that keeps the first layers learning.
 *
 * **Forward.** With $f$ the `inner` layer, whose output has the shape of its input,
 *
 * $$ Y = X + f(X) . $$
 *
 * **Backward.** An input reaches the loss in two ways, straight and through $f$, and the chain rule adds them up,
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}}
 *    \Big( \delta_{ik}\delta_{jl} + \frac{\partial f_{ij}}{\partial X_{kl}} \Big)
 *    = \frac{\partial L}{\partial Y_{kl}} + \Big( \text{the dx of } f \text{ for } \frac{\partial L}{\partial Y} \Big)_{kl} , $$
 *
 * where the gradient of $f(X)$ is that of $Y$ itself.
 */
export class Residual extends Module {
  /**
   * A connection around `inner`; whether its output has the shape of its input is seen, and thrown, in `forward`.
   *
   * @param inner f, any layer whose output has the shape of its input; in a `stateDict` its names begin with `inner.`
   */
  constructor(readonly inner: Layer) {
    super();
  }

  forward(x: NdArray): NdArray {
    const difference = this.inner.forward(x); // the shape of x
    assertLike('Residual.forward', 'the output of the inner layer', difference, x);
    return add(x, difference); // the shape of x
  }

  backward(dout: NdArray): NdArray {
    return add(dout, this.inner.backward(dout)); // the shape of x
  }

  override parameters(): Parameter[] {
    return this.inner.parameters();
  }

  override namedParameters(): [string, Parameter][] {
    return namedParametersOf(this.inner).map(([name, parameter]) => [`inner.${name}`, parameter]);
  }

  override namedArrays(): [string, NdArray][] {
    return namedArraysOf(this.inner).map(([name, value]) => [`inner.${name}`, value]);
  }

  override train(): void {
    super.train();
    this.inner.train();
  }

  override eval(): void {
    super.eval();
    this.inner.eval();
  }
}
