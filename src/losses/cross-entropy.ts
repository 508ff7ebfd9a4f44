import { divide, log, max, maximum, min, multiply, type NdArray, sum } from '../array/index.js';
import type { Loss } from './loss.js';
import { assertBatch, finiteLoss } from './loss-checks.js';

/**
 * The cross-entropy of predicted probabilities against targets: the mean number of nats by which the net is
 * surprised at the truth. It follows a `Softmax`; for logits, `SoftmaxCrossEntropy` does both in one.
 *
 * **Forward.** With $S$ samples, probabilities $X$ (`probs`) and one-hot targets $T$ (`targets`):
 *
 * $$ L = -\frac1S \sum_{s,c} T_{sc} \ln X_{sc} . $$
 *
 * **Backward.** Each probability stands in one term, and $\mathrm d \ln x / \mathrm d x = 1/x$:
 *
 * $$ \frac{\partial L}{\partial X_{sc}} = -\frac1S \frac{T_{sc}}{X_{sc}}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = -\frac1S\, T \oslash X , $$
 *
 * where $\oslash$ divides element by element.
 *
 * A probability that has underflowed to 0 would make both infinite. Forward and backward therefore read the same
 * `clamped` probabilities, never below the smallest normal number of the dtype: only a 0 (or a number that has lost
 * its digits already) is changed, and the loss of one sample is at most 87.4 in float32, 708.4 in float64.
 */
export class CrossEntropy implements Loss {
  private clamped: NdArray | undefined;
  private targets: NdArray | undefined;

  /**
   * The mean loss over the batch.
   *
   * @param probs (N, C), rows of probabilities
   * @param targets (N, C), a distribution a row, usually one-hot; of the dtype of `probs`
   * @returns in nats
   * @throws RangeError for a number that is no probability, NonFiniteError for NaN; ShapeError or DtypeError for arrays that
   * do not fit each other
   */
  forward(probs: NdArray, targets: NdArray): number {
    assertBatch('CrossEntropy.forward', 'probs', probs, targets);
    const tiny = probs.dtype === 'float64' ? 2 ** -1022 : 2 ** -126;
    const wrong = [max(probs), min(probs)].find((p) => p < 0 || p > 1.001);
    if (wrong !== undefined)
      throw new RangeError(`CrossEntropy.forward: expected probabilities, got ${wrong}; a Softmax goes before`);
    const clamped = maximum(probs, tiny); // (N, C)
    const loss = -sum(multiply(targets, log(clamped))) / probs.shape[0];
    this.clamped = clamped;
    this.targets = targets;
    return finiteLoss('CrossEntropy.forward', loss);
  }

  backward(): NdArray {
    if (!this.clamped || !this.targets) throw new Error('CrossEntropy.backward: call forward first');
    const samples = this.targets.shape[0];
    return multiply(divide(this.targets, this.clamped), -1 / samples); // (N, C)
  }
}
