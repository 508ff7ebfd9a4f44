import { type Claim, clearlyBelow } from '../claims.js';
import { average, formatMean } from '../statistics.js';
import { COURSE_EPOCHS, nearestEpoch } from './mnist-plan.js';
import type { MnistRow } from './mnist-rows.js';

/** The claims behind the course's figures, and their verdicts. */
export function mnistClaims(rows: readonly MnistRow[]): Claim[] {
  const row = (wanted: string) => rows.find(({ name }) => name === wanted);
  const [plain, normed, small, continued] = [
    row('plain-64'),
    row('batchnorm-64'),
    row('batchnorm-32'),
    row('batchnorm-64-then-32'),
  ];
  if (!plain || !normed || !small || !continued || plain.losses.length < COURSE_EPOCHS) return [];
  const end = COURSE_EPOCHS - 1;
  const lossClaim = (claim: string, criterion: string, [lower, higher]: MnistRow[], [a, b]: string[]): Claim => ({
    claim,
    criterion,
    measured: `${formatMean(lower.losses[end])} ${a}, ${formatMean(higher.losses[end])} ${b}`,
    holds: clearlyBelow(lower.losses[end], higher.losses[end]),
  });
  return [
    {
      claim: 'With batch norm the net reaches a test accuracy of 0.975.',
      criterion: `mean after epoch ${COURSE_EPOCHS} ≥ 0.975, batch size 64`,
      measured: formatMean(normed.accuracies[end]),
      holds: normed.accuracies[end].mean >= 0.975,
    },
    lossClaim(
      'Batch norm trains faster: after five epochs the loss is lower with it (printed: 0.046 and 0.059).',
      `the means at epoch ${COURSE_EPOCHS} differ by more than both deviations together`,
      [normed, plain],
      ['with', 'without'],
    ),
    lossClaim(
      'Smaller batches end with a lower loss (printed: 0.039 at batch size 32, 0.046 at 64).',
      `the same, batch sizes 32 and 64 at epoch ${COURSE_EPOCHS}`,
      [small, normed],
      ['at 32', 'at 64'],
    ),
    initializationClaim([plain, normed, small]),
    continuedClaim(continued, small),
  ];
}

function initializationClaim(rows: readonly MnistRow[]): Claim {
  const nearest = rows.map(({ losses, published = [] }) =>
    nearestEpoch(
      losses.map(({ mean }) => mean),
      published,
    ),
  );
  const first = rows.map(({ losses }) => losses[0].mean.toFixed(3)).join(', ');
  return {
    claim: 'The printed losses are those of newly initialized nets.',
    criterion: 'in all three settings, the nearest five consecutive epochs begin with epoch 1',
    measured:
      `the nearest five epochs begin with epoch ${nearest[0]} without batch norm, ${nearest[1]} with it, and ${nearest[2]} with it at ` +
      `batch size 32; losses of the first epochs ${first}, printed 0.098, 0.244, 0.090`,
    holds: nearest.every((epoch) => epoch === 1),
  };
}

/** The largest mean distance from the printed losses that counts as the same: 5 %, about what two of the course's runs can differ. */
const SAME = 0.05;

function continuedClaim(continued: MnistRow, fresh: MnistRow): Claim {
  const distances = [continued, fresh].map(({ losses, published = [] }) =>
    average(published.map((loss, i) => Math.abs(Math.log(losses[i].mean / loss)))),
  );
  const [own, other] = distances.map((distance) => `${(100 * distance).toFixed(1)} %`);
  return {
    claim: 'The losses printed at batch size 32 are those of a net that had five epochs at batch size 64 before.',
    criterion: `the five losses differ by at most ${100 * SAME} % on average (of logarithms), and by less than those of a newly initialized net`,
    measured: `${own} on average; newly initialized ${other}`,
    holds: distances[0] <= SAME && distances[0] < distances[1],
  };
}
