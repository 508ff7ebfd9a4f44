import { add, assertLike, type NdArray } from '../array/index.js';
import type { Layer } from './layer.js';
import { assertLayer, Module } from './module.js';

/**
 * A residual connection around another layer, or around several in a `Sequential`. It adds its input to what the
 * inner layer computes. The inner layer then only needs to learn the difference, and the gradient has a way around
 * it, so the first layers of a deep net keep learning (He, Zhang, Ren and Sun 2016, arXiv 1512.03385, equations 1 and
 * 2).
 *
 * **Forward.** Let $f$ be the `inner` layer and $g$ the `shortcut`, whose outputs have the same shape:
 *
 * $$ Y = g(X) + f(X) . $$
 *
 * Without a shortcut layer, $g(X) = X$, and the output of $f$ has the shape of $X$. A shortcut layer changes the
 * shape, for example a 1×1 convolution that changes the number of channels.
 *
 * **Backward.** An input reaches the loss on two ways, through $g$ and through $f$. The chain rule adds them:
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}}
 *    \Big( \frac{\partial g_{ij}}{\partial X_{kl}} + \frac{\partial f_{ij}}{\partial X_{kl}} \Big) . $$
 *
 * Each sum is the dx of one layer for the upstream gradient $\partial L/\partial Y$. Without a shortcut layer,
 * $\partial g_{ij}/\partial X_{kl} = \delta_{ik}\delta_{jl}$, and the first sum is $\partial L/\partial Y_{kl}$
 * itself.
 */
export class Residual extends Module {
  static override readonly name: string = 'Residual';

  /**
   * A connection around `inner`.
   *
   * @param inner f, any layer; the paths of its arrays begin with `inner.`
   * @param shortcut g, any layer whose output has the shape of the output of `inner`; the paths of its arrays begin
   * with `shortcut.` Default: the identity.
   * @throws TypeError for anything that is not a layer
   */
  constructor(
    readonly inner: Layer,
    readonly shortcut?: Layer,
  ) {
    super();
    assertLayer('Residual', inner);
    if (shortcut !== undefined) assertLayer('Residual', shortcut);
  }

  forward(x: NdArray): NdArray {
    const difference = this.inner.forward(x); // the shape of the output
    const straight = this.shortcut ? this.shortcut.forward(x) : x;
    assertLike('Residual.forward', 'the output of the inner layer', difference, straight);
    return add(straight, difference);
  }

  backward(dout: NdArray): NdArray {
    const straight = this.shortcut ? this.shortcut.backward(dout) : dout;
    return add(straight, this.inner.backward(dout)); // the shape of x
  }

  override children(): [string, Layer][] {
    return this.shortcut
      ? [
          ['inner', this.inner],
          ['shortcut', this.shortcut],
        ]
      : [['inner', this.inner]];
  }
}
