/** The sums behind a `RunningMean`. */
export interface RunningSums {
  /** How many samples were added up. */
  samples: number;
  /** Their losses together, in nats. */
  loss: number;
  /** How many of them were classified right, but for rounding. */
  right: number;
}

/** Means over the steps between two looks at the test set, each sample counting once. */
export class RunningMean {
  private sums: RunningSums;

  /** @param sums what has been added up already; nothing without */
  constructor(sums: RunningSums = { samples: 0, loss: 0, right: 0 }) {
    this.sums = { ...sums };
  }

  /** Adds a step by its mean loss and accuracy. */
  add({ samples, loss, accuracy }: { samples: number; loss: number; accuracy: number }): void {
    this.sums.samples += samples;
    this.sums.loss += loss * samples;
    this.sums.right += accuracy * samples;
  }

  means(): { trainLoss: number; trainAccuracy: number } {
    const { samples, loss, right } = this.sums;
    return { trainLoss: loss / samples, trainAccuracy: right / samples };
  }

  /** A copy of the sums, to go on from. */
  state(): RunningSums {
    return { ...this.sums };
  }
}
