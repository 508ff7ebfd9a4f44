import { assertArray, normalizeAxis, shapeText } from './checks.js';
import { DtypeError, ShapeError } from './errors.js';
import { packed, sizeOf } from './memory.js';
import { transpose } from './rearrange.js';
import type { FloatData, NdArray } from './types.js';

/**
 * The lanes of a reduction. A lane is a group of elements that are reduced to one. Here an array has the shape
 * (outer, count, inner), whichever axes are reduced, and a lane is `count` elements at a distance of `inner`.
 */

/** Which axes to reduce, and whether they stay in the result with size 1. */
export interface ReduceOptions {
  /** The axis to reduce, or several. −1 is the last axis. Default: all axes. */
  axis?: number | readonly number[];
  /** Whether a reduced axis stays with size 1, so that the result broadcasts against the array. Default: false. */
  keepDims?: boolean;
}

/** One axis, several axes, or the options by name. */
export type AxisArgument = number | readonly number[] | ReduceOptions | undefined;

/**
 * The array with the shape (outer, count, inner), where the reduced axes are in the middle, and the shape of the
 * result.
 */
export interface Plan {
  values: FloatData;
  outer: number;
  count: number;
  inner: number;
  shape: number[];
  wholeAsNumber: boolean;
}

/**
 * How to reduce an array along the given axes.
 *
 * @param ofNothing whether zero elements have a result, such as the sum 0
 * @throws ShapeError for axes that x does not have, or for zero elements that have no result
 */
export function planOf(
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
  // A flat loop treats adjacent axes as one. If the axes are not adjacent, they are moved to the end first.
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

/** An array with the shape (before, kept, after), and the shape of a sum over the first and the last of these. */
export interface Middle {
  values: FloatData;
  before: number;
  kept: number;
  after: number;
  shape: number[];
}

/** An array whose first and last axes are to be summed; undefined if others are, or if there are no elements. */
export function middleOf(
  call: string,
  x: NdArray,
  axisArgument: AxisArgument,
  keepDimsArgument: boolean | undefined,
): Middle | undefined {
  assertArray(call, 'x', x);
  const { axis, keepDims = keepDimsArgument ?? false } = namedAxis(call, axisArgument);
  if (axis === undefined || axis === null || !isList(axis) || x.size === 0) return undefined;
  const axes = axesOf(call, axis, x.shape.length);
  const first = axes.findIndex((a, i) => a !== i);
  const last = x.shape.length - (axes.length - first);
  if (first < 1 || axes.some((a, i) => i >= first && a !== last + i - first)) return undefined;
  const [before, kept, after] = [x.shape.slice(0, first), x.shape.slice(first, last), x.shape.slice(last)];
  const shape = keepDims ? x.shape.map((size, a) => (axes.includes(a) ? 1 : size)) : kept;
  return { values: packed(x), before: sizeOf(before), kept: sizeOf(kept), after: sizeOf(after), shape };
}

/** The axes and `keepDims` of an argument in any of its forms. */
export function namedAxis(call: string, axis: AxisArgument): ReduceOptions {
  if (typeof axis !== 'object' || axis === null || isList(axis)) return { axis };
  const unknown = Object.keys(axis).find((key) => key !== 'axis' && key !== 'keepDims');
  if (unknown !== undefined) {
    throw new DtypeError(`${call}: expected an axis, or { axis, keepDims }; got '${unknown}'`);
  }
  return axis;
}

/** The axes in ascending order, counted from the front. */
function axesOf(call: string, axis: number | readonly number[], dimension: number): number[] {
  const list = isList(axis) ? axis : [axis];
  const axes = list.map((a) => normalizeAxis(call, a, dimension));
  if (axes.length === 0) throw new ShapeError(`${call}: expected at least one axis, got []`);
  if (new Set(axes).size < axes.length) {
    throw new ShapeError(`${call}: expected each axis once, got [${list.join(', ')}]`);
  }
  return axes.sort((a, b) => a - b);
}

/** Whether the argument is a list of axes. */
export function isList(axis: AxisArgument): axis is readonly number[] {
  return Array.isArray(axis);
}

/** The number of lanes that can be reduced four at a time. Only contiguous lanes can; up to three are left over. */
export function lanesInFours({ outer, inner }: Pick<Plan, 'outer' | 'inner'>): number {
  return inner === 1 ? outer - (outer % 4) : 0;
}

/** Calls `visit` with the number of each lane, starting with `first`, and with the position of its first element. */
export function forEachLane(
  { outer, count, inner }: Plan,
  first: number,
  visit: (lane: number, start: number) => void,
): void {
  for (let lane = first; lane < outer * inner; lane++) {
    const o = Math.floor(lane / inner);
    visit(lane, o * count * inner + (lane - o * inner));
  }
}
