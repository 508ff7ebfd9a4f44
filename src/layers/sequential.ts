import type { NdArray } from '../array/index.js';
import type { Layer } from './layer.js';
import { Module, namedArraysOf, namedParametersOf } from './module.js';
import type { Parameter } from './parameter.js';

/**
 * Layers one after the other: the output of each is the input of the next.
 *
 * **Forward.** $X_0 = X$ and $X_k = f_k(X_{k-1})$; the output is $X_K$.
 *
 * **Backward.** The chain rule, read from the loss to the input: each layer turns the gradient of its output
 * into that of its input, and hands it to the layer before. With the arrays seen as long columns, and $J_k$ the matrix of
 * $\partial X_{k,j}/\partial X_{k-1,i}$ in row $j$ and column $i$,
 *
 * $$ \frac{\partial L}{\partial X_{k-1,i}} = \sum_j \frac{\partial L}{\partial X_{k,j}} \frac{\partial X_{k,j}}{\partial X_{k-1,i}}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X_{k-1}} = J_k^\top\, \frac{\partial L}{\partial X_k} , $$
 *
 * a product that no layer ever carries out with the matrix. That, and no more, is backpropagation (Rumelhart, Hinton and
 * Williams 1986).
 */
export class Sequential extends Module {
  /** First to last; in a `stateDict` the names of the k-th, counted from 0, begin with `layers.k.` */
  readonly layers: readonly Layer[];

  /**
   * @param layers one or more, each taking what the one before gives
   * @throws RangeError for none, or for one layer in two places
   */
  constructor(...layers: Layer[]) {
    super();
    if (layers.length === 0) throw new RangeError('Sequential: expected at least one layer, got none');
    if (new Set(layers).size < layers.length) {
      throw new RangeError(
        'Sequential: one layer stands in two places; it remembers only its last forward, so make two',
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

  /** `backward` that stops short of the first layer's dx, which nobody asks for in training. */
  override accumulateGradients(dout: NdArray): void {
    const [first, ...rest] = this.layers;
    const d = rest.reduceRight((d, layer) => layer.backward(d), dout);
    if (first instanceof Module) first.accumulateGradients(d);
    else first.backward(d);
  }

  override parameters(): Parameter[] {
    return this.layers.flatMap((layer) => layer.parameters());
  }

  override namedParameters(): [string, Parameter][] {
    return this.layers.flatMap((layer, i) =>
      namedParametersOf(layer).map(([name, parameter]): [string, Parameter] => [`layers.${i}.${name}`, parameter]),
    );
  }

  override namedArrays(): [string, NdArray][] {
    return this.layers.flatMap((layer, i) =>
      namedArraysOf(layer).map(([name, value]): [string, NdArray] => [`layers.${i}.${name}`, value]),
    );
  }

  override train(): void {
    super.train();
    for (const layer of this.layers) layer.train();
  }

  override eval(): void {
    super.eval();
    for (const layer of this.layers) layer.eval();
  }
}
