import { flagsOf } from '../../runs/run-flags.js';
import { type ClaimsReport, enginesText } from '../experiment-report.js';
import { formatMean } from '../statistics.js';
import { mnistClaims } from './mnist-claims.js';
import { mnistBatchFigure, mnistEpochFigure } from './mnist-figures.js';
import { COURSE_EPOCHS, mnistConfig } from './mnist-plan.js';
import { type MnistRow, settingText } from './mnist-rows.js';

/** The report of some settings, at least one. */
export function mnistReport(rows: readonly MnistRow[]): ClaimsReport {
  const [first] = rows;
  const command = flagsOf(mnistConfig(first, 42)).join(' ');
  const engines = enginesText(first.runs.map(({ effort }) => effort));
  return {
    title: 'Batch norm on MNIST',
    setup: [
      { file: 'epochs.svg', alt: 'Training loss and test accuracy over the epochs', svg: mnistEpochFigure(rows) },
      'A net 784-128-64-10 with ReLU, trained with and without batch norm between each linear layer and its ReLU. SGD with learning rate 0.01 ' +
        `and momentum 0.9, pixels from −1 to 1. The figures are means over ${first.runs.length} seed${first.runs.length === 1 ? '' : 's'} ± the sample standard deviation.`,
      'A course printed the mean loss of five epochs for three settings. The cell with batches of 32 goes on with the net of the cell before, ' +
        'with a new optimizer; one arm does the same. All other nets are newly initialized and train for ten epochs, to show in which epochs ' +
        'a net has the printed losses.',
      `Made with \`npx handgrad experiment mnist-batchnorm\`. To repeat one run: \`npx handgrad train ${command}\`. Engine: ${engines}.`,
    ],
    claims: mnistClaims(rows),
    parts: [
      { heading: 'Mean training loss of each epoch' },
      lossCells(rows),
      { heading: 'Batch sizes, with batch norm' },
      { file: 'batch-sizes.svg', alt: 'Training loss and test accuracy by batch size', svg: mnistBatchFigure(rows) },
      accuracyCells(rows),
    ],
  };
}

function lossCells(rows: readonly MnistRow[]): string[][] {
  const epochs = rows[0].losses.length;
  return [
    ['setting', ...Array.from({ length: epochs }, (_, i) => `epoch ${i + 1}`)],
    ...rows.flatMap((row) => {
      const padded = (cells: string[]) => Array.from({ length: epochs }, (_, i) => cells[i] ?? '–');
      const ours = [settingText(row), ...padded(row.losses.map((loss) => formatMean(loss, 3)))];
      if (!row.published) return [ours];
      return [ours, ['— printed by the course', ...padded(row.published.map((loss) => loss.toFixed(3)))]];
    }),
  ];
}

function accuracyCells(rows: readonly MnistRow[]): string[][] {
  const epochs = rows[0].accuracies.length;
  const shown = [...new Set([0, Math.min(COURSE_EPOCHS, epochs) - 1, epochs - 1])];
  return [
    ['setting', ...shown.map((i) => `test accuracy, epoch ${i + 1}`)],
    ...rows.map((row) => [
      settingText(row),
      ...shown.map((i) => (i < row.accuracies.length ? formatMean(row.accuracies[i]) : '–')),
    ]),
  ];
}
