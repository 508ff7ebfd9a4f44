import { type Experiment, seedsOption } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasurementFile, measurementSummary } from '../measurement.js';
import { firstSeeds } from '../train-job.js';
import { type OptimizationResult, optimizationReport } from './bn-report.js';
import { mlpMeasurements, sweepMeasurements } from './deep-mlp.js';
import { linearMeasurements } from './linear-network.js';

export const bnOptimization: Experiment<MeasurementFile<OptimizationResult>> = {
  name: 'bn-optimization',
  summary: 'how batch norm helps optimization: covariate shift, loss landscape, gradient predictiveness and smoothness',
  description:
    'Trains a deep linear network and a deep MLP without a norm, with batch norm, with batch norm and noise, with noise alone, and with three other norms. ' +
    'Measures internal covariate shift, loss landscape, gradient predictiveness and smoothness during training (Santurkar et al. 2018, ' +
    'arXiv 1805.11604).',
  expected: 'about 50 min with blas (2 seeds, two cores; estimated); --quick 1 min',
  options: [seedsOption('runs of each net', '2; with --quick 1')],
  jobs: ({ seeds: count, quick }) => {
    const seeds = firstSeeds(count ?? (quick ? 1 : 2));
    return [...linearMeasurements(seeds, quick), ...mlpMeasurements(seeds, quick), ...sweepMeasurements(quick)];
  },
  report: (files, context) =>
    claimsReport({ parts: files.map(measurementSummary) }, context, () => optimizationReport(files)),
};
