import { join } from 'node:path';
import { messageOf, Random } from '../../../array/index.js';
import { BatchNorm1d } from '../../../layers/batch-norm.js';
import { markdownTable } from '../../plots/page.js';
import { type Line, panelsSvg } from '../../plots/panels.js';
import { stacksSvg } from '../../plots/stacks.js';
import { PALETTE } from '../../plots/svg.js';
import { writeWhole } from '../../runs/run-folder.js';
import { flagsOf } from '../../runs/setting-flags.js';
import { claimsTable, markdownReport } from '../claims.js';
import type { FinishedRun } from '../finished.js';
import { spreadOf } from '../mnist-batchnorm/mnist-batchnorm-report.js';
import { summary, summaryText } from '../summary.js';
import { effortText } from '../table1/table1-rows.js';
import { averagedOver, stackNorms } from './averaged-over.js';
import { find, type NormCell, normCells } from './norm-cells.js';
import {
  BATCH_SIZES,
  COMPARED_NORMS,
  type ComparedNorm,
  IMAGES,
  LEARNING_RATE,
  normConfig,
  SWEPT_BATCH,
  SWEPT_RATES,
} from './norms.js';
import { normsClaims } from './norms-claims.js';

const FILES = {
  markdown: 'report.md',
  batches: 'batch-sizes.svg',
  rates: 'learning-rates.svg',
  curves: 'curves.svg',
  stacks: 'averaged-over.svg',
} as const;

/** Writes the report and its pictures. */
export async function writeNormsReport(
  out: string,
  finished: readonly FinishedRun[],
  warning = '',
): Promise<{ cells: NormCell[]; report: string }> {
  const cells = normCells(finished);
  await writeWhole(join(out, FILES.stacks), stacksPicture());
  await writeWhole(join(out, FILES.batches), await batchesPicture(cells));
  await writeWhole(join(out, FILES.rates), await ratesPicture(cells));
  await writeWhole(join(out, FILES.curves), await curvesPicture(cells));
  await writeWhole(join(out, FILES.markdown), markdown(cells, warning));
  return { cells, report: FILES.markdown };
}

const NAMES: Record<ComparedNorm, string> = {
  none: 'no norm',
  batch: 'batch norm',
  layer: 'layer norm',
  group: 'group norm',
};

function markdown(cells: readonly NormCell[], warning: string): string {
  const seeds = Math.max(...cells.map(({ runs }) => runs.length));
  const command = flagsOf(normConfig('batch', 8, LEARNING_RATE, 42)).join(' ');
  const sizes = BATCH_SIZES.filter((size) => cells.some((cell) => cell.batchSize === size));
  const rates = SWEPT_RATES.filter((rate) =>
    cells.some((cell) => cell.learningRate === rate && cell.batchSize === SWEPT_BATCH),
  );
  return markdownReport('Batch, layer and group norm', warning, [
    'CIFAR-10, pixels from −1 to 1; MLP 1024, 512, 256, 64 with ELU, a norm between each linear layer and its activation; Adam. Every ' +
      `net sees the same ${IMAGES.toLocaleString('en-US')} training images, in as many steps as its batches take. Figures are test ` +
      `accuracies after the last step: means over ${seeds} seed${seeds === 1 ? '' : 's'} ± the standard deviation of the sample.`,
    `Made with \`npx handgrad experiment norms\`; one run alone: \`npx handgrad train ${command}\`. Engine: ${effortText(cells.flatMap(({ runs }) => runs))}.`,
    '## Claims',
    claimsTable(normsClaims(cells), warning === ''),
    `A batch of one: \`BatchNorm1d\` throws in training. It says: "${batchOfOne()}".`,
    '## The size of the batches',
    `Learning rate ${LEARNING_RATE}. Large batches make few steps of the same images (512: ${IMAGES / 512}), which holds every net back alike.`,
    `![Test accuracy against batch size](${FILES.batches})`,
    markdownTable([
      ['norm', ...sizes.map((size) => `batch ${size}`)],
      ...COMPARED_NORMS.map((norm) => [
        NAMES[norm],
        ...sizes.map((size) => cellText(find(cells, norm, size, LEARNING_RATE))),
      ]),
    ]),
    `![Test accuracy over the training images](${FILES.curves})`,
    '## The learning rate',
    `Batches of ${SWEPT_BATCH}, ${IMAGES / SWEPT_BATCH} steps.`,
    `![Test accuracy against learning rate](${FILES.rates})`,
    markdownTable([
      ['norm', ...rates.map((rate) => `rate ${rate}`)],
      ...COMPARED_NORMS.map((norm) => [
        NAMES[norm],
        ...rates.map((rate) => cellText(find(cells, norm, SWEPT_BATCH, rate))),
      ]),
    ]),
    '## What each norm averages over',
    'Stacks of 3 images with 4 channels of 3 × 4 pixels. A gradient of 1 at one entry of the output (framed), sent back through the ' +
      'layer itself, comes out at the entries in colour and is exactly 0 at the others.',
    `![Which entries each norm averages over](${FILES.stacks})`,
  ]);
}

function cellText(cell: NormCell | undefined): string {
  return cell ? summaryText(cell.accuracy) : '–';
}

/** What the layer says of a batch of one. */
function batchOfOne(): string {
  try {
    new BatchNorm1d(4).forward(new Random(1).normal([1, 4]));
  } catch (error) {
    return messageOf(error);
  }
  throw new Error('a batch norm took a batch of one');
}

function normLines(of: (norm: ComparedNorm) => Line['points'], spread: Line['spread']): Line[] {
  return COMPARED_NORMS.map((norm, i) => ({
    name: NAMES[norm],
    colour: PALETTE[i],
    dots: spread === 'bars',
    spread,
    points: spread === 'bars' ? of(norm).map((point) => ({ ...point, x: point.x * aside(i) })) : of(norm),
  }));
}

/** What moves a norm's bars a little to the side on a logarithmic axis, so that they do not hide those of the others. */
function aside(index: number): number {
  return 1.05 ** (index - (COMPARED_NORMS.length - 1) / 2);
}

function batchesPicture(cells: readonly NormCell[]): Promise<string> {
  const points = (norm: ComparedNorm) =>
    cells
      .filter((cell) => cell.norm === norm && cell.learningRate === LEARNING_RATE)
      .map(({ batchSize, accuracy }) => ({ x: batchSize, ...spreadOf(accuracy) }));
  return panelsSvg(`Final test accuracy by batch size, ${IMAGES.toLocaleString('en-US')} images each`, [
    {
      title: `Adam ${LEARNING_RATE}; bars: one deviation, side by side`,
      x: { label: 'batch size (images)', log: true, ticks: BATCH_SIZES },
      y: { label: 'test accuracy (share classified right)' },
      lines: normLines(points, 'bars'),
    },
  ]);
}

function ratesPicture(cells: readonly NormCell[]): Promise<string> {
  const points = (norm: ComparedNorm) =>
    cells
      .filter((cell) => cell.norm === norm && cell.batchSize === SWEPT_BATCH)
      .sort((a, b) => a.learningRate - b.learningRate)
      .map(({ learningRate, accuracy }) => ({ x: learningRate, ...spreadOf(accuracy) }));
  return panelsSvg('Final test accuracy by learning rate', [
    {
      title: `batches of ${SWEPT_BATCH}; bars: one deviation, side by side`,
      x: { label: 'learning rate of Adam', log: true, ticks: SWEPT_RATES },
      y: { label: 'test accuracy (share classified right)' },
      lines: normLines(points, 'bars'),
    },
  ]);
}

function curvesPicture(cells: readonly NormCell[]): Promise<string> {
  const sizes = [2, 32, 512].filter((size) => cells.some(({ batchSize }) => batchSize === size));
  return panelsSvg(
    'Test accuracy over the images seen; bands: one deviation',
    sizes.map((size) => ({
      title: `batches of ${size}`,
      x: { label: 'training images seen' },
      y: { label: 'test accuracy (share classified right)' },
      lines: normLines((norm) => curve(find(cells, norm, size, LEARNING_RATE)), 'band'),
    })),
  );
}

function curve(cell: NormCell | undefined): Line['points'] {
  const [run] = cell?.runs ?? [];
  return (run?.history.evaluations ?? []).map(({ step }, i) => {
    const figures = cell?.runs.map(({ history }) => history.evaluations[i].testAccuracy) ?? [];
    return { x: step * run.config.batchSize, ...spreadOf(summary(figures)) };
  });
}

function stacksPicture(): string {
  const stack = [3, 4, 3, 4];
  const entry = [1, 2, 1, 1];
  const marked = stackNorms(stack).map((norm) => ({ name: norm.name, marks: averagedOver(norm, stack, entry) }));
  return stacksSvg('What each norm averages over', marked, entry);
}
