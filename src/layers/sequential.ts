import type { NdArray } from '../array/index.js';
import type { Layer } from './layer.js';
import { assertLayer, Module } from './module.js';

/**
 * Layers one after the other: the output of each layer is the input of the next.
 *
 * **Forward.** $X_0 = X$ and $X_k = f_k(X_{k-1})$. The output is $X_K$.
 *
 * **Backward.** Read the chain rule from the loss to the input. Each layer turns the gradient of its output into the
 * gradient of its input and passes it to the layer before. See the arrays as long columns, and let $J_k$ be the
 * Jacobian, the matrix with $\partial X_{k,j}/\partial X_{k-1,i}$ in row $j$ and column $i$. Then
 *
 * $$ \frac{\partial L}{\partial X_{k-1,i}} = \sum_j \frac{\partial L}{\partial X_{k,j}} \frac{\partial X_{k,j}}{\partial X_{k-1,i}}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X_{k-1}} = J_k^\top\, \frac{\partial L}{\partial X_k} . $$
 *
 * No layer ever builds the matrix $J_k$; each `backward` computes the product directly. This is all of
 * backpropagation (Rumelhart, Hinton and Williams 1986).
 */
export class Sequential extends Module {
  static override readonly name: string = 'Sequential';

  /** First to last. The paths of the arrays of layer k, counted from 0, begin with `layers.k.` */
  readonly layers: readonly Layer[];

  /**
   * @param layers one or more, each taking the output of the one before
   * @throws RangeError for no layers, or for one layer in two places; TypeError for anything that is not a layer
   */
  constructor(...layers: Layer[]) {
    super();
    if (layers.length === 0) throw new RangeError('Sequential: expected at least one layer, got none');
    for (const layer of layers) assertLayer('Sequential', layer);
    if (new Set(layers).size < layers.length) {
      throw new RangeError(
        'Sequential: the same layer is in two places; a layer caches only its last forward, so create two layers',
      );
    }
    this.layers = layers;
  }

  forward(x: NdArray): NdArray {
    return this.layers.reduce((out, layer) => layer.forward(out), x);
  }

  backward(dout: NdArray): NdArray {
    return this.layers.reduceRight((d, layer) => layer.backward(d), dout);
  }

  /**
   * `backward` without the dx of the first layer, which training does not use: what a training loop calls.
   *
   * @param dout the shape and dtype of what `forward` returned
   */
  override accumulateGradients(dout: NdArray): void {
    const [first, ...rest] = this.layers;
    const d = rest.reduceRight((d, layer) => layer.backward(d), dout);
    if (first instanceof Module) first.accumulateGradients(d);
    else first.backward(d);
  }

  override children(): [string, Layer][] {
    return this.layers.map((layer, k) => [`layers.${k}`, layer]);
  }
}
