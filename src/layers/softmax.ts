import {
  assertFilled,
  assertLike,
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
import { Module, remembered } from './module.js';

/**
 * The softmax: turns each row of scores (logits) into probabilities, positive and of sum 1. It ends a
 * classifier, and hands its rows to the cross-entropy.
 *
 * **Forward**, along the last axis:
 *
 * $$ Y_{in} = \frac{e^{X_{in}}}{\sum_k e^{X_{ik}}} = \frac{e^{X_{in} - m_i}}{\sum_k e^{X_{ik} - m_i}},
 *    \qquad m_i = \max_k X_{ik} . $$
 *
 * The second form is the first with $e^{-m_i}$ above and below: equal, but no exponent is positive, so nothing
 * overflows, and the sum is at least 1.
 *
 * **Backward.** Every output of a row depends on every input of that row. Write $E_{in} = e^{X_{in}}$ and $Z_i$ for
 * the row's sum; the quotient rule gives
 *
 * $$ \frac{\partial Y_{in}}{\partial X_{ij}} = \frac{\delta_{jn} E_{in} Z_i - E_{in} E_{ij}}{Z_i^2} = Y_{in}\,(\delta_{jn} - Y_{ij}), $$
 *
 * and the chain rule sums over the row's outputs:
 *
 * $$ \frac{\partial L}{\partial X_{ij}} = \sum_n \frac{\partial L}{\partial Y_{in}} Y_{in} (\delta_{jn} - Y_{ij})
 *    = Y_{ij} \Big( \frac{\partial L}{\partial Y_{ij}} - \sum_n \frac{\partial L}{\partial Y_{in}} Y_{in} \Big) . $$
 *
 * The last form needs one sum a row (`inner`), not the $C \times C$ matrix of derivatives. A constant added to a row
 * of `dout` cancels: with `dout` of ones the gradient is 0, so check this layer with a random one.
 */
export class Softmax extends Module {
  private probs: NdArray | undefined;

  /**
   * The probabilities of every row of logits.
   *
   * @param x (N, C), or any shape whose last axis is that of the classes
   * @returns the shape of x, a fresh array: numbers from 0 to 1, each row of sum 1
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
    return copy(probs); // the caller may write into its own
  }

  backward(dout: NdArray): NdArray {
    const probs = remembered('Softmax', this.probs); // (N, C)
    assertLike('Softmax.backward', 'dout', dout, probs);
    const inner = sum(multiply(dout, probs), { axis: -1, keepDims: true }); // (N, 1)
    return multiply(probs, subtract(dout, inner)); // (N, C)
  }
}
