import { type Experiment, seedsOption } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasurementFile, measurementSummary } from '../measurement.js';
import { firstSeeds } from '../train-job.js';
import { type GradientHistory, gradientMeasurements } from './gradient-tracking.js';
import { vanishingReport } from './vanishing-report.js';

export const vanishing: Experiment<MeasurementFile<GradientHistory>> = {
  name: 'vanishing',
  summary: 'the gradient of every layer during training with ELU, ReLU and tanh, as heat maps; setup 9 of Table 1',
  description:
    'Measures the gradient of every layer during training with ELU, ReLU and tanh: in a deep net without a norm, and in the net of three ' +
    'setups of Table 1.',
  expected: 'about 10 min with blas on two cores; --quick 30 s',
  options: [seedsOption('runs of the deep net', '3; with --quick 1')],
  jobs: ({ seeds, quick }) => gradientMeasurements(firstSeeds(seeds ?? (quick ? 1 : 3)), quick),
  report: (files, context) =>
    claimsReport({ parts: files.map(measurementSummary) }, context, () => vanishingReport(files)),
};
