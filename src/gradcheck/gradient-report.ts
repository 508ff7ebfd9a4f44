import { at, type NdArray, shapeText } from '../array/index.js';
import { indices, type Measured } from './numerical.js';

/** When a difference between analytic and numeric gradient is small enough. */
export interface Tolerance {
  /** How large a difference may be whatever the gradient's size. */
  absolute: number;
  /** How much more it may be, as a share of the largest |a| or |n| of the array. */
  relative: number;
}

/** The rule of this library: max|a − n| ≤ 1e-7 + 1e-6 · max(|a|, |n|), an array. */
export const TOLERANCE: Tolerance = { absolute: 1e-7, relative: 1e-6 };

/**
 * How cs231n's notes judge a relative error, from 1e-2 ("usually wrong") down to 1e-7 ("you should be happy").
 * https://cs231n.github.io/neural-networks-3/#gradcheck
 */
export type Verdict = 'happy' | 'fine with kinks' | 'uncomfortable' | 'wrong';

/** The comparison of one array's two gradients. */
export interface GradientRow {
  /** The class of the layer or loss, or the `name` that the check was given. */
  layer: string;
  /** `x`, or the parameter's name. */
  array: string;
  /** Of the array, and so of both gradients. */
  shape: number[];
  /** Where the two differ most. */
  index: number[];
  /** What `backward` gave there. */
  analytic: number;
  /** What the central difference gave there. */
  numeric: number;
  /** max|a − n| over the array. */
  error: number;
  /** The same over max(|a|, |n|) of the array. */
  relativeError: number;
  /** Whether `error` is within the tolerance; never when it is not finite. */
  passed: boolean;
  /** How cs231n's notes judge `relativeError`; it decides nothing. */
  verdict: Verdict;
  /** Indices at which the layer is not smooth, where the numeric value means little. */
  kinks: number[][];
}

/** What a gradient check found. */
export interface GradientReport {
  /** The class of the layer or loss, or the `name` that the check was given. */
  layer: string;
  /** True when every row passed and there are no problems. */
  passed: boolean;
  /** x first, then every parameter in its order; without those whose gradient has the wrong shape. */
  rows: GradientRow[];
  /** What is wrong apart from the numbers: a gradient of the wrong shape, an input that was changed. */
  problems: string[];
  /** What makes the numbers doubtful: kinks. */
  warnings: string[];
  /** The report as sentences, a line a row. */
  toString(): string;
}

/** Compares one array's analytic gradient with the measured one, of the same shape. */
export function compare(
  layer: string,
  array: string,
  analytic: NdArray,
  measured: Measured,
  tolerance: Tolerance,
): GradientRow {
  const numeric = measured.gradient;
  let worst: number[] = numeric.shape.map(() => 0);
  let error = 0;
  let scale = 0;
  for (const index of indices(numeric.shape)) {
    const [a, n] = [at(analytic, ...index), at(numeric, ...index)];
    const difference = Math.abs(a - n);
    scale = Math.max(scale, Math.abs(a), Math.abs(n));
    // A NaN is worse than any number; the first one stays the worst.
    if (!Number.isNaN(error) && !(difference <= error)) [worst, error] = [index, difference];
  }
  const relativeError = error === 0 ? 0 : error / scale; // NaN where an infinity was returned
  return {
    layer,
    array,
    shape: [...numeric.shape],
    index: worst,
    analytic: at(analytic, ...worst),
    numeric: at(numeric, ...worst),
    error,
    relativeError,
    passed: Number.isFinite(error) && error <= tolerance.absolute + tolerance.relative * scale,
    verdict: verdictOf(relativeError),
    kinks: measured.kinks,
  };
}

/** The band of cs231n's notes that a relative error falls into; NaN is wrong. */
export function verdictOf(relativeError: number): Verdict {
  if (relativeError <= 1e-7) return 'happy';
  if (relativeError <= 1e-4) return 'fine with kinks';
  return relativeError <= 1e-2 ? 'uncomfortable' : 'wrong';
}

/** The rows and problems of one layer as a report. */
export function reportOf(layer: string, rows: GradientRow[], problems: string[]): GradientReport {
  const warnings = rows.filter((row) => row.kinks.length > 0).map(kinkWarning);
  return {
    layer,
    passed: problems.length === 0 && rows.every((row) => row.passed),
    rows,
    problems,
    warnings,
    toString: () => [...rows.map(sentence), ...problems, ...warnings].join('\n'),
  };
}

function sentence(row: GradientRow): string {
  const { layer, array, shape, index, analytic, numeric, relativeError, verdict } = row;
  return (
    `${layer}: d${array} of shape ${shapeText(shape)} ${row.passed ? 'passes' : 'FAILS'}; worst at [${index.join(', ')}]: ` +
    `analytic ${analytic}, numeric ${numeric} (relative error ${relativeError.toExponential(1)}: ${verdict})`
  );
}

function kinkWarning({ layer, array, kinks }: GradientRow): string {
  const where = kinks.slice(0, 3).map((index) => `[${index.join(', ')}]`);
  const more = kinks.length > 3 ? ` and ${kinks.length - 3} more` : '';
  return (
    `${layer}: the output bends sharply within a step of ${array}${where.join(', ')}${more}: near a kink the numeric ` +
    'gradient is no yardstick; check at another point'
  );
}
