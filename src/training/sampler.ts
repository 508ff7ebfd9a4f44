import type { Random } from '../array/index.js';

/**
 * Draws mini-batches: each epoch visits every sample once, in a new random order. When the batch size does not
 * divide the number of samples, the last batch of an epoch is smaller.
 */
export class EpochSampler {
  /** How many epochs have begun. */
  epoch = 0;
  private order: Uint32Array = new Uint32Array(0);
  private position = 0;

  constructor(
    private readonly count: number,
    private readonly batchSize: number,
    private readonly rng: Random,
  ) {}

  /** The positions of the next batch's samples. */
  next(): Uint32Array {
    if (this.position >= this.order.length) {
      this.order = this.rng.permutation(this.count);
      this.position = 0;
      this.epoch++;
    }
    const batch = this.order.subarray(this.position, this.position + this.batchSize);
    this.position += batch.length;
    return batch;
  }
}
