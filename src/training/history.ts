/** One evaluation of a net in training. */
export interface HistoryEntry {
  /** The number of updates so far. */
  step: number;
  /** The number of epochs that have begun. */
  epoch: number;
  /**
   * The mean loss of all training samples since the previous evaluation, each batch before its own update. In nats
   * for a cross-entropy.
   */
  trainLoss: number;
  /** The accuracy on the same samples, from 0 to 1. */
  trainAccuracy: number;
  /** The mean loss on the whole test set. */
  testLoss: number;
  /** The accuracy on the test set, from 0 to 1. */
  testAccuracy: number;
}

/** Why a run ended before its last step. */
export interface EarlyStop {
  /** A signal stopped the run, or a loss or the gradient was not finite. */
  reason: 'interrupted' | 'diverged';
  /** The last completed step. */
  step: number;
  /** A sentence with the step and, for `diverged`, the layer where the first number was not finite. */
  message: string;
}

/** Everything that is recorded of a run. It holds no clock time, so the same seed gives the same bytes. */
export interface History {
  /** The loss of the first batch, before any update: about ln C for a net that starts with equal probabilities. */
  firstLoss: number | null;
  /** In the order of their steps. */
  evaluations: HistoryEntry[];
  /** Null for a run that reached its last step, or that has not ended yet. */
  stopped: EarlyStop | null;
}

/** The evaluation with the highest test accuracy, the first one of equals; undefined before any evaluation. */
export function bestEntry(history: History): HistoryEntry | undefined {
  return history.evaluations.reduce<HistoryEntry | undefined>(
    (best, entry) => (best && best.testAccuracy >= entry.testAccuracy ? best : entry),
    undefined,
  );
}
