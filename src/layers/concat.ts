import {
  add,
  assertArray,
  assertDtype,
  assertShape,
  concatenate,
  type NdArray,
  ShapeError,
  shapeText,
  slice,
} from '../array/index.js';
import type { Layer } from './layer.js';
import { assertLayer, Module } from './module.js';

/**
 * Keeps its input and puts what the inner layer computes from it behind it: the block that a DenseNet is built of. A
 * later layer can use every earlier one directly, and the gradient has a way around each inner layer (Huang, Liu, van der
 * Maaten and Weinberger 2017, arXiv 1608.06993, equation 2).
 *
 * **Forward.** Let $f$ be the `inner` layer, and let $[\cdot, \cdot]$ join features, the channels of images:
 *
 * $$ Y = [X, f(X)] . $$
 *
 * **Backward.** The first $C$ features of $Y$ are $X$; the others are $f(X)$. Cut the upstream gradient in the same way,
 * $\partial L/\partial Y = [A, B]$. An input reaches the loss on two ways, and the chain rule adds them:
 *
 * $$ \frac{\partial L}{\partial X_k} = A_k + \sum_i B_i \frac{\partial f_i}{\partial X_k} . $$
 *
 * The sum is the dx of the inner layer for the upstream gradient $B$.
 */
export class Concat extends Module {
  private cache: { C: number; out: Pick<NdArray, 'shape' | 'dtype'> } | undefined;

  /**
   * A block around `inner`.
   *
   * @param inner f, any layer that keeps all axes except that of the features; the paths of its arrays begin with
   * `inner.`
   */
  constructor(readonly inner: Layer) {
    super();
    assertLayer('Concat', inner);
  }

  /**
   * Joins x and what `inner` computes from it.
   *
   * @param x (N, C, …), features on axis 1
   * @returns (N, C + D, …) for an inner output of (N, D, …), a fresh array
   * @throws ShapeError for an x that has no axis of features, or an inner output that does not fit
   */
  forward(x: NdArray): NdArray {
    assertArray('Concat.forward', 'x', x);
    const found = this.inner.forward(x); // (N, D, …)
    if (x.shape.length < 2) {
      throw new ShapeError(`Concat.forward: expected x of shape (N, C, …), got ${shapeText(x.shape)}`);
    }
    const [N, C, ...rest] = x.shape;
    assertShape('Concat.forward', 'the output of the inner layer', found, [N, 'D', ...rest]);
    assertDtype('Concat.forward', 'the output of the inner layer', found, x.dtype);
    const out = concatenate([x, found], 1); // (N, C + D, …)
    this.cache = { C, out: { shape: out.shape, dtype: out.dtype } };
    return out;
  }

  /**
   * @param dout (N, C + D, …)
   * @returns dL/dx, (N, C, …)
   */
  backward(dout: NdArray): NdArray {
    const { C } = this.cached(this.cache, dout, ({ out }) => out);
    const [straight, through] = [slice(dout, null, [0, C]), slice(dout, null, [C, dout.shape[1]])];
    return add(straight, this.inner.backward(through)); // (N, C, …)
  }

  override children(): [string, Layer][] {
    return [['inner', this.inner]];
  }
}
