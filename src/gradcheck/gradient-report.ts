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

/**
 * The rule for a hand-written gradient and that of a witness, for each array: max|a − w| ≤ 1e-12 + 1e-12 · max(|a|, |w|).
 * Both are exact except for rounding. The absolute part is for gradients that are a small difference of larger numbers,
 * as behind a norm or a softmax: their rounding error is relative to those numbers.
 */
export const WITNESS_TOLERANCE: Tolerance = { absolute: 1e-12, relative: 1e-12 };

/** What a third source of gradients says about an array. */
export interface WitnessRow {
  /** The name of the witness, such as `tape`. */
  name: string;
  /** Its gradient at the index of the row. */
  value: number;
  /** max|a − w| over the array. */
  error: number;
  /** The largest `error` that passes: see `WITNESS_TOLERANCE`. */
  allowed: number;
}

/** The comparison of one array's two gradients. */
export interface GradientRow {
  /** The class of the layer or loss, or the `name` that the check was given. */
  layer: string;
  /** `x`, or the parameter's name. */
  array: string;
  /** The shape of the array, and of both gradients. */
  shape: number[];
  /** The index where the gradients differ most. With a witness: most in comparison with what is allowed. */
  index: number[];
  /** The gradient of `backward` at this index. */
  analytic: number;
  /** The central difference at this index. */
  numeric: number;
  /** max|a − n| over the array. */
  error: number;
  /** The largest `error` that passes: 1e-7 + 1e-6 · max(|a|, |n|) over the array, unless another tolerance is given. */
  allowed: number;
  /** The gradient of the witness, in a check that has one. */
  witness?: WitnessRow;
  /** The gradient that differs from two others that agree: `analytic`, `numeric`, or the name of the witness. */
  outlier?: string;
  /** Whether `error` is at most `allowed`, with a witness for each pair. An error that is not finite never passes. */
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

/** A third gradient of an array, and where it is from. */
export interface Third {
  /** The name of the witness. */
  name: string;
  gradient: NdArray;
}

/** Compares the analytic gradient of an array with the measured one and with that of a witness, all of the same shape. */
export function compare(
  layer: string,
  array: string,
  analytic: NdArray,
  { gradient: numeric, kinks }: Measured,
  tolerance: Tolerance,
  third?: Third,
): GradientRow {
  const measured = distance(analytic, numeric, tolerance);
  const derived = third && distance(analytic, third.gradient, WITNESS_TOLERANCE);
  const between = third && distance(third.gradient, numeric, tolerance);
  const distances = [measured, derived, between].filter((found) => found !== undefined);
  const index = worstIndex(numeric.shape, distances);
  return {
    layer,
    array,
    shape: [...numeric.shape],
    index,
    analytic: at(analytic, ...index),
    numeric: at(numeric, ...index),
    error: measured.error,
    allowed: measured.allowed,
    ...(third && derived && between
      ? {
          witness: {
            name: third.name,
            value: at(third.gradient, ...index),
            error: derived.error,
            allowed: derived.allowed,
          },
          outlier: outlierOf({ analytic: between, numeric: derived, [third.name]: measured }),
        }
      : {}),
    passed: distances.every(({ agree }) => agree),
    kinks,
  };
}

/** Two gradients of an array, and how far they are apart. */
interface Distance {
  a: NdArray;
  b: NdArray;
  /** max|a − b| */
  error: number;
  allowed: number;
  agree: boolean;
}

function distance(a: NdArray, b: NdArray, { absolute, relative }: Tolerance): Distance {
  let [error, scale] = [0, 0];
  for (const index of indices(a.shape)) {
    const [p, q] = [at(a, ...index), at(b, ...index)];
    error = Math.max(error, Math.abs(p - q)); // NaN if one of them is
    scale = Math.max(scale, Math.abs(p), Math.abs(q));
  }
  const allowed = absolute + relative * scale;
  return { a, b, error, allowed, agree: Number.isFinite(error) && error <= allowed };
}

/** Where one of the distances is largest in comparison with what is allowed. */
function worstIndex(shape: readonly number[], distances: readonly Distance[]): number[] {
  let worst: number[] = shape.map(() => 0);
  let most = 0;
  for (const index of indices(shape)) {
    const excess = distances.map(
      ({ a, b, allowed }) => Math.abs(at(a, ...index) - at(b, ...index)) / (allowed || Number.MIN_VALUE),
    );
    const found = Math.max(...excess);
    // NaN is worse than any number. The first NaN stays the worst.
    if (!Number.isNaN(most) && !(found <= most)) [worst, most] = [index, found];
  }
  return worst;
}

/** The one of three gradients that differs from both others while these agree, given the distances of the others. */
function outlierOf(others: Record<string, Distance>): string | undefined {
  const agreeing = Object.keys(others).filter((name) => others[name].agree);
  return agreeing.length === 1 ? agreeing[0] : undefined;
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
  const { layer, array, shape, index, analytic, numeric, error, allowed, witness, outlier } = row;
  const third = witness
    ? `, ${witness.name} ${witness.value} (difference ${witness.error.toExponential(1)}, allowed ${witness.allowed.toExponential(1)})`
    : '';
  return (
    `${layer}: d${array} of shape ${shapeText(shape)} ${row.passed ? 'passes' : 'FAILS'}; worst at [${index.join(', ')}]: ` +
    `analytic ${analytic}, numeric ${numeric} (difference ${error.toExponential(1)}, allowed ${allowed.toExponential(1)})${third}` +
    (outlier ? `; ${outlier} differs from the other two` : '')
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
