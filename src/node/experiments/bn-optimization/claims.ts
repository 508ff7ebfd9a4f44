import type { Claim } from '../claims.js';
import type { Summary } from '../summary.js';
import type { Arm } from './arms.js';
import { type ArmSeries, type Figure, final, relativeRange, relativeShift, shiftCosine, typical } from './series.js';

/** The series of one net: the deep linear network, or the MLP at one step size. */
export interface NetSeries {
  name: string;
  linear: boolean;
  /** The step size. */
  rate: number;
  series: readonly ArmSeries[];
}

/** What is said of batch norm, and what came of it for one net. */
export function optimizationClaims({ name, linear, series }: NetSeries): Claim[] {
  const of = (arm: Arm) => series.find((each) => each.arm === arm);
  const [plain, batch, noisy] = [of('plain'), of('batch'), of('noisy')];
  if (!plain || !batch || !noisy) return [];
  const less = (
    claim: string,
    what: string,
    figure: (series: ArmSeries) => Summary,
    other: ArmSeries = batch,
  ): Claim => {
    const [a, b] = [figure(other), figure(plain)];
    return {
      claim: `${name}: ${claim}`,
      criterion: `${what} smaller than that of the plain net, beyond both deviations`,
      measured: `${text(a)}; plain ${text(b)}`,
      holds: a.mean + (a.deviation ?? 0) < b.mean - (b.deviation ?? 0),
    };
  };
  const loss = (each: ArmSeries) => final(each, (record) => record.loss);
  const median = (figure: Figure) => (each: ArmSeries) => typical(each, figure);
  const [shift, plainShift] = [typical(batch, relativeShift), typical(plain, relativeShift)];
  const [cosines, plainCosines] = [typical(batch, shiftCosine), typical(plain, shiftCosine)];
  return [
    less('batch norm trains faster.', 'training loss at the last step', loss),
    less('noise behind the norm does not take that away.', 'with noise, training loss at the last step', loss, noisy),
    {
      claim: `${name}: batch norm does not reduce internal covariate shift.`,
      criterion: 'median of ‖G − G′‖/‖G‖ over the steps not smaller than that of the plain net beyond both deviations',
      measured: `${text(shift)}; plain ${text(plainShift)}`,
      holds: shift.mean + (shift.deviation ?? 0) >= plainShift.mean - (plainShift.deviation ?? 0),
    },
    ...(linear
      ? [
          {
            claim: `${name}: the plain net has almost no shift, and with batch norm G and G′ are almost uncorrelated.`,
            criterion: 'median cosine of G and G′ above 0.9 without, between −0.2 and 0.2 with batch norm',
            measured: `${text(plainCosines)} without, ${text(cosines)} with`,
            holds: plainCosines.mean > 0.9 && Math.abs(cosines.mean) < 0.2,
          },
        ]
      : []),
    less(
      'batch norm’s loss landscape is better.',
      'median range of the loss along the gradient, as a share of the loss,',
      median(relativeRange),
    ),
    less(
      'its gradient is more predictive.',
      'median of the largest ‖∇L(W) − ∇L(W − s∇L)‖',
      median(({ predictiveness }) => predictiveness.high),
    ),
    less(
      'it is smoother.',
      'median of the effective β',
      median(({ smoothness }) => smoothness),
    ),
  ];
}

/** `3.2e-4 ± 1e-5`: figures of any size. */
export function text({ mean, deviation }: Summary): string {
  return deviation === null ? short(mean) : `${short(mean)} ± ${short(deviation)}`;
}

function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'none' : 'not finite';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replace('+', '');
  return String(Number(value.toPrecision(3)));
}
