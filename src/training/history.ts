/** One look at a net in training. */
export interface HistoryEntry {
  /** How many updates have been made. */
  step: number;
  /** How many epochs had begun. */
  epoch: number;
  /** Mean loss and accuracy of all training batches since the look before, each taken before its own update. */
  trainLoss: number;
  trainAccuracy: number;
  /** Loss and accuracy on the whole test set. */
  testLoss: number;
  testAccuracy: number;
}

/** Why a run ended before its last step. */
export interface EarlyStop {
  reason: 'interrupted' | 'diverged';
  /** The last step that was completed. */
  step: number;
  message: string;
}

/** All that is recorded of a run; it holds no clock time, so the same seed gives the same bytes. */
export interface History {
  /** The loss of the first batch, before any update: about ln C for a net that begins without an opinion. */
  firstLoss: number | null;
  evaluations: HistoryEntry[];
  stopped: EarlyStop | null;
}

/** The look with the highest test accuracy, the first of equals; undefined when there was none. */
export function bestEntry(history: History): HistoryEntry | undefined {
  return history.evaluations.reduce<HistoryEntry | undefined>(
    (best, entry) => (best && best.testAccuracy >= entry.testAccuracy ? best : entry),
    undefined,
  );
}
