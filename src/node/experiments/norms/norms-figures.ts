import { type PanelLine, panelsSvg } from '../../plots/panels.js';
import { stacksSvg } from '../../plots/stacks.js';
import { normName } from '../experiment-report.js';
import { meanDeviation, withErrorBar } from '../statistics.js';
import { dependencies, imageNorms } from './normalization-axes.js';
import { type NormsCell, normsCell } from './norms-cells.js';
import { BATCH_SIZES, COMPARED_NORMS, IMAGES, LEARNING_RATE, SWEPT_BATCH, SWEPT_RATES } from './norms-plan.js';

const ACCURACY = { label: 'test accuracy' };

/** Test accuracy by batch size. */
export function normsBatchFigure(cells: readonly NormsCell[]): Promise<string> {
  return panelsSvg(`Final test accuracy by batch size, ${IMAGES.toLocaleString('en-US')} images each`, [
    {
      title: `Adam ${LEARNING_RATE}; bars: one deviation, side by side`,
      x: { label: 'batch size (images)', log: true, ticks: BATCH_SIZES },
      y: ACCURACY,
      lines: sweepLines(
        cells.filter((cell) => cell.learningRate === LEARNING_RATE),
        ({ batchSize }) => batchSize,
      ),
    },
  ]);
}

/** Test accuracy by learning rate. */
export function normsRateFigure(cells: readonly NormsCell[]): Promise<string> {
  return panelsSvg('Final test accuracy by learning rate', [
    {
      title: `batch size ${SWEPT_BATCH}; bars: one deviation, side by side`,
      x: { label: 'learning rate of Adam', log: true, ticks: SWEPT_RATES },
      y: ACCURACY,
      lines: sweepLines(
        cells.filter(({ batchSize }) => batchSize === SWEPT_BATCH).sort((a, b) => a.learningRate - b.learningRate),
        ({ learningRate }) => learningRate,
      ),
    },
  ]);
}

/** One line per norm, with error bars next to each other instead of on top of each other. */
function sweepLines(cells: readonly NormsCell[], x: (cell: NormsCell) => number): PanelLine[] {
  return COMPARED_NORMS.map((norm, i) => ({
    name: normName(norm),
    dots: true,
    spread: 'bars',
    points: cells
      .filter((cell) => cell.norm === norm)
      .map((cell) => ({ x: x(cell) * offset(i), ...withErrorBar(cell.accuracy) })),
  }));
}

/** The factor that moves the error bars of a norm to the side, on a logarithmic axis. */
function offset(index: number): number {
  return 1.05 ** (index - (COMPARED_NORMS.length - 1) / 2);
}

/** Test accuracy over the images seen, at three batch sizes. */
export function normsCurvesFigure(cells: readonly NormsCell[]): Promise<string> {
  const sizes = [2, 32, 512].filter((size) => cells.some(({ batchSize }) => batchSize === size));
  return panelsSvg(
    'Test accuracy over the images seen; bands: one deviation',
    sizes.map((size) => ({
      title: `batch size ${size}`,
      x: { label: 'training images seen' },
      y: ACCURACY,
      lines: COMPARED_NORMS.map((norm) => ({
        name: normName(norm),
        spread: 'band',
        points: learningCurve(normsCell(cells, norm, size)),
      })),
    })),
  );
}

function learningCurve(cell: NormsCell | undefined): PanelLine['points'] {
  const [run] = cell?.runs ?? [];
  return (run?.history.evaluations ?? []).map(({ step }, i) => {
    const accuracies = cell?.runs.map(({ history }) => history.evaluations[i].testAccuracy) ?? [];
    return { x: step * run.config.batchSize, ...withErrorBar(meanDeviation(accuracies)) };
  });
}

/** Which inputs each norm averages over. */
export function normalizationFigure(): Promise<string> {
  const images = [3, 4, 3, 4];
  const entry = [1, 2, 1, 1];
  const marked = imageNorms(images).map((norm) => ({ name: norm.name, marks: dependencies(norm, images, entry) }));
  return stacksSvg('What each norm averages over', marked, entry);
}
