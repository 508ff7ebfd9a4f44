import type { Experiment } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasurementFile, measurementSummary } from '../measurement.js';
import { accumulationReport } from './accumulation-report.js';
import { type MemoryUse, memoryMeasurements } from './memory-measurement.js';

export const accumulation: Experiment<MeasurementFile<MemoryUse>> = {
  name: 'accumulation',
  summary:
    'gradient accumulation: one large batch and its micro-batches, with gradients, memory, time, and wrong divisors',
  description:
    'Compares the gradient of one large batch with the accumulated gradient of its micro-batches, array by array. Shows the effect of ' +
    'wrong divisors, and measures memory and time by the size of the micro-batches.',
  expected: 'about 2 min with blas on two cores; --quick 20 s',
  options: [],
  oneAtATime: true,
  jobs: ({ quick }) => memoryMeasurements(quick),
  report: (files, context) =>
    claimsReport({ parts: files.map(measurementSummary) }, context, () => accumulationReport(files)),
};
