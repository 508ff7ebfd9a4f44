/** The sums behind a `RunningMean`. */
export interface RunningSums {
  /** The number of samples. */
  samples: number;
  /** The sum of their losses. */
  loss: number;
  /** The number of correct predictions, up to rounding; 0 for a regression. */
  right: number;
}

/** Means over the steps between two evaluations, in which each sample counts once. */
export class RunningMean {
  private sums: RunningSums;

  /** @param sums the sums to start from. Default: zeros. */
  constructor(sums: RunningSums = { samples: 0, loss: 0, right: 0 }) {
    this.sums = { ...sums };
  }

  /** Adds a step by its mean loss and accuracy. */
  add({ samples, loss, accuracy = 0 }: { samples: number; loss: number; accuracy?: number }): void {
    this.sums.samples += samples;
    this.sums.loss += loss * samples;
    this.sums.right += accuracy * samples;
  }

  means(): { trainLoss: number; trainAccuracy: number } {
    const { samples, loss, right } = this.sums;
    return { trainLoss: loss / samples, trainAccuracy: right / samples };
  }

  /** A copy of the sums. */
  state(): RunningSums {
    return { ...this.sums };
  }
}
