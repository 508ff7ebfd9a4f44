import { both, type Claim, clearlyBelow, not } from '../claims.js';
import { formatChange, type MeanDeviation } from '../statistics.js';
import { cellText, type NormsCell, normsCell } from './norms-cells.js';
import { type ComparedNorm, SWEPT_BATCH, SWEPT_RATES } from './norms-plan.js';

/** The batch sizes between which the accuracy may or may not degrade. */
const [LARGE, SMALL] = [32, 2];

/** How far below its own best accuracy a net may be at a learning rate that still counts as usable. */
const TOLERANCE = 0.03;

/** The claims about norms, and their verdicts. */
export function normsClaims(cells: readonly NormsCell[]): Claim[] {
  const change = (norm: ComparedNorm) => difference(normsCell(cells, norm, LARGE), normsCell(cells, norm, SMALL));
  const [none, batch, layer, group] = [change('none'), change('batch'), change('layer'), change('group')];
  if (!none || !batch || !layer || !group) return [];
  const criterion = `accuracy at batch size ${SMALL} minus accuracy at ${LARGE}`;
  const atSize = (batchSize: number) => cellText(normsCell(cells, 'batch', batchSize));
  const insensitive = (own: MeanDeviation) => both(not(clearlyBelow(own, none)), clearlyBelow(batch, own));
  return [
    {
      claim: 'Batch norm degrades with small batches.',
      criterion: `${criterion}: below that without a norm by more than both deviations`,
      measured:
        `${changeText(batch)}; without a norm ${changeText(none)}; batch norm reaches ${atSize(SMALL)} at ${SMALL}, ` +
        `${atSize(SWEPT_BATCH)} at ${SWEPT_BATCH}`,
      holds: clearlyBelow(batch, none),
    },
    {
      claim: 'Layer norm does not depend on the batch size.',
      criterion:
        `${criterion}: not below that without a norm by more than both deviations, and above that of batch norm by more ` +
        'than both deviations',
      measured: changeText(layer),
      holds: insensitive(layer),
    },
    {
      claim: 'Group norm does not depend on the batch size.',
      criterion: 'the same',
      measured: changeText(group),
      holds: insensitive(group),
    },
    learningRateClaim(cells),
  ];
}

function learningRateClaim(cells: readonly NormsCell[]): Claim {
  const [none, batch] = [highestRate(cells, 'none'), highestRate(cells, 'batch')];
  const top = Math.max(
    ...cells.filter(({ batchSize }) => batchSize === SWEPT_BATCH).map(({ learningRate }) => learningRate),
  );
  const atTop = (norm: ComparedNorm) => cellText(normsCell(cells, norm, SWEPT_BATCH, top));
  return {
    claim: 'Batch norm allows higher learning rates.',
    criterion: `the highest learning rate at which the net is within ${TOLERANCE} of its own best accuracy is higher than without a norm`,
    measured:
      `${batch ?? '–'} with batch norm, ${none ?? '–'} without; at ${top} they reach ${atTop('batch')} and ${atTop('none')}; ` +
      `the highest with layer norm ${highestRate(cells, 'layer') ?? '–'}, with group norm ${highestRate(cells, 'group') ?? '–'}`,
    holds: (batch ?? 0) > (none ?? 0),
  };
}

/** The difference of two means, and the root of the sum of their variances. */
function difference(from: NormsCell | undefined, to: NormsCell | undefined): MeanDeviation | undefined {
  if (!from || !to) return undefined;
  const [a, b] = [from.accuracy, to.accuracy];
  const deviation = a.deviation === null || b.deviation === null ? null : Math.hypot(a.deviation, b.deviation);
  return { mean: b.mean - a.mean, deviation };
}

/** The highest of the swept learning rates at which a norm comes near its best accuracy. */
export function highestRate(cells: readonly NormsCell[], norm: ComparedNorm): number | undefined {
  const own = SWEPT_RATES.flatMap((rate) => normsCell(cells, norm, SWEPT_BATCH, rate) ?? []);
  const best = Math.max(...own.map(({ accuracy }) => accuracy.mean));
  const near = own.filter(({ accuracy }) => accuracy.mean >= best - TOLERANCE);
  return near.length > 0 ? Math.max(...near.map(({ learningRate }) => learningRate)) : undefined;
}

/** `−0.2232 (± 0.0164)`. */
function changeText({ mean, deviation }: MeanDeviation): string {
  return deviation === null ? formatChange(mean) : `${formatChange(mean)} (± ${deviation.toFixed(4)})`;
}
