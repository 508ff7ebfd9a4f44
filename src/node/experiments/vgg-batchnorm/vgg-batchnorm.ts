import { type Experiment, seedsOption } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasurementFile, measurementSummary } from '../measurement.js';
import { firstSeeds } from '../train-job.js';
import { vggStudyReport } from './vgg-study-report.js';
import { type VGGResult, vggMeasurements } from './vgg-training.js';

export const vggBatchnorm: Experiment<MeasurementFile<VGGResult>> = {
  name: 'vgg-batchnorm',
  summary: 'batch norm in VGG: speed, noise without a norm, covariate shift and the loss landscape',
  description:
    'Trains VGG-16, narrow, without a norm, with batch norm, with batch norm and noise, and with noise alone. Measures internal covariate ' +
    'shift, loss landscape, gradient predictiveness and smoothness during training, and finds the optimizer and the initial weights with ' +
    'which a net without batch norm does not learn.',
  expected: 'about 3 h (2 seeds, two cores; estimated, not run in full yet); --quick 1 min',
  options: [seedsOption('runs of each net', '2; with --quick 1')],
  jobs: ({ seeds, quick }) => vggMeasurements(firstSeeds(seeds ?? (quick ? 1 : 2)), quick),
  report: (files, context) =>
    claimsReport({ parts: files.map(measurementSummary) }, context, () => vggStudyReport(files)),
};
