import type { NdArray } from '../array/index.js';

/** A loss: one number that measures how wrong a batch of outputs is, and its gradient. */
export interface Loss {
  /**
   * Computes the mean loss over the batch.
   *
   * @param outputs (N, C), the outputs of the net
   * @param targets (N, C), the desired outputs: for a classification, one distribution per row, usually one-hot
   * @returns the loss; a cross-entropy is in nats
   * @throws NonFiniteError if the loss is NaN or infinite
   */
  forward(outputs: NdArray, targets: NdArray): number;
  /**
   * Returns dL/doutputs of the last `forward`, a fresh array (N, C).
   *
   * @throws Error before the first `forward`
   */
  backward(): NdArray;
}
