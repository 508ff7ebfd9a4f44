import { normName } from '../experiment-report.js';
import { groupRuns, type MeasuredRun } from '../run-result.js';
import { type MeanDeviation, meanDeviation } from '../statistics.js';
import { MNIST_SETTINGS, type MnistSetting } from './mnist-plan.js';

/** The runs of one setting, with means over the seeds for each epoch. */
export interface MnistRow extends MnistSetting {
  runs: readonly MeasuredRun[];
  losses: readonly MeanDeviation[];
  accuracies: readonly MeanDeviation[];
}

/** One row for each setting that has finished runs. */
export function mnistRows(results: readonly MeasuredRun[]): MnistRow[] {
  const groups = groupRuns(
    MNIST_SETTINGS,
    results,
    (setting, { name, config }) => name === `${setting.name}-seed${config.seed}`,
  );
  return groups.map((group) => {
    const histories = group.runs.map(({ history }) => history.evaluations);
    const epochs = Array.from({ length: Math.min(...histories.map(({ length }) => length)) }, (_, i) => i);
    const means = (figure: 'trainLoss' | 'testAccuracy') =>
      epochs.map((epoch) => meanDeviation(histories.map((evaluations) => evaluations[epoch][figure])));
    return { ...group, losses: means('trainLoss'), accuracies: means('testAccuracy') };
  });
}

/** `batch norm, batch size 64`. */
export function settingText({ norm, batchSize, before }: MnistSetting): string {
  const text = `${normName(norm)}, batch size ${batchSize}`;
  return before === undefined ? text : `${text}, after ${before} epochs at 64`;
}
