import { type Experiment, seedsOption } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasuredRun, runSummary } from '../run-result.js';
import { firstSeeds } from '../train-job.js';
import { normsJobs } from './norms-plan.js';
import { normsReport } from './norms-report.js';

export const norms: Experiment<MeasuredRun> = {
  name: 'norms',
  summary: 'batch, layer and group norm at seven batch sizes and five learning rates',
  description:
    'Trains an MLP on CIFAR-10 without a norm and with batch, layer and group norm, at seven batch sizes and five learning rates. ' +
    'Tests whether batch norm degrades with small batches and whether it allows higher learning rates.',
  expected: 'about 1 h with blas (3 seeds, two cores); --quick 1 min',
  options: [seedsOption('runs of each setting', '3; with --quick 1')],
  jobs: ({ seeds, quick }) => normsJobs(firstSeeds(seeds ?? (quick ? 1 : 3)), quick),
  report: (runs, context) => claimsReport({ runs: runs.map(runSummary) }, context, () => normsReport(runs)),
};
