/** One look at a net in training. */
export interface HistoryEntry {
  /** How many updates have been made. */
  step: number;
  /** How many epochs had begun. */
  epoch: number;
  /** The mean loss in nats of all training samples since the look before, each batch taken before its own update. */
  trainLoss: number;
  /** The share of the same samples that was classified right, from 0 to 1. */
  trainAccuracy: number;
  /** The mean loss in nats on the whole test set. */
  testLoss: number;
  /** The share of the test set that was classified right, from 0 to 1. */
  testAccuracy: number;
}

/** Why a run ended before its last step. */
export interface EarlyStop {
  /** The signal said stop, or a loss or the gradient was not finite. */
  reason: 'interrupted' | 'diverged';
  /** The last step that was completed. */
  step: number;
  /** A sentence with the step and, for `diverged`, where on the way numbers went out of bounds. */
  message: string;
}

/** All that is recorded of a run; it holds no clock time, so the same seed gives the same bytes. */
export interface History {
  /** The loss of the first batch, before any update: about ln C for a net that begins without an opinion. */
  firstLoss: number | null;
  /** In the order of their steps. */
  evaluations: HistoryEntry[];
  /** Null for a run that reached its last step, or has not ended yet. */
  stopped: EarlyStop | null;
}

/** The look with the highest test accuracy, the first of equals; undefined when there was none. */
export function bestEntry(history: History): HistoryEntry | undefined {
  return history.evaluations.reduce<HistoryEntry | undefined>(
    (best, entry) => (best && best.testAccuracy >= entry.testAccuracy ? best : entry),
    undefined,
  );
}
