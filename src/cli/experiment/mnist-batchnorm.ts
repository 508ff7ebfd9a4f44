import type { Command } from 'commander';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { mnistRuns } from '../../node/experiments/mnist-batchnorm/mnist-batchnorm.js';
import { mnistClaims, writeMnistReport } from '../../node/experiments/mnist-batchnorm/mnist-batchnorm-report.js';
import { shortened } from '../../node/experiments/plan.js';
import { addRunsExperiment } from './runs-experiment.js';

/** Adds `handgrad experiment mnist-batchnorm`. */
export function addMnistBatchnorm(experiment: Command): void {
  addRunsExperiment(experiment, {
    entry: CATALOGUE['mnist-batchnorm'],
    description:
      'Trains a net on MNIST without batch norm and with it, then with batches of 16 to 512, and lays the losses that a course ' +
      'printed beside those of fresh nets.',
    plans: (seeds, quick) => mnistRuns(seeds, quick ? shortened : (config) => config),
    report: async (out, runs, warning) => {
      const { rows, report } = await writeMnistReport(out, runs, warning);
      return { report, figures: { claims: mnistClaims(rows) } };
    },
  });
}
