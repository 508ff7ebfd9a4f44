import { panelsSvg } from '../../plots/panels.js';
import { PALETTE } from '../../plots/svg.js';
import { withErrorBar } from '../statistics.js';
import { COURSE_EPOCHS } from './mnist-plan.js';
import { type MnistRow, settingText } from './mnist-rows.js';

const LOSS = { label: 'loss (nats per sample)', log: true };
const ACCURACY = { label: 'test accuracy' };

/** Loss and accuracy over the epochs, next to the losses that the course printed. */
export function mnistEpochFigure(rows: readonly MnistRow[]): Promise<string> {
  const shown = rows.filter(({ published }) => published);
  const lines = (figure: 'losses' | 'accuracies') =>
    shown.map((row) => ({
      name: settingText(row),
      dots: true,
      points: row[figure].map((value, epoch) => ({ x: epoch + 1, ...withErrorBar(value) })),
    }));
  const printed = shown.map(({ published = [] }, i) => ({
    name: 'printed by the course, in the same colors',
    color: PALETTE[i],
    dash: '5 4',
    points: published.map((y, epoch) => ({ x: epoch + 1, y })),
  }));
  const x = { label: 'epoch' };
  return panelsSvg('MNIST, 784-128-64-10, ReLU, SGD 0.01 with momentum 0.9', [
    {
      title: 'mean training loss of an epoch',
      x,
      y: LOSS,
      lines: [...lines('losses'), ...printed],
    },
    { title: 'test accuracy after it', x, y: ACCURACY, lines: lines('accuracies') },
  ]);
}

/** Loss and accuracy by batch size, with batch norm, after the first, the fifth and the last epoch. */
export function mnistBatchFigure(rows: readonly MnistRow[]): Promise<string> {
  const normed = rows
    .filter(({ norm, before }) => norm === 'batch' && before === undefined)
    .sort((a, b) => a.batchSize - b.batchSize);
  const last = normed[0]?.losses.length ?? 0;
  const epochs = [...new Set([1, Math.min(COURSE_EPOCHS, last), last])];
  const lines = (figure: 'losses' | 'accuracies') =>
    epochs.map((epoch) => ({
      name: `epoch ${epoch}`,
      dots: true,
      spread: 'bars' as const,
      points: normed.map((row) => ({ x: row.batchSize, ...withErrorBar(row[figure][epoch - 1]) })),
    }));
  const x = { label: 'batch size (images)', log: true, ticks: normed.map(({ batchSize }) => batchSize) };
  return panelsSvg('MNIST with batch norm, by batch size', [
    {
      title: 'mean training loss of the epoch',
      x,
      y: LOSS,
      lines: lines('losses'),
    },
    { title: 'test accuracy after it', x, y: ACCURACY, lines: lines('accuracies') },
  ]);
}
