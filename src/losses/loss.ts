import type { NdArray } from '../array/index.js';

/** What a net learns: which of some classes a sample belongs to, or numbers. */
export type LearningTask = 'classification' | 'regression';

/** A loss: one number that measures how wrong a batch of outputs is, and its gradient. */
export interface Loss {
  /**
   * What the targets are: classes, so that accuracy is measured, or numbers, so that R² is. Default: classes if there
   * are two columns of outputs or more, numbers for one column.
   */
  readonly task?: LearningTask;
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

/** A loss of numeric targets. */
export interface RegressionLoss extends Loss {
  readonly task: 'regression';
}
