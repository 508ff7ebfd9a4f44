import { at, type NdArray, shapeText } from '../array/index.js';
import { indices, type Measured } from './numerical.js';

/** The largest difference between the analytic and the numeric gradient that passes. */
export interface Tolerance {
  /** The part of it that does not depend on the size of the gradient. */
  absolute: number;
  /** The part of it that is a factor of the largest |a| or |n| of the array. */
  relative: number;
}

/** The rule of this library, for each array: max|a − n| ≤ 1e-7 + 1e-6 · max(|a|, |n|). */
export const TOLERANCE: Tolerance = { absolute: 1e-7, relative: 1e-6 };

/** The comparison of one array's two gradients. */
export interface GradientRow {
  /** The class of the layer or loss, or the `name` that the check was given. */
  layer: string;
  /** `x`, or the parameter's name. */
  array: string;
  /** The shape of the array, and of both gradients. */
  shape: number[];
  /** The index where the two differ most. */
  index: number[];
  /** The gradient of `backward` at this index. */
  analytic: number;
  /** The central difference at this index. */
  numeric: number;
  /** max|a − n| over the array. */
  error: number;
  /** The largest `error` that passes: 1e-7 + 1e-6 · max(|a|, |n|) over the array, unless another tolerance is given. */
  allowed: number;
  /** Whether `error` is at most `allowed`. An error that is not finite never passes. */
  passed: boolean;
  /** The indices where the layer is not smooth, so that the numeric value is unreliable. */
  kinks: number[][];
}

/** The result of a gradient check. */
export interface GradientReport {
  /** The class of the layer or loss, or the `name` that the check was given. */
  layer: string;
  /** True if every row passed and there are no problems. */
  passed: boolean;
  /** x first, then all parameters in order, except those whose gradient has the wrong shape. */
  rows: GradientRow[];
  /** Other errors: a gradient of the wrong shape, an input that was changed. */
  problems: string[];
  /** Reasons why numeric values may be unreliable: kinks. */
  warnings: string[];
  /** The report as text, one line per row. */
  toString(): string;
}

/** Compares the analytic gradient of an array with the measured one, of the same shape. */
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
    // NaN is worse than any number. The first NaN stays the worst.
    if (!Number.isNaN(error) && !(difference <= error)) [worst, error] = [index, difference];
  }
  const allowed = tolerance.absolute + tolerance.relative * scale;
  return {
    layer,
    array,
    shape: [...numeric.shape],
    index: worst,
    analytic: at(analytic, ...worst),
    numeric: at(numeric, ...worst),
    error,
    allowed,
    passed: Number.isFinite(error) && error <= allowed,
    kinks: measured.kinks,
  };
}

/** Makes a report of the rows and problems of a layer. */
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
  const { layer, array, shape, index, analytic, numeric, error, allowed } = row;
  return (
    `${layer}: d${array} of shape ${shapeText(shape)} ${row.passed ? 'passes' : 'FAILS'}; worst at [${index.join(', ')}]: ` +
    `analytic ${analytic}, numeric ${numeric} (difference ${error.toExponential(1)}, allowed ${allowed.toExponential(1)})`
  );
}

function kinkWarning({ layer, array, kinks }: GradientRow): string {
  const where = kinks.slice(0, 3).map((index) => `[${index.join(', ')}]`);
  const more = kinks.length > 3 ? ` and ${kinks.length - 3} more` : '';
  return (
    `${layer}: the output has a kink within a step of ${array}${where.join(', ')}${more}: there the numeric gradient is ` +
    'unreliable; check at another point'
  );
}
