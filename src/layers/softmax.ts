import {
  assertFilled,
  copy,
  divide,
  exp,
  mapRows,
  max,
  multiply,
  type NdArray,
  subtract,
  sum,
} from '../array/index.js';
import { Module } from './module.js';

/**
 * The softmax turns each row of scores (logits) into probabilities: positive numbers whose sum is 1. It ends a
 * classifier, and its rows go into the cross-entropy.
 *
 * **Forward**, along the last axis:
 *
 * $$ Y_{nc} = \frac{e^{X_{nc}}}{\sum_k e^{X_{nk}}} = \frac{e^{X_{nc} - m_n}}{\sum_k e^{X_{nk} - m_n}},
 *    \qquad m_n = \max_k X_{nk} . $$
 *
 * The second form multiplies numerator and denominator by $e^{-m_n}$. The value is the same, but no exponent is
 * positive, so nothing overflows, and the sum is at least 1.
 *
 * **Backward.** Every output of a row depends on every input of that row. Write $E_{nk} = e^{X_{nk}}$ and $Z_n$ for
 * the sum of the row. The quotient rule gives the derivative of output $k$ with respect to input $c$:
 *
 * $$ \frac{\partial Y_{nk}}{\partial X_{nc}} = \frac{\delta_{kc} E_{nk} Z_n - E_{nk} E_{nc}}{Z_n^2} = Y_{nk}\,(\delta_{kc} - Y_{nc}), $$
 *
 * and the chain rule sums over the outputs of the row:
 *
 * $$ \frac{\partial L}{\partial X_{nc}} = \sum_k \frac{\partial L}{\partial Y_{nk}} Y_{nk} (\delta_{kc} - Y_{nc})
 *    = Y_{nc} \Big( \frac{\partial L}{\partial Y_{nc}} - \sum_k \frac{\partial L}{\partial Y_{nk}} Y_{nk} \Big) . $$
 *
 * The last form needs one sum per row (`inner`) instead of the $C \times C$ matrix of derivatives. A constant added
 * to a row of `dout` cancels. So with `dout` of ones the gradient is 0: check this layer with a random `dout`.
 */
export class Softmax extends Module {
  static override readonly name: string = 'Softmax';

  private probs: NdArray | undefined;

  /**
   * Computes the probabilities of every row of logits.
   *
   * @param x (N, C), or any shape whose last axis is that of the classes
   * @returns the shape of x, a fresh array: numbers from 0 to 1, and each row sums to 1
   */
  forward(x: NdArray): NdArray {
    assertFilled('Softmax.forward', 'x', x);
    const softmax = (rows: NdArray) => {
      const shifted = subtract(rows, max(rows, { axis: -1, keepDims: true })); // (N, C)
      const exponentials = exp(shifted); // (N, C)
      return divide(exponentials, sum(exponentials, { axis: -1, keepDims: true })); // (N, C)
    };
    const probs = mapRows(x, softmax, 'softmax'); // (N, C)
    this.probs = probs;
    return copy(probs); // the caller may write into it
  }

  backward(dout: NdArray): NdArray {
    const probs = this.cached(this.probs, dout); // (N, C)
    const inner = sum(multiply(dout, probs), { axis: -1, keepDims: true }); // (N, 1)
    return multiply(probs, subtract(dout, inner)); // (N, C)
  }
}
