import { type Experiment, seedsOption } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasurementFile, measurementSummary } from '../measurement.js';
import { firstSeeds } from '../train-job.js';
import { transferReport } from './transfer-report.js';
import { type TransferHistory, transferMeasurements } from './transfer-training.js';

export const transfer: Experiment<MeasurementFile<TransferHistory>> = {
  name: 'transfer',
  summary: 'a net that has learned five classes of CIFAR-10 learns the other five, with few images and with more',
  description:
    'Trains a small ConvNet on five classes of CIFAR-10 and then on the other five, with 50, 250 and 1,000 images per class: all layers, only the ' +
    'last one, and from scratch. The report says which command repeats question 4b of the course, DenseNet-121 with weights from ImageNet.',
  expected: 'about 30 min on two cores (2 seeds); --quick 40 s',
  options: [seedsOption('nets of every kind', '2; with --quick 1')],
  jobs: ({ seeds, quick }) => transferMeasurements(firstSeeds(seeds ?? (quick ? 1 : 2)), quick),
  report: (files, context) =>
    claimsReport({ parts: files.map(measurementSummary) }, context, () => transferReport(files)),
};
