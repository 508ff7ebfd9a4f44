import { modelNamed } from '../../../models/model-table.js';
import { groupRuns, type MeasuredRun } from '../run-result.js';
import { formatMean, type MeanDeviation, meanDeviation } from '../statistics.js';
import {
  BATCH_SIZES,
  COMPARED_NORMS,
  type ComparedNorm,
  LEARNING_RATE,
  SWEPT_BATCH,
  SWEPT_RATES,
} from './norms-plan.js';

/** The runs of one norm at one batch size and one learning rate. */
export interface NormsCell {
  norm: ComparedNorm;
  batchSize: number;
  learningRate: number;
  runs: readonly MeasuredRun[];
  /** The test accuracy after the last step. */
  accuracy: MeanDeviation;
}

/** One cell for each setting that has finished runs. */
export function normsCells(results: readonly MeasuredRun[]): NormsCell[] {
  const settings = COMPARED_NORMS.flatMap((norm) => [
    ...BATCH_SIZES.map((batchSize) => ({ norm, batchSize, learningRate: LEARNING_RATE })),
    ...SWEPT_RATES.filter((rate) => rate !== LEARNING_RATE || !BATCH_SIZES.includes(SWEPT_BATCH)).map(
      (learningRate) => ({ norm, batchSize: SWEPT_BATCH, learningRate }),
    ),
  ]);
  const groups = groupRuns(settings, results, ({ norm, batchSize, learningRate }, { config }) => {
    return (
      modelNamed('mlp', config).norm === norm && config.batchSize === batchSize && config.learningRate === learningRate
    );
  });
  return groups.map((group) => ({
    ...group,
    accuracy: meanDeviation(group.runs.map(({ last }) => last.testAccuracy)),
  }));
}

/** The cell of a setting. */
export function normsCell(
  cells: readonly NormsCell[],
  norm: ComparedNorm,
  batchSize: number,
  learningRate = LEARNING_RATE,
): NormsCell | undefined {
  return cells.find((cell) => cell.norm === norm && cell.batchSize === batchSize && cell.learningRate === learningRate);
}

/** `0.4234 ± 0.0052`, or a dash if there is no such cell. */
export function cellText(cell: NormsCell | undefined): string {
  return cell ? formatMean(cell.accuracy) : '–';
}
