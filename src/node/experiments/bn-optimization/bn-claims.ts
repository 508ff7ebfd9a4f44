import { type Claim, not } from '../claims.js';
import { EQUIVALENCE_MARGIN, pairedInterval, ratioBelow, ratioText, type SeedValues } from '../paired-ratio.js';
import { formatMagnitude } from '../statistics.js';
import type { NormVariant } from './norm-variants.js';
import {
  type NetSeries,
  predictiveness,
  relativeRange,
  relativeShift,
  type StepFigure,
  seedFinals,
  seedMedians,
  shiftCosine,
  smoothness,
  trainingLoss,
  type VariantSeries,
} from './variant-series.js';

/** The claims about batch norm, and their verdicts for one net. */
export function optimizationClaims({ name, linear, series }: NetSeries): Claim[] {
  const variant = (wanted: NormVariant) => series.find((each) => each.variant === wanted);
  const [plain, batch, noisy] = [variant('plain'), variant('batch'), variant('noisy')];
  if (!plain || !batch || !noisy) return [];
  const lower = (claim: string, what: string, a: SeedValues, b: SeedValues): Claim => ({
    claim: `${name}: ${claim}`,
    criterion: `${what} below that of the plain net: the 90 % interval of the paired ratio is below 1`,
    measured: pairText(a, b),
    holds: ratioBelow(pairedInterval(a, b)),
  });
  const lowerMedian = (claim: string, what: string, figure: StepFigure) =>
    lower(claim, `median of ${what}`, seedMedians(batch, figure), seedMedians(plain, figure));
  const loss = (each: VariantSeries) => seedFinals(each, trainingLoss);
  const [shift, plainShift] = [seedMedians(batch, relativeShift), seedMedians(plain, relativeShift)];
  return [
    lower('batch norm trains faster.', 'training loss at the last step', loss(batch), loss(plain)),
    lower(
      'with noise after the norm, it still trains faster.',
      'with noise, training loss at the last step',
      loss(noisy),
      loss(plain),
    ),
    {
      claim: `${name}: batch norm does not reduce internal covariate shift.`,
      criterion:
        'median of ‖G − G′‖/‖G‖ over the steps, divided by that of the plain net: the 90 % interval of the paired ratio is above ' +
        String(EQUIVALENCE_MARGIN),
      measured: pairText(shift, plainShift),
      holds: not(ratioBelow(pairedInterval(shift, plainShift), EQUIVALENCE_MARGIN)),
    },
    ...(linear ? [correlationClaim(name, seedMedians(plain, shiftCosine), seedMedians(batch, shiftCosine))] : []),
    lowerMedian(
      'batch norm smooths the loss landscape.',
      'the range of the loss along the gradient, relative to the loss,',
      relativeRange,
    ),
    lowerMedian('its gradient is more predictive.', 'the largest ‖∇L(W) − ∇L(W − s∇L)‖', predictiveness),
    lowerMedian('it is smoother.', 'the effective β', smoothness),
  ];
}

function correlationClaim(name: string, plain: SeedValues, batch: SeedValues): Claim {
  const verdicts = [...plain].map(([seed, value]) => value > 0.9 && Math.abs(batch.get(seed) ?? Number.NaN) < 0.2);
  const agree = verdicts.length > 1 && verdicts.every((verdict) => verdict === verdicts[0]);
  return {
    claim: `${name}: the plain net has almost no shift, and with batch norm G and G′ are almost uncorrelated.`,
    criterion:
      'median cosine of G and G′ above 0.9 without batch norm, and between −0.2 and 0.2 with it, with every seed; undecided if seeds differ',
    measured: `${listed(plain)} without, ${listed(batch)} with`,
    holds: agree ? verdicts[0] : null,
  };
}

function pairText(a: SeedValues, b: SeedValues): string {
  return `${listed(a)}; plain ${listed(b)}; ${ratioText(pairedInterval(a, b))}`;
}

/** The values of all seeds. */
function listed(values: SeedValues): string {
  return [...values.values()].map((mean) => formatMagnitude({ mean, deviation: null })).join(', ');
}
