import { type Claim, clearlyBelow, not } from '../claims.js';
import { formatMagnitude, type MeanDeviation } from '../statistics.js';
import type { NormVariant } from './norm-variants.js';
import {
  finalValue,
  medianOf,
  type NetSeries,
  predictiveness,
  relativeRange,
  relativeShift,
  type StepFigure,
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
  const lower = (claim: string, what: string, a: MeanDeviation, b: MeanDeviation): Claim => ({
    claim: `${name}: ${claim}`,
    criterion: `${what} below that of the plain net by more than both deviations`,
    measured: `${formatMagnitude(a)}; plain ${formatMagnitude(b)}`,
    holds: clearlyBelow(a, b),
  });
  const lowerMedian = (claim: string, what: string, figure: StepFigure) =>
    lower(claim, `median of ${what}`, medianOf(batch, figure), medianOf(plain, figure));
  const loss = (each: VariantSeries) => finalValue(each, trainingLoss);
  const [shift, plainShift] = [medianOf(batch, relativeShift), medianOf(plain, relativeShift)];
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
      criterion: 'median of ‖G − G′‖/‖G‖ over the steps not below that of the plain net by more than both deviations',
      measured: `${formatMagnitude(shift)}; plain ${formatMagnitude(plainShift)}`,
      holds: not(clearlyBelow(shift, plainShift)),
    },
    ...(linear ? [correlationClaim(name, medianOf(plain, shiftCosine), medianOf(batch, shiftCosine))] : []),
    lowerMedian(
      'batch norm smooths the loss landscape.',
      'the range of the loss along the gradient, relative to the loss,',
      relativeRange,
    ),
    lowerMedian('its gradient is more predictive.', 'the largest ‖∇L(W) − ∇L(W − s∇L)‖', predictiveness),
    lowerMedian('it is smoother.', 'the effective β', smoothness),
  ];
}

function correlationClaim(name: string, plain: MeanDeviation, batch: MeanDeviation): Claim {
  return {
    claim: `${name}: the plain net has almost no shift, and with batch norm G and G′ are almost uncorrelated.`,
    criterion: 'median cosine of G and G′ above 0.9 without batch norm, and between −0.2 and 0.2 with it',
    measured: `${formatMagnitude(plain)} without, ${formatMagnitude(batch)} with`,
    holds: plain.mean > 0.9 && Math.abs(batch.mean) < 0.2,
  };
}
