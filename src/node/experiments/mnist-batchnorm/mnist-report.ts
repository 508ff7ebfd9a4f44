import { join } from 'node:path';
import { markdownTable } from '../../plots/page.js';
import { flagsOf } from '../../runs/run-flags.js';
import { writeWhole } from '../../runs/run-folder.js';
import { type Claim, claimsTable } from '../claims.js';
import { markdownReport, REPORT_FILES } from '../experiment.js';
import { effortText, type MeasuredRun } from '../run-result.js';
import { formatMean } from '../statistics.js';
import { mnistClaims } from './mnist-claims.js';
import { mnistBatchFigure, mnistEpochFigure } from './mnist-figures.js';
import { COURSE_EPOCHS, mnistConfig } from './mnist-plan.js';
import { type MnistRow, mnistRows, settingText } from './mnist-rows.js';

const FIGURES = { epochs: 'epochs.svg', batches: 'batch-sizes.svg' } as const;

/** Writes the report and its figures, and returns the claims. */
export async function writeMnistReport(out: string, results: readonly MeasuredRun[], warning = ''): Promise<Claim[]> {
  const rows = mnistRows(results);
  const claims = mnistClaims(rows);
  await writeWhole(join(out, FIGURES.epochs), await mnistEpochFigure(rows));
  await writeWhole(join(out, FIGURES.batches), await mnistBatchFigure(rows));
  await writeWhole(join(out, REPORT_FILES.markdown), markdown(rows, claims, warning));
  return claims;
}

function markdown(rows: readonly MnistRow[], claims: readonly Claim[], warning: string): string {
  const [first] = rows;
  const command = flagsOf(mnistConfig(first, 42)).join(' ');
  return markdownReport('Batch norm on MNIST', warning, [
    'A net 784-128-64-10 with ReLU, trained with and without batch norm between each linear layer and its ReLU. SGD with learning rate 0.01 ' +
      `and momentum 0.9, pixels from −1 to 1. The figures are means over ${first.runs.length} seed${first.runs.length === 1 ? '' : 's'} ± the sample standard deviation.`,
    'A course printed the mean loss of five epochs for three settings. Its notebook cells seem to have continued to train nets that were ' +
      'already trained. Our nets are newly initialized and train for ten epochs, to show in which epochs a net has the printed losses.',
    `Made with \`npx handgrad experiment mnist-batchnorm\`. To repeat one run: \`npx handgrad train ${command}\`. Engine: ${effortText(first.runs)}.`,
    '## Claims',
    claimsTable(claims, warning === ''),
    '## Mean training loss of each epoch',
    `![Training loss and test accuracy over the epochs](${FIGURES.epochs})`,
    lossTable(rows),
    '## Batch sizes, with batch norm',
    `![Training loss and test accuracy by batch size](${FIGURES.batches})`,
    accuracyTable(rows),
  ]);
}

function lossTable(rows: readonly MnistRow[]): string {
  const epochs = rows[0].losses.length;
  return markdownTable([
    ['setting', ...Array.from({ length: epochs }, (_, i) => `epoch ${i + 1}`)],
    ...rows.flatMap((row) => {
      const ours = [settingText(row), ...row.losses.map((loss) => formatMean(loss, 3))];
      if (!row.published) return [ours];
      const padding = Array<string>(Math.max(0, epochs - row.published.length)).fill('–');
      const printed = row.published.slice(0, epochs).map((loss) => loss.toFixed(3));
      return [ours, ['— printed by the course', ...printed, ...padding]];
    }),
  ]);
}

function accuracyTable(rows: readonly MnistRow[]): string {
  const epochs = rows[0].accuracies.length;
  const shown = [...new Set([0, Math.min(COURSE_EPOCHS, epochs) - 1, epochs - 1])];
  return markdownTable([
    ['setting', ...shown.map((i) => `test accuracy, epoch ${i + 1}`)],
    ...rows.map((row) => [settingText(row), ...shown.map((i) => formatMean(row.accuracies[i]))]),
  ]);
}
