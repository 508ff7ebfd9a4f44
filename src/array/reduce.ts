import { assertArray, assertLike } from './checks.js';
import { indexArray } from './create.js';
import { multiply } from './elementwise.js';
import { DtypeError } from './errors.js';
import {
  type AxisArgument,
  forEachLane,
  isList,
  lanesInFours,
  type Middle,
  middleOf,
  namedAxis,
  type Plan,
  planOf,
  type ReduceOptions,
} from './lanes.js';
import { allocate, packed, wrap } from './memory.js';
import type { FloatData, IndexArray, NdArray } from './types.js';
import { fastSumEach, fastSumRows } from './vectors.js';

/**
 * Reductions of all elements to a number, or along some axes to an array. Sums are accumulated in double precision
 * for both dtypes. NaN propagates; scijs's own `sup` skips it.
 */

/** Computes the result of one lane: `count` elements at a distance of `stride`, the first at `start`. */
type Lane = (values: ArrayLike<number>, start: number, stride: number, count: number) => number;

const sumLane: Lane = (values, start, stride, count) => {
  let total = 0;
  for (let i = 0, p = start; i < count; i++, p += stride) total += values[p];
  return total;
};

const meanLane: Lane = (values, start, stride, count) => sumLane(values, start, stride, count) / count;

const maxLane: Lane = (values, start, stride, count) => {
  let most = values[start];
  for (let i = 1, p = start + stride; i < count; i++, p += stride) most = Math.max(most, values[p]);
  return most;
};

const minLane: Lane = (values, start, stride, count) => {
  let least = values[start];
  for (let i = 1, p = start + stride; i < count; i++, p += stride) least = Math.min(least, values[p]);
  return least;
};

/**
 * The results of four adjacent rows at once, with the same bits. Each step of a lane must wait for the one before it,
 * but not for those of other lanes, so four lanes take little longer than one.
 */
type FourLanes = (out: FloatData, plan: Plan, first: number) => void;

const sumsOfFour =
  (divided: boolean): FourLanes =>
  (out, { values, count }, first) => {
    let [a, b, c, d] = [0, 0, 0, 0];
    const start = first * count;
    for (let p = start; p < start + count; p++) {
      a += values[p];
      b += values[p + count];
      c += values[p + 2 * count];
      d += values[p + 3 * count];
    }
    const divisor = divided ? count : 1;
    out[first] = a / divisor;
    out[first + 1] = b / divisor;
    out[first + 2] = c / divisor;
    out[first + 3] = d / divisor;
  };

const maxOfFour: FourLanes = (out, { values, count }, first) => {
  const start = first * count;
  let [a, b, c, d] = [values[start], values[start + count], values[start + 2 * count], values[start + 3 * count]];
  for (let p = start + 1; p < start + count; p++) {
    a = Math.max(a, values[p]);
    b = Math.max(b, values[p + count]);
    c = Math.max(c, values[p + 2 * count]);
    d = Math.max(d, values[p + 3 * count]);
  }
  out[first] = a;
  out[first + 1] = b;
  out[first + 2] = c;
  out[first + 3] = d;
};

const FOUR_LANES = new Map<Lane, FourLanes>([
  [sumLane, sumsOfFour(false)],
  [meanLane, sumsOfFour(true)],
  [maxLane, maxOfFour],
]);

const argmaxLane: Lane = (values, start, stride, count) => {
  let best = 0;
  for (let i = 0, p = start; i < count; i++, p += stride) {
    if (Number.isNaN(values[p])) return i;
    if (values[p] > values[start + best * stride]) best = i;
  }
  return best;
};

/** The sum of all elements, or 0 if there are none. */
export function sum(x: NdArray): number;
/**
 * The sums along one or more axes: `sum(x, 0)`, `sum(x, [0, 2])`, `sum(x, { axis: 0, keepDims: true })`.
 *
 * @param axis the axis, a list of axes, or the options by name. −1 is the last axis.
 * @param keepDims whether the reduced axes stay with size 1. Default: false.
 * @returns an array of the dtype of x, and of its shape without the reduced axes
 * @throws ShapeError for an axis that x does not have, or that is named twice
 */
export function sum(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function sum(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('sum', x, axis, keepDims, sumLane, true);
}

/**
 * The mean of all elements.
 *
 * @throws ShapeError if there are none
 */
export function mean(x: NdArray): number;
/**
 * The means along one or more axes. Arguments, shape and dtype are those of `sum`.
 *
 * @throws ShapeError for the mean of no elements, or an axis that x does not have
 */
export function mean(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function mean(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('mean', x, axis, keepDims, meanLane, false);
}

/**
 * The largest element, or NaN if an element is NaN.
 *
 * @throws ShapeError if there are no elements
 */
export function max(x: NdArray): number;
/**
 * The largest elements along one or more axes, NaN where an element is NaN. Arguments, shape and dtype are those of
 * `sum`.
 *
 * @throws ShapeError if there are no elements, or for an axis that x does not have
 */
export function max(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function max(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('max', x, axis, keepDims, maxLane, false);
}

/**
 * The smallest element, or NaN if an element is NaN.
 *
 * @throws ShapeError if there are no elements
 */
export function min(x: NdArray): number;
/**
 * The smallest elements along one or more axes, NaN where an element is NaN. Arguments, shape and dtype are those of
 * `sum`.
 *
 * @throws ShapeError if there are no elements, or for an axis that x does not have
 */
export function min(x: NdArray, axis: number | readonly number[] | ReduceOptions, keepDims?: boolean): NdArray;
export function min(x: NdArray, axis?: AxisArgument, keepDims?: boolean): number | NdArray {
  return reduce('min', x, axis, keepDims, minLane, false);
}

/**
 * The position of the first largest element in row-major order, or of the first NaN if there is one.
 *
 * @returns a number from 0 to the number of elements − 1
 * @throws ShapeError if there are no elements
 */
export function argmax(x: NdArray): number;
/**
 * The positions of the first largest elements along one axis, or of the first NaN where there is one. Arguments are
 * those of `sum`, except that there can be only one axis.
 *
 * @returns an int32 ndarray with the shape of x without the axis
 * @throws ShapeError if there are no elements, or for an axis that x does not have; DtypeError for a list of axes
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
  forEachLane(plan, 0, (lane, start) => {
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
  const divided = lane === meanLane;
  const middle = divided || lane === sumLane ? middleOf(call, x, axis, keepDims) : undefined;
  if (middle) return wrap(sumsOfMiddle(middle, divided), middle.shape);
  const plan = planOf(call, x, axis, keepDims, ofNothing);
  if (plan.wholeAsNumber) return lane(plan.values, 0, 1, x.size);
  const out = allocate(plan.outer * plan.inner, x.dtype);
  if ((lane === sumLane || lane === meanLane) && plan.inner > 1) {
    sumRows(out, plan, lane === meanLane ? plan.count : 1);
  } else {
    const four = FOUR_LANES.get(lane);
    const inFours = four ? lanesInFours(plan) : 0;
    for (let i = 0; i < inFours; i += 4) four?.(out, plan, i);
    forEachLane(plan, inFours, (i, start) => {
      out[i] = lane(plan.values, start, plan.inner, plan.count);
    });
  }
  return wrap(out, plan.shape);
}

/**
 * The sums over the first and the last axes of (before, kept, after), such as those of each channel of images. Each sum
 * adds its elements in row-major order, in the order of memory: nothing is rearranged. Four at a time as in
 * `sumsOfFour`.
 */
function sumsOfMiddle({ values, before, kept, after }: Middle, divided: boolean): FloatData {
  const totals = new Float64Array(kept);
  const done = fastSumEach(totals, after, values);
  for (let b = 0; b < before && !done; b++) {
    let k = 0;
    for (; k + 3 < kept; k += 4) {
      let [s, t, u, v] = [totals[k], totals[k + 1], totals[k + 2], totals[k + 3]];
      const start = (b * kept + k) * after;
      for (let p = start; p < start + after; p++) {
        s += values[p];
        t += values[p + after];
        u += values[p + 2 * after];
        v += values[p + 3 * after];
      }
      totals[k] = s;
      totals[k + 1] = t;
      totals[k + 2] = u;
      totals[k + 3] = v;
    }
    for (; k < kept; k++) {
      let total = totals[k];
      const start = (b * kept + k) * after;
      for (let p = start; p < start + after; p++) total += values[p];
      totals[k] = total;
    }
  }
  const out = values instanceof Float64Array ? new Float64Array(kept) : new Float32Array(kept);
  const divisor = divided ? before * after : 1;
  for (let k = 0; k < kept; k++) out[k] = totals[k] / divisor;
  return out;
}

/**
 * The sums of the products of two arrays of one shape along some axes: `sum(multiply(a, b), axis)`, without the array of
 * products where the engine can. Axes and `keepDims` are those of `sum`.
 *
 * @throws ShapeError for two shapes, or an axis that they do not have
 */
export function sumOfProducts(a: NdArray, b: NdArray, axis: number | readonly number[] | ReduceOptions): NdArray {
  return ofProducts('sumOfProducts', a, b, axis, sumLane);
}

/**
 * The means of the products of two arrays of one shape along some axes. Axes and `keepDims` are those of `sum`.
 *
 * @throws ShapeError for two shapes, an axis that they do not have, or the mean of no elements
 */
export function meanOfProducts(a: NdArray, b: NdArray, axis: number | readonly number[] | ReduceOptions): NdArray {
  return ofProducts('meanOfProducts', a, b, axis, meanLane);
}

function ofProducts(
  call: string,
  a: NdArray,
  b: NdArray,
  axis: number | readonly number[] | ReduceOptions,
  lane: Lane,
): NdArray {
  assertArray(call, 'a', a);
  assertArray(call, 'b', b);
  assertLike(call, 'b', b, a);
  const middle = middleOf(call, a, axis, undefined);
  if (middle) {
    const { before, kept, after, shape } = middle;
    const totals = new Float64Array(kept);
    const factor = a === b ? middle.values : packed(b);
    if (fastSumEach(totals, after, middle.values, factor)) {
      const divisor = lane === meanLane ? before * after : 1;
      return wrap(
        Float32Array.from(totals, (total) => total / divisor),
        shape,
      );
    }
  }
  const reduced = reduce(call, multiply(a, b), axis, undefined, lane, lane === sumLane);
  return typeof reduced === 'number' ? wrap(allocate(1, a.dtype).fill(reduced), []) : reduced;
}

/**
 * The sums of all lanes, divided by a number. The loop reads the elements in the order of memory, not lane by lane.
 */
function sumRows(out: FloatData, { values, outer, count, inner }: Plan, divisor: number): void {
  const totals = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    totals.fill(0);
    const rows = values.subarray(o * count * inner, (o + 1) * count * inner);
    if (!fastSumRows(totals, rows)) for (let p = 0; p < rows.length; p++) totals[p % inner] += rows[p];
    for (let i = 0; i < inner; i++) out[o * inner + i] = totals[i] / divisor;
  }
}
