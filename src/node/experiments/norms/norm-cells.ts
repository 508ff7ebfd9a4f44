import type { FinishedRun } from '../finished.js';
import { type Summary, summary } from '../summary.js';
import { BATCH_SIZES, COMPARED_NORMS, type ComparedNorm, LEARNING_RATE, SWEPT_BATCH, SWEPT_RATES } from './norms.js';

/** The runs of one norm with one size of batches and one learning rate. */
export interface NormCell {
  norm: ComparedNorm;
  batchSize: number;
  learningRate: number;
  runs: readonly FinishedRun[];
  /** Test accuracy after the last step. */
  accuracy: Summary;
}

/** A cell for each setting that has finished runs. */
export function normCells(finished: readonly FinishedRun[]): NormCell[] {
  const settings = COMPARED_NORMS.flatMap((norm) => [
    ...BATCH_SIZES.map((batchSize) => ({ norm, batchSize, learningRate: LEARNING_RATE })),
    ...SWEPT_RATES.filter((rate) => rate !== LEARNING_RATE || !BATCH_SIZES.includes(SWEPT_BATCH)).map(
      (learningRate) => ({ norm, batchSize: SWEPT_BATCH, learningRate }),
    ),
  ]);
  return settings.flatMap((setting) => {
    const { norm, batchSize, learningRate } = setting;
    const runs = finished.filter(
      ({ config }) => config.norm === norm && config.batchSize === batchSize && config.learningRate === learningRate,
    );
    if (runs.length === 0) return [];
    return { ...setting, runs, accuracy: summary(runs.map(({ last }) => last.testAccuracy)) };
  });
}

/** The cell of a setting. */
export function find(
  cells: readonly NormCell[],
  norm: ComparedNorm,
  batchSize: number,
  learningRate: number,
): NormCell | undefined {
  return cells.find((cell) => cell.norm === norm && cell.batchSize === batchSize && cell.learningRate === learningRate);
}
