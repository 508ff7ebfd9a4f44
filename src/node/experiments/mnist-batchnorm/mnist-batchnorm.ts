import { type Experiment, seedsOption } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasuredRun, runSummary } from '../run-result.js';
import { firstSeeds } from '../train-job.js';
import { mnistJobs } from './mnist-plan.js';
import { mnistReport } from './mnist-report.js';
import { mnistRows } from './mnist-rows.js';

export const mnistBatchnorm: Experiment<MeasuredRun> = {
  name: 'mnist-batchnorm',
  summary:
    "a course's batch norm on MNIST: its printed losses next to those of newly initialized nets, and the batch size",
  description:
    'Trains a net on MNIST without batch norm and with it, then with batch sizes from 16 to 512, and compares the losses that a course ' +
    'printed with those of newly initialized nets.',
  expected: 'about 6 min with blas (3 seeds, two cores); --quick 1 min',
  options: [seedsOption('runs of each setting', '3; with --quick 1')],
  jobs: ({ seeds, quick }) => mnistJobs(firstSeeds(seeds ?? (quick ? 1 : 3)), quick),
  report: (results, context) => {
    const rows = mnistRows(results);
    const runs = rows.flatMap((row) => row.runs);
    return claimsReport({ runs: runs.map(runSummary) }, context, () => mnistReport(rows));
  },
};
