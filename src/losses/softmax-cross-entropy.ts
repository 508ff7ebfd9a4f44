import { exp, log, mapRows, max, multiply, type NdArray, subtract, sum } from '../array/index.js';
import type { Loss } from './loss.js';
import { assertBatch, finiteLoss } from './loss-checks.js';

/**
 * Softmax and cross-entropy in one, on logits. Mathematically the two layers composed; numerically better than
 * they are: no probability is ever rounded to 0 before its logarithm is taken, so nothing needs a clamp, and a
 * confident mistake keeps its full gradient.
 *
 * **Forward.** With $S$ samples, logits $X$, targets $T$ whose rows sum to 1, $m_s = \max_k X_{sk}$, and $Y$ the
 * probabilities that a softmax would give:
 *
 * $$ \begin{aligned}
 *    \ln Y_{sc} &= X_{sc} - \ln \sum_k e^{X_{sk}} = (X_{sc} - m_s) - \ln \sum_k e^{X_{sk} - m_s}, \\
 *    L &= -\frac1S \sum_{s,c} T_{sc} \ln Y_{sc} .
 * \end{aligned} $$
 *
 * The shifted form (`logProbs`) has no positive exponent and a sum of at least 1: finite for logits up to half the largest number of the dtype.
 *
 * **Backward.** Put $\partial L/\partial Y_{sn} = -\frac1S T_{sn}/Y_{sn}$ of the cross-entropy into the backward of the
 * softmax; first the $Y_{sn}$ cancel, then the rows of $T$ sum to 1:
 *
 * $$ \frac{\partial L}{\partial X_{sj}} = \sum_n -\frac1S \frac{T_{sn}}{Y_{sn}} Y_{sn} (\delta_{jn} - Y_{sj})
 *    = -\frac1S \Big( T_{sj} - Y_{sj} \sum_n T_{sn} \Big) , $$
 *
 * $$ \frac{\partial L}{\partial X} = \frac1S (Y - T) . $$
 *
 * What comes back is what was predicted minus what was true.
 */
export class SoftmaxCrossEntropy implements Loss {
  private logProbs: NdArray | undefined;
  private targets: NdArray | undefined;

  /**
   * The mean loss over the batch.
   *
   * @param logits (N, C), any finite scores
   * @param targets (N, C), a distribution a row, usually one-hot; of the dtype of `logits`
   * @returns in nats
   * @throws NonFiniteError for logits that are not finite; ShapeError or DtypeError for arrays that do not fit each other
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
    const samples = this.targets.shape[0];
    const probs = exp(this.logProbs); // (N, C)
    return multiply(subtract(probs, this.targets), 1 / samples); // (N, C)
  }
}
