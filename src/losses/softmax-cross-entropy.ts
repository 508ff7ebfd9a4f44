import { exp, log, mapRows, max, multiply, type NdArray, subtract, sum } from '../array/index.js';
import type { Loss } from './loss.js';
import { assertBatch, finiteLoss } from './loss-checks.js';

/**
 * Softmax and cross-entropy in one, on logits. In exact arithmetic it equals a `Softmax` followed by a
 * `CrossEntropy`. In floating point it is better: no probability is rounded to 0 before its logarithm is taken. So
 * nothing needs a clamp, and a confident mistake keeps its full gradient.
 *
 * **Forward.** With a batch of $N$ samples, logits $X$, targets $T$ whose rows sum to 1, $m_n = \max_k X_{nk}$, and
 * the probabilities $Y$ of a softmax:
 *
 * $$ \begin{aligned}
 *    \ln Y_{nc} &= X_{nc} - \ln \sum_k e^{X_{nk}} = (X_{nc} - m_n) - \ln \sum_k e^{X_{nk} - m_n}, \\
 *    L &= -\frac1N \sum_{n,c} T_{nc} \ln Y_{nc} .
 * \end{aligned} $$
 *
 * The shifted form (`logProbs`) has no positive exponent, and its sum is at least 1. It is finite for logits up to
 * half the largest number of the dtype.
 *
 * **Backward.** Put $\partial L/\partial Y_{nk} = -\frac1N T_{nk}/Y_{nk}$, the gradient of the cross-entropy, into
 * the backward of the softmax. The $Y_{nk}$ cancel, and the rows of $T$ sum to 1:
 *
 * $$ \frac{\partial L}{\partial X_{nc}} = \sum_k -\frac1N \frac{T_{nk}}{Y_{nk}} Y_{nk} (\delta_{kc} - Y_{nc})
 *    = -\frac1N \Big( T_{nc} - Y_{nc} \sum_k T_{nk} \Big) , $$
 *
 * $$ \frac{\partial L}{\partial X} = \frac1N (Y - T) . $$
 *
 * The gradient is the prediction minus the target.
 */
export class SoftmaxCrossEntropy implements Loss {
  /** The name in reports. A minified bundle keeps it. */
  static readonly name: string = 'SoftmaxCrossEntropy';

  readonly task = 'classification';
  private logProbs: NdArray | undefined;
  private targets: NdArray | undefined;

  /**
   * Computes the mean loss over the batch.
   *
   * @param logits (N, C), finite scores
   * @param targets (N, C), one distribution per row, usually one-hot; of the dtype of `logits`
   * @returns the loss in nats
   * @throws NonFiniteError for logits that are not finite, ShapeError or DtypeError if the arrays do not match
   */
  forward(logits: NdArray, targets: NdArray): number {
    assertBatch('SoftmaxCrossEntropy.forward', 'logits', logits, targets);
    const logSoftmax = (rows: NdArray) => {
      const shifted = subtract(rows, max(rows, { axis: -1, keepDims: true })); // (N, C)
      const logSums = log(sum(exp(shifted), { axis: -1, keepDims: true })); // (N, 1)
      return subtract(shifted, logSums); // (N, C)
    };
    this.logProbs = mapRows(logits, logSoftmax, 'logSoftmax'); // (N, C)
    this.targets = targets;
    const loss = -sum(multiply(targets, this.logProbs)) / logits.shape[0];
    return finiteLoss('SoftmaxCrossEntropy.forward', loss);
  }

  backward(): NdArray {
    if (!this.logProbs || !this.targets) throw new Error('SoftmaxCrossEntropy.backward: call forward first');
    const N = this.targets.shape[0];
    const probs = exp(this.logProbs); // (N, C)
    return multiply(subtract(probs, this.targets), 1 / N); // (N, C)
  }
}
