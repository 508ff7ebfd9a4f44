import type { Loss, RegressionLoss } from '../losses/loss.js';
import type { Score } from './score-text.js';

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
  /** The accuracy on the same samples, from 0 to 1. Only of a classifier. */
  trainAccuracy?: number;
  /** The mean loss on the whole test set. */
  testLoss: number;
  /** The accuracy on the test set, from 0 to 1. Only of a classifier. */
  testAccuracy?: number;
  /** $R^2$ on the test set: 1 for exact predictions, 0 for those of the mean target. Only of a regression. */
  testR2?: number;
}

/** The score of an evaluation on the test set. */
export function testScore({ testAccuracy, testR2 }: HistoryEntry): Score {
  return { accuracy: testAccuracy, r2: testR2 };
}

/** One evaluation of a classifier in training. */
export type ClassifierEntry = Required<Omit<HistoryEntry, 'testR2'>>;

/** One evaluation of a regression in training. */
export type RegressionEntry = Required<Omit<HistoryEntry, 'trainAccuracy' | 'testAccuracy'>>;

/** What is recorded with a loss. A loss whose type does not name its task counts as that of a classifier. */
export type EntryOf<L extends Loss> = L extends RegressionLoss ? RegressionEntry : ClassifierEntry;

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
export interface History<Entry extends HistoryEntry = HistoryEntry> {
  /** The loss of the first batch, before any update: about ln C for a net that starts with equal probabilities. */
  firstLoss: number | null;
  /** In the order of their steps. */
  evaluations: Entry[];
  /** Null for a run that reached its last step, or that has not ended yet. */
  stopped: EarlyStop | null;
}

/**
 * The evaluation with the highest test accuracy, or of a regression the one with the lowest test loss; the first one of
 * equals; undefined before any evaluation.
 */
export function bestEntry<Entry extends HistoryEntry>(history: History<Entry>): Entry | undefined {
  const score = ({ testAccuracy, testLoss }: HistoryEntry) => testAccuracy ?? -testLoss;
  return history.evaluations.reduce<Entry | undefined>(
    (best, entry) => (best && score(best) >= score(entry) ? best : entry),
    undefined,
  );
}
