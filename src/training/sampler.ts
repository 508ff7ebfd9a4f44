import type { Random, RandomState } from '../array/index.js';

/** The state of an `EpochSampler`. */
export interface SamplerState {
  /** How many epochs have begun. */
  epoch: number;
  /** How many samples of this epoch have been drawn. */
  position: number;
  /**
   * The generator before it drew the order of this epoch, so that it can draw it again; null before the first epoch.
   */
  before: RandomState | null;
  /** The generator now. */
  now: RandomState;
}

/**
 * Draws mini-batches. Each epoch visits every sample once, in a new random order. If the batch size does not divide
 * the number of samples, the last batch of an epoch is smaller.
 */
export class EpochSampler {
  /** How many epochs have begun. */
  epoch = 0;
  private order: Uint32Array = new Uint32Array(0);
  private position = 0;
  private before: RandomState | null = null;

  constructor(
    private readonly count: number,
    private readonly batchSize: number,
    private readonly rng: Random,
  ) {}

  /** The positions of the next batch's samples. */
  next(): Uint32Array {
    if (this.position >= this.order.length) {
      this.before = this.rng.state();
      this.order = this.rng.permutation(this.count);
      this.position = 0;
      this.epoch++;
    }
    const batch = this.order.subarray(this.position, this.position + this.batchSize);
    this.position += batch.length;
    return batch;
  }

  /** The state, for `restore`. */
  state(): SamplerState {
    return { epoch: this.epoch, position: this.position, before: this.before, now: this.rng.state() };
  }

  /** Continues from a state: the next batches are those that followed it. */
  restore({ epoch, position, before, now }: SamplerState): void {
    if (before) {
      this.rng.restore(before);
      this.order = this.rng.permutation(this.count);
    }
    Object.assign(this, { epoch, position, before });
    this.rng.restore(now);
  }
}
