import type { MeasuredRun } from '../run-result.js';
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
  return MNIST_SETTINGS.flatMap((setting) => {
    const runs = results.filter(
      ({ config }) => config.model.norm === setting.norm && config.batchSize === setting.batchSize,
    );
    if (runs.length === 0) return [];
    const epochs = Math.min(...runs.map(({ history }) => history.evaluations.length));
    const means = (figure: 'trainLoss' | 'testAccuracy') =>
      Array.from({ length: epochs }, (_, i) =>
        meanDeviation(runs.map(({ history }) => history.evaluations[i][figure])),
      );
    return { ...setting, runs, losses: means('trainLoss'), accuracies: means('testAccuracy') };
  });
}

/** `batch norm, batch size 64`. */
export function settingText({ norm, batchSize }: MnistSetting): string {
  return `${norm === 'none' ? 'no norm' : 'batch norm'}, batch size ${batchSize}`;
}
