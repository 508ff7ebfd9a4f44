import { messageOf, Random } from '../../../array/index.js';
import { BatchNorm1d } from '../../../layers/batch-norm.js';
import { flagsOf } from '../../runs/run-flags.js';
import { type ClaimsReport, enginesText, normName } from '../experiment-report.js';
import type { MeasuredRun } from '../run-result.js';
import { cellText, type NormsCell, normsCell, normsCells } from './norms-cells.js';
import { normsClaims } from './norms-claims.js';
import { normalizationFigure, normsBatchFigure, normsCurvesFigure, normsRateFigure } from './norms-figures.js';
import {
  BATCH_SIZES,
  COMPARED_NORMS,
  IMAGES,
  LEARNING_RATE,
  normsConfig,
  SWEPT_BATCH,
  SWEPT_RATES,
} from './norms-plan.js';

/** The report of some runs. */
export function normsReport(results: readonly MeasuredRun[]): ClaimsReport {
  const cells = normsCells(results);
  const seeds = Math.max(...cells.map(({ runs }) => runs.length));
  const command = flagsOf(normsConfig('batch', 8, LEARNING_RATE, 42)).join(' ');
  const engines = enginesText(cells.flatMap(({ runs }) => runs.map(({ effort }) => effort)));
  return {
    title: 'Batch, layer and group norm',
    setup: [
      { file: 'batch-sizes.svg', alt: 'Test accuracy by batch size', svg: normsBatchFigure(cells) },
      'CIFAR-10, pixels from −1 to 1. MLP 1024, 512, 256, 64 with ELU and a norm between each linear layer and its activation. Adam. Every ' +
        `net sees the same ${IMAGES.toLocaleString('en-US')} training images; the batch size sets the number of steps. The figures are test ` +
        `accuracies after the last step: the mean over ${seeds} seed${seeds === 1 ? '' : 's'} ± the sample standard deviation.`,
      `Made with \`npx handgrad experiment norms\`. To repeat one run: \`npx handgrad train ${command}\`. Engine: ${engines}.`,
    ],
    claims: normsClaims(cells),
    parts: [
      `With batch size 1, \`BatchNorm1d\` throws in training: "${batchOfOneError()}".`,
      { heading: 'The batch size' },
      `Learning rate ${LEARNING_RATE}. With large batches, the same images give few steps (batch size 512: ${IMAGES / 512} steps). This limits every net in the same way.`,
      sweepCells(
        cells,
        BATCH_SIZES.map((size) => [`batch ${size}`, size, LEARNING_RATE]),
      ),
      { file: 'curves.svg', alt: 'Test accuracy over the training images', svg: normsCurvesFigure(cells) },
      { heading: 'The learning rate' },
      `Batch size ${SWEPT_BATCH}, ${IMAGES / SWEPT_BATCH} steps.`,
      { file: 'learning-rates.svg', alt: 'Test accuracy by learning rate', svg: normsRateFigure(cells) },
      sweepCells(
        cells,
        SWEPT_RATES.map((rate) => [`rate ${rate}`, SWEPT_BATCH, rate]),
      ),
      { heading: 'What each norm averages over' },
      'A batch of 3 images with 4 channels of 3 × 4 pixels. The gradient of one output (framed) is 1. The layer’s own `backward` gives the ' +
        'gradients of the inputs: they are nonzero at the colored inputs and exactly 0 at the others.',
      { file: 'averaged-over.svg', alt: 'Which inputs each norm averages over', svg: normalizationFigure() },
    ],
  };
}

/** One row per norm, and one column per setting that has runs. */
function sweepCells(
  cells: readonly NormsCell[],
  settings: readonly (readonly [header: string, batchSize: number, rate: number])[],
): string[][] {
  const shown = settings.filter(([, size, rate]) => COMPARED_NORMS.some((norm) => normsCell(cells, norm, size, rate)));
  const rows = COMPARED_NORMS.map((norm) => {
    return [normName(norm), ...shown.map(([, size, rate]) => cellText(normsCell(cells, norm, size, rate)))];
  });
  return [['norm', ...shown.map(([header]) => header)], ...rows];
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
