import type { NdArray } from '../array/index.js';

/** A number that says how wrong a batch of outputs is, and its gradient. */
export interface Loss {
  /**
   * The mean loss over the batch.
   *
   * @param outputs (N, C) what the net gave
   * @param targets (N, C) what it should have given: a distribution a row, usually one-hot
   * @returns for a cross-entropy in nats
   * @throws NonFiniteError when the loss is NaN or infinite
   */
  forward(outputs: NdArray, targets: NdArray): number;
  /**
   * dL/doutputs of the last `forward`, (N, C): a fresh array.
   *
   * @throws Error before any `forward`
   */
  backward(): NdArray;
}
