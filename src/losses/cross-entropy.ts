import { divide, log, max, maximum, min, multiply, type NdArray, sum } from '../array/index.js';
import type { Loss } from './loss.js';
import { assertBatch, finiteLoss } from './loss-checks.js';

/**
 * The cross-entropy of predicted probabilities and targets. It is small if the predicted probability of the true
 * class is close to 1. It follows a `Softmax`; for logits, `SoftmaxCrossEntropy` does both in one.
 *
 * **Forward.** With a batch of $N$ samples, probabilities $X$ (`probs`) and one-hot targets $T$ (`targets`):
 *
 * $$ L = -\frac1N \sum_{n,c} T_{nc} \ln X_{nc} . $$
 *
 * **Backward.** Each probability occurs in one term, and $\mathrm d \ln x / \mathrm d x = 1/x$:
 *
 * $$ \frac{\partial L}{\partial X_{nc}} = -\frac1N \frac{T_{nc}}{X_{nc}}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = -\frac1N\, T \oslash X , $$
 *
 * where $\oslash$ divides element by element.
 *
 * **Clamping.** A probability that has underflowed to 0 would make both infinite. So forward and backward use
 * `clamped` probabilities, which are at least $\epsilon$, the smallest normal number of the dtype. The loss of one
 * sample is then at most $-\ln \epsilon$: 87.3 in float32, 708.4 in float64. Below $\epsilon$ the clamped loss is
 * constant, so its derivative is 0. Backward does not return this 0: it would leave the most wrong predictions
 * without a gradient. It returns $-T/(N\epsilon)$, the slope at $X = \epsilon$, which still points toward a larger
 * probability. A finite difference taken below $\epsilon$ therefore disagrees with backward.
 */
export class CrossEntropy implements Loss {
  /** The name in reports. A minified bundle keeps it. */
  static readonly name: string = 'CrossEntropy';

  readonly task = 'classification';
  private clamped: NdArray | undefined;
  private targets: NdArray | undefined;

  /**
   * Computes the mean loss over the batch.
   *
   * @param probs (N, C), one row of probabilities per sample
   * @param targets (N, C), one distribution per row, usually one-hot; of the dtype of `probs`
   * @returns the loss in nats
   * @throws RangeError for a number that is not a probability, NonFiniteError for NaN, ShapeError or DtypeError if
   * the arrays do not match
   */
  forward(probs: NdArray, targets: NdArray): number {
    assertBatch('CrossEntropy.forward', 'probs', probs, targets);
    const tiny = probs.dtype === 'float64' ? 2 ** -1022 : 2 ** -126;
    const wrong = [max(probs), min(probs)].find((p) => p < 0 || p > 1.001);
    if (wrong !== undefined)
      throw new RangeError(
        `CrossEntropy.forward: expected probabilities, got ${wrong}; put a Softmax before this loss`,
      );
    const clamped = maximum(probs, tiny); // (N, C)
    const loss = -sum(multiply(targets, log(clamped))) / probs.shape[0];
    this.clamped = clamped;
    this.targets = targets;
    return finiteLoss('CrossEntropy.forward', loss);
  }

  backward(): NdArray {
    if (!this.clamped || !this.targets) throw new Error('CrossEntropy.backward: call forward first');
    const N = this.targets.shape[0];
    return multiply(divide(this.targets, this.clamped), -1 / N); // (N, C)
  }
}
