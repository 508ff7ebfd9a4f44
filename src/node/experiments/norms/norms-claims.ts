import type { Claim } from '../claims.js';
import { summaryText } from '../summary.js';
import type { NormCell } from './norm-cells.js';
import { type ComparedNorm, LEARNING_RATE, SWEPT_BATCH } from './norms.js';

/** The sizes of batches between which a norm is said to degrade or not. */
const [LARGE, SMALL] = [32, 2];

/** How much of its best accuracy a net may lose at a learning rate that still counts as one it can be trained with. */
const TOLERANCE = 0.03;

/** What is said of the norms, and what came of it. */
export function normsClaims(cells: readonly NormCell[]): Claim[] {
  const at = (norm: ComparedNorm, batchSize: number) =>
    cells.find((cell) => cell.norm === norm && cell.batchSize === batchSize && cell.learningRate === LEARNING_RATE);
  const change = (norm: ComparedNorm) => changeBetween(at(norm, LARGE), at(norm, SMALL));
  const [none, batch, layer, group] = [change('none'), change('batch'), change('layer'), change('group')];
  if (!none || !batch || !layer || !group) return [];
  const text = ({ change, deviation }: Change) => `${signed(change)} (± ${deviation.toFixed(4)})`;
  const below = (a: Change, b: Change) => b.change - a.change > a.deviation + b.deviation;
  const criterion = `accuracy at batches of ${SMALL} less that at ${LARGE}`;
  const highest = { none: highestRate(cells, 'none'), batch: highestRate(cells, 'batch') };
  const [ones, hundreds] = [at('batch', SMALL), at('batch', SWEPT_BATCH)];
  return [
    {
      claim: 'Batch norm degrades with small batches.',
      criterion: `${criterion}: more below 0 than without a norm, beyond both deviations`,
      measured: `${text(batch)}; without a norm ${text(none)}; batch norm reaches ${ones ? summaryText(ones.accuracy) : '–'} at ${SMALL}, ${hundreds ? summaryText(hundreds.accuracy) : '–'} at ${SWEPT_BATCH}`,
      holds: below(batch, none),
    },
    {
      claim: 'Layer norm does not care about the size of the batches.',
      criterion: `${criterion}: not below that without a norm beyond both deviations, and above that of batch norm beyond them`,
      measured: text(layer),
      holds: !below(layer, none) && below(batch, layer),
    },
    {
      claim: 'Group norm does not care either.',
      criterion: 'the same',
      measured: text(group),
      holds: !below(group, none) && below(batch, group),
    },
    {
      claim: 'Batch norm allows higher learning rates.',
      criterion: `the highest rate at which the net comes within ${TOLERANCE} of its own best accuracy is higher than without a norm`,
      measured: `${highest.batch ?? '–'} with batch norm, ${highest.none ?? '–'} without; ${atTop(cells)}; the highest with layer norm ${highestRate(cells, 'layer') ?? '–'}, with group norm ${highestRate(cells, 'group') ?? '–'}`,
      holds: (highest.batch ?? 0) > (highest.none ?? 0),
    },
  ];
}

/** What the highest rate does with and without batch norm. */
function atTop(cells: readonly NormCell[]): string {
  const swept = cells.filter(({ batchSize }) => batchSize === SWEPT_BATCH);
  const top = Math.max(...swept.map(({ learningRate }) => learningRate));
  const reached = (norm: ComparedNorm) => {
    const cell = swept.find((cell) => cell.norm === norm && cell.learningRate === top);
    return cell ? summaryText(cell.accuracy) : '–';
  };
  return `at ${top} they reach ${reached('batch')} and ${reached('none')}`;
}

interface Change {
  change: number;
  deviation: number;
}

/** The difference of two means, and the root of the sum of their variances. */
function changeBetween(from: NormCell | undefined, to: NormCell | undefined): Change | undefined {
  if (!from || !to) return undefined;
  const deviation = Math.hypot(from.accuracy.deviation ?? 0, to.accuracy.deviation ?? 0);
  return { change: to.accuracy.mean - from.accuracy.mean, deviation };
}

/** The highest of the swept rates at which a norm's nets come near to their best. */
export function highestRate(cells: readonly NormCell[], norm: ComparedNorm): number | undefined {
  const own = cells.filter((cell) => cell.norm === norm && cell.batchSize === SWEPT_BATCH);
  const best = Math.max(...own.map(({ accuracy }) => accuracy.mean));
  const near = own.filter(({ accuracy }) => accuracy.mean >= best - TOLERANCE);
  return near.length > 0 ? Math.max(...near.map(({ learningRate }) => learningRate)) : undefined;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
