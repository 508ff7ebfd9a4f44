import { join } from 'node:path';
import { messageOf, Random } from '../../../array/index.js';
import { BatchNorm1d } from '../../../layers/batch-norm.js';
import { markdownTable } from '../../plots/page.js';
import { flagsOf } from '../../runs/run-flags.js';
import { writeWhole } from '../../runs/run-folder.js';
import { type Claim, claimsTable } from '../claims.js';
import { markdownReport, REPORT_FILES } from '../experiment.js';
import { effortText, type MeasuredRun } from '../run-result.js';
import { cellText, type NormsCell, normsCell, normsCells } from './norms-cells.js';
import { normsClaims } from './norms-claims.js';
import {
  NORM_NAMES,
  normalizationFigure,
  normsBatchFigure,
  normsCurvesFigure,
  normsRateFigure,
} from './norms-figures.js';
import {
  BATCH_SIZES,
  COMPARED_NORMS,
  IMAGES,
  LEARNING_RATE,
  normsConfig,
  SWEPT_BATCH,
  SWEPT_RATES,
} from './norms-plan.js';

const FIGURES = {
  batches: 'batch-sizes.svg',
  rates: 'learning-rates.svg',
  curves: 'curves.svg',
  axes: 'averaged-over.svg',
} as const;

/** Writes the report and its figures, and returns the claims. */
export async function writeNormsReport(out: string, results: readonly MeasuredRun[], warning = ''): Promise<Claim[]> {
  const cells = normsCells(results);
  const claims = normsClaims(cells);
  await writeWhole(join(out, FIGURES.axes), await normalizationFigure());
  await writeWhole(join(out, FIGURES.batches), await normsBatchFigure(cells));
  await writeWhole(join(out, FIGURES.rates), await normsRateFigure(cells));
  await writeWhole(join(out, FIGURES.curves), await normsCurvesFigure(cells));
  await writeWhole(join(out, REPORT_FILES.markdown), markdown(cells, claims, warning));
  return claims;
}

function markdown(cells: readonly NormsCell[], claims: readonly Claim[], warning: string): string {
  const seeds = Math.max(...cells.map(({ runs }) => runs.length));
  const command = flagsOf(normsConfig('batch', 8, LEARNING_RATE, 42)).join(' ');
  return markdownReport('Batch, layer and group norm', warning, [
    'CIFAR-10, pixels from −1 to 1. MLP 1024, 512, 256, 64 with ELU and a norm between each linear layer and its activation. Adam. Every ' +
      `net sees the same ${IMAGES.toLocaleString('en-US')} training images; the batch size sets the number of steps. The figures are test ` +
      `accuracies after the last step: the mean over ${seeds} seed${seeds === 1 ? '' : 's'} ± the sample standard deviation.`,
    `Made with \`npx handgrad experiment norms\`. To repeat one run: \`npx handgrad train ${command}\`. Engine: ${effortText(cells.flatMap(({ runs }) => runs))}.`,
    '## Claims',
    claimsTable(claims, warning === ''),
    `With batch size 1, \`BatchNorm1d\` throws in training: "${batchOfOneError()}".`,
    '## The batch size',
    `Learning rate ${LEARNING_RATE}. With large batches, the same images give few steps (batch size 512: ${IMAGES / 512} steps). This limits every net in the same way.`,
    `![Test accuracy by batch size](${FIGURES.batches})`,
    sweepTable(
      cells,
      BATCH_SIZES.map((size) => [`batch ${size}`, size, LEARNING_RATE]),
    ),
    `![Test accuracy over the training images](${FIGURES.curves})`,
    '## The learning rate',
    `Batch size ${SWEPT_BATCH}, ${IMAGES / SWEPT_BATCH} steps.`,
    `![Test accuracy by learning rate](${FIGURES.rates})`,
    sweepTable(
      cells,
      SWEPT_RATES.map((rate) => [`rate ${rate}`, SWEPT_BATCH, rate]),
    ),
    '## What each norm averages over',
    'A batch of 3 images with 4 channels of 3 × 4 pixels. The gradient of one output (framed) is 1. The layer’s own `backward` gives the ' +
      'gradients of the inputs: they are nonzero at the colored inputs and exactly 0 at the others.',
    `![Which inputs each norm averages over](${FIGURES.axes})`,
  ]);
}

/** One row per norm, and one column per setting that has runs. */
function sweepTable(
  cells: readonly NormsCell[],
  settings: readonly (readonly [header: string, batchSize: number, rate: number])[],
): string {
  const shown = settings.filter(([, size, rate]) => COMPARED_NORMS.some((norm) => normsCell(cells, norm, size, rate)));
  return markdownTable([
    ['norm', ...shown.map(([header]) => header)],
    ...COMPARED_NORMS.map((norm) => [
      NORM_NAMES[norm],
      ...shown.map(([, size, rate]) => cellText(normsCell(cells, norm, size, rate))),
    ]),
  ]);
}

/** What the layer says about a batch of one. */
function batchOfOneError(): string {
  try {
    new BatchNorm1d(4).forward(new Random(1).normal([1, 4]));
  } catch (error) {
    return messageOf(error);
  }
  throw new Error('a batch norm accepted a batch of one');
}
