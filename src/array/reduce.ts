import { assertArray, normalizeAxis, shapeText } from './checks.js';
import { indexArray } from './create.js';
import { DtypeError, ShapeError } from './errors.js';
import { allocate, packed, sizeOf, wrap } from './memory.js';
import { transpose } from './rearrange.js';
import type { FloatData, IndexArray, NdArray } from './types.js';
import { fastSumRows } from './vectors.js';

/**
 * Reductions: over all elements to a number, or over one axis or several to an array. Sums are accumulated in double
 * precision whatever the dtype, and NaN propagates (scijs's own `sup` skips it).
 */

/** Which axes to reduce, counted from the end when negative, and whether they stay with size 1. */
export interface ReduceOptions {
  /** The axis that is reduced, or several; −1 is the last. All of them without. */
  axis?: number | readonly number[];
  /** Whether a reduced axis stays, with size 1, so that the result broadcasts against the array; false without. */
  keepDims?: boolean;
}

/** An axis or several, as in NumPy's second argument, or the options by name. */
type AxisArgument = number | readonly number[] | ReduceOptions | undefined;

/** Finds the result of one lane: `count` elements, `stride` apart, from `start`. */
type Lane = (values: ArrayLike<number>, start: number, stride: number, count: number) => number;

const sumLane: Lane = (values, start, stride, count) => {
  let total = 0;
  for (let i = 0, p = start; i < count; i++, p += stride) total += values[p];
  return total;
};

const meanLane: Lane = (values, start, stride, count) => sumLane(values, start, stride, count) / count;

const maxLane: Lane = (values, start, stride, count) => {
  let most = values[start];
  for (let i = 1, p = start + stride; i < count; i++, p += stride) {
    if (values[p] > most || Number.isNaN(values[p])) most = values[p];
  }
  return most;
};

const minLane: Lane = (values, start, stride, count) => {
  let least = values[start];
  for (let i = 1, p = start + stride; i < count; i++, p += stride) least = Math.min(least, values[p]);
  return least;
};

const argmaxLane: Lane = (values, start, stride, count) => {
  let best = 0;
  for (let i = 0, p = start; i < count; i++, p += stride) {
    if (Number.isNaN(values[p])) return i;
    if (values[p] > values[start + best * stride]) best = i;
  }
  return best;
};

/** The sum of all elements; 0 for none. */
export function sum(x: NdArray): number;
/**
 * The sums along an axis or several: `sum(x, 0)`, `sum(x, [0, 2])`, `sum(x, { axis: 0, keepDims: true })`.
 *
 * @param axis −1 is the last
 * @param keepDims whether the reduced axes stay, with size 1; false without
 * @returns the dtype of x, and its shape without the reduced axes
 * @throws ShapeError for an axis that x does not have, or that is named twice
 */
export function sum(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function sum(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('sum', x, axis, keepDims, sumLane, true);
}

/**
 * The mean of all elements.
 *
 * @throws ShapeError when there are none
 */
export function mean(x: NdArray): number;
/**
 * The means along an axis or several; arguments, shape and dtype as in `sum`.
 *
 * @throws ShapeError for the mean of no elements, or an axis that x does not have
 */
export function mean(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function mean(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('mean', x, axis, keepDims, meanLane, false);
}

/**
 * The largest element; NaN when there is one.
 *
 * @throws ShapeError for the largest of no elements
 */
export function max(x: NdArray): number;
/**
 * The largest elements along an axis or several; NaN where there is one. Arguments, shape and dtype as in `sum`.
 *
 * @throws ShapeError for the largest of no elements, or an axis that x does not have
 */
export function max(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function max(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('max', x, axis, keepDims, maxLane, false);
}

/**
 * The smallest element; NaN when there is one.
 *
 * @throws ShapeError for the smallest of no elements
 */
export function min(x: NdArray): number;
/**
 * The smallest elements along an axis or several; NaN where there is one. Arguments, shape and dtype as in `sum`.
 *
 * @throws ShapeError for the smallest of no elements, or an axis that x does not have
 */
export function min(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function min(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('min', x, axis, keepDims, minLane, false);
}

/**
 * The position of the first largest element in row-major order; of the first NaN when there is one.
 *
 * @returns from 0 to the number of elements − 1
 * @throws ShapeError for no elements
 */
export function argmax(x: NdArray): number;
/**
 * The positions of the first largest elements along an axis; of the first NaN where there is one. Arguments as in `sum`, but
 * one axis only.
 *
 * @returns an ndarray of int32, in the shape of x without the axis
 * @throws ShapeError for no elements, or an axis that x does not have; DtypeError for a list of axes
 */
export function argmax(
  x: NdArray,
  axis: number | { axis?: number; keepDims?: boolean },
  keepDims?: boolean,
): IndexArray;
export function argmax(
  x: NdArray,
  axis?: number | { axis?: number; keepDims?: boolean },
  keepDims?: boolean,
): number | IndexArray {
  if (isList(namedAxis('argmax', axis).axis)) throw new DtypeError('argmax: expected one axis, got a list of axes');
  const plan = planOf('argmax', x, axis, keepDims, false);
  if (plan.wholeAsNumber) return argmaxLane(packed(x), 0, 1, x.size);
  const out = new Int32Array(plan.outer * plan.inner);
  forEachLane(plan, (lane, start) => {
    out[lane] = argmaxLane(plan.values, start, plan.inner, plan.count);
  });
  return indexArray(out, plan.shape);
}

function reduce(
  call: string,
  x: NdArray,
  axis: AxisArgument,
  keepDims: boolean | undefined,
  lane: Lane,
  ofNothing: boolean,
): number | NdArray {
  const plan = planOf(call, x, axis, keepDims, ofNothing);
  if (plan.wholeAsNumber) return lane(plan.values, 0, 1, x.size);
  const out = allocate(plan.outer * plan.inner, x.dtype);
  if (lane === sumLane && plan.inner > 1) sumRows(out, plan);
  else if (lane === meanLane && plan.inner > 1) sumRows(out, plan, plan.count);
  else {
    forEachLane(plan, (i, start) => {
      out[i] = lane(plan.values, start, plan.inner, plan.count);
    });
  }
  return wrap(out, plan.shape);
}

/** The sums of all lanes at once, divided by a number: row by row, as they lie in memory, and not from row to row. */
function sumRows(out: FloatData, { values, outer, count, inner }: Plan, divisor = 1): void {
  const totals = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    totals.fill(0);
    const rows = values.subarray(o * count * inner, (o + 1) * count * inner);
    if (!fastSumRows(totals, rows)) for (let p = 0; p < rows.length; p++) totals[p % inner] += rows[p];
    for (let i = 0; i < inner; i++) out[o * inner + i] = totals[i] / divisor;
  }
}

/** The array seen as (outer, count, inner), with the reduced axes in the middle, and the shape of the result. */
interface Plan {
  values: FloatData;
  outer: number;
  count: number;
  inner: number;
  shape: number[];
  wholeAsNumber: boolean;
}

function planOf(
  call: string,
  x: NdArray,
  axisArgument: AxisArgument,
  keepDimsArgument: boolean | undefined,
  ofNothing: boolean,
): Plan {
  assertArray(call, 'x', x);
  const { axis, keepDims = keepDimsArgument ?? false } = namedAxis(call, axisArgument);
  const all = x.shape.map((_, a) => a);
  const whole = axis === undefined || axis === null;
  const axes = whole ? all : axesOf(call, axis, x.shape.length);
  const kept = all.filter((a) => !axes.includes(a));
  // Neighbouring axes are one to a flat loop; others are made neighbours first, at the end.
  const apart = axes.some((a, i) => a !== axes[0] + i);
  const view = apart ? transpose(x, [...kept, ...axes]) : x;
  const start = apart ? kept.length : (axes[0] ?? 0);
  const stop = start + axes.length;
  const count = sizeOf(view.shape.slice(start, stop));
  if (count === 0 && !ofNothing) {
    throw new ShapeError(`${call}: there is no ${call} of no elements, in an array of shape ${shapeText(x.shape)}`);
  }
  const outer = sizeOf(view.shape.slice(0, start));
  const inner = sizeOf(view.shape.slice(stop));
  const shape = keepDims ? x.shape.map((size, a) => (axes.includes(a) ? 1 : size)) : kept.map((a) => x.shape[a]);
  return { values: packed(view), outer, count, inner, shape, wholeAsNumber: whole && !keepDims };
}

function namedAxis(call: string, axis: AxisArgument): ReduceOptions {
  if (typeof axis !== 'object' || axis === null || isList(axis)) return { axis };
  const unknown = Object.keys(axis).find((key) => key !== 'axis' && key !== 'keepDims');
  if (unknown !== undefined) {
    throw new DtypeError(`${call}: expected an axis, or { axis, keepDims }; got '${unknown}'`);
  }
  return axis;
}

/** The axes in order, counted from the front. */
function axesOf(call: string, axis: number | readonly number[], dimension: number): number[] {
  const list = isList(axis) ? axis : [axis];
  const axes = list.map((a) => normalizeAxis(call, a, dimension));
  if (axes.length === 0) throw new ShapeError(`${call}: expected at least one axis, got []`);
  if (new Set(axes).size < axes.length) {
    throw new ShapeError(`${call}: expected each axis once, got [${list.join(', ')}]`);
  }
  return axes.sort((a, b) => a - b);
}

function isList(axis: AxisArgument): axis is readonly number[] {
  return Array.isArray(axis);
}

function forEachLane(plan: Plan, visit: (lane: number, start: number) => void): void {
  for (let o = 0; o < plan.outer; o++) {
    for (let i = 0; i < plan.inner; i++) visit(o * plan.inner + i, o * plan.count * plan.inner + i);
  }
}
