import { assertArray, assertList, assertSizes, normalizeAxis, shapeText } from './checks.js';
import { indexList } from './create.js';
import { DtypeError, ShapeError } from './errors.js';
import { allocate, commonDtype, empty, isContiguous, packed, sizeOf, view, wrap } from './memory.js';
import type { IndexArray, NdArray, Shape } from './types.js';

/** Other shapes, orders and selections of the same elements. A function returns a view where NumPy's does. */

/**
 * `x` with another shape, in row-major order. If `x` is contiguous, the result shares its memory; otherwise it is a
 * copy.
 *
 * @param shape the new shape. One size may be −1; it follows from the others.
 * @throws ShapeError if the elements do not fill the shape
 */
export function reshape(x: NdArray, shape: Shape): NdArray {
  assertArray('reshape', 'x', x);
  assertList('reshape', 'shape', shape, '[2, -1]');
  const known = sizeOf(shape.filter((size) => size !== -1));
  const free = shape.indexOf(-1);
  const sizes = free === -1 ? [...shape] : shape.map((size, axis) => (axis === free ? x.size / known : size));
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0) || sizeOf(sizes) !== x.size) {
    throw new ShapeError(`reshape: ${x.size} elements of shape ${shapeText(x.shape)} do not fill ${shapeText(shape)}`);
  }
  return isContiguous(x) ? view(x.data, sizes, undefined, x.offset) : wrap(packed(x), sizes);
}

/**
 * A view with the axes in another order.
 *
 * @param axes for each axis of the view, the axis of `x`. −1 is the last. Default: reversed, so that a matrix is
 * transposed.
 * @returns a view that shares the memory of `x`
 * @throws ShapeError unless `axes` names every axis once
 */
export function transpose(x: NdArray, axes?: readonly number[]): NdArray {
  assertArray('transpose', 'x', x);
  const dimension = x.shape.length;
  if (axes !== undefined) assertList('transpose', 'axes', axes, '[1, 0]');
  const order = axes === undefined ? x.shape.map((_, axis) => dimension - 1 - axis) : axes;
  const counted = order.map((axis) => normalizeAxis('transpose', axis, dimension));
  if (counted.length !== dimension || new Set(counted).size !== dimension) {
    throw new ShapeError(`transpose: expected each of ${dimension} axes once, got ${shapeText(order)}`);
  }
  return view(
    x.data,
    counted.map((axis) => x.shape[axis]),
    counted.map((axis) => x.stride[axis]),
    x.offset,
  );
}

/**
 * A view of a part of each axis. Negative positions count from the end, as in NumPy. Unlike in NumPy, a position past
 * the end is an error.
 *
 * @param ranges one `[start, stop]` per axis, or `null` for the whole axis. Default: the whole axis.
 * @returns a view that shares the memory of `x`
 * @throws ShapeError for a range outside its axis, or for more ranges than axes
 */
export function slice(x: NdArray, ...ranges: readonly (readonly [number, number] | null)[]): NdArray {
  assertArray('slice', 'x', x);
  if (ranges.length > x.shape.length) {
    throw new ShapeError(`slice: got ${ranges.length} ranges for an array of shape ${shapeText(x.shape)}`);
  }
  const shape = [...x.shape];
  let offset = x.offset;
  ranges.forEach((range, axis) => {
    if (range === null) return;
    assertList('slice', `range ${axis}`, range, '[0, 2]');
    const [start, stop] = range.map((position) => (position < 0 ? position + x.shape[axis] : position));
    if (!Number.isInteger(start) || !Number.isInteger(stop) || start < 0 || stop > x.shape[axis] || start > stop) {
      throw new ShapeError(
        `slice: [${range.join(', ')}] is not a range of axis ${axis}, which has ${x.shape[axis]} elements`,
      );
    }
    shape[axis] = stop - start;
    offset += start * x.stride[axis];
  });
  return view(x.data, shape, x.stride, offset);
}

/**
 * The rows at the given positions of the first axis, in that order, as a fresh array. Negative positions count from
 * the end.
 *
 * @param x (N, …)
 * @param indices K whole numbers from −N to N − 1
 * @returns (K, …)
 * @throws ShapeError for a position out of range
 */
export function take(x: NdArray, indices: ArrayLike<number> | IndexArray): NdArray {
  assertArray('take', 'x', x);
  if (x.shape.length === 0) throw new ShapeError('take: expected x with at least one axis, got shape ()');
  const rows = indexList('take', 'indices', indices);
  const width = sizeOf(x.shape.slice(1));
  const values = packed(x);
  const out = allocate(rows.length * width, x.dtype);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] < 0 ? rows[i] + x.shape[0] : rows[i];
    if (!Number.isInteger(row) || row < 0 || row >= x.shape[0]) {
      throw new ShapeError(`take: index ${rows[i]} is out of range for ${x.shape[0]} rows`);
    }
    out.set(values.subarray(row * width, (row + 1) * width), i * width);
  }
  return wrap(out, [rows.length, ...x.shape.slice(1)]);
}

/**
 * Joins arrays along an existing axis.
 *
 * @param arrays one or more, of the same rank
 * @param axis the axis; −1 is the last. Default: 0.
 * @returns a fresh array; float64 if one of the arrays is
 * @throws ShapeError unless all other axes have equal sizes
 */
export function concatenate(arrays: readonly NdArray[], axis = 0): NdArray {
  const list: readonly NdArray[] = Array.isArray(arrays) ? arrays : [];
  if (list.length === 0) throw new ShapeError('concatenate: expected a list of at least one array');
  for (const x of list) assertArray('concatenate', 'each array', x);
  const first = list[0];
  const along = normalizeAxis('concatenate', axis, first.shape.length);
  for (const { shape } of list) {
    if (shape.length !== first.shape.length || shape.some((size, a) => a !== along && size !== first.shape[a])) {
      throw new ShapeError(
        `concatenate: shapes ${shapeText(first.shape)} and ${shapeText(shape)} differ outside axis ${along}`,
      );
    }
  }
  const shape = [...first.shape];
  shape[along] = list.reduce((total, x) => total + x.shape[along], 0);
  assertSizes('concatenate', shape);
  const out = empty(shape, commonDtype(list));
  const outer = sizeOf(shape.slice(0, along));
  const inner = sizeOf(shape.slice(along + 1));
  let start = 0;
  for (const x of list) {
    const values = packed(x);
    const run = x.shape[along] * inner;
    for (let o = 0; o < outer; o++) {
      out.data.set(values.subarray(o * run, (o + 1) * run), o * shape[along] * inner + start);
    }
    start += run;
  }
  return out;
}

/**
 * One element. Unlike scijs's own `get`, it throws if an index is out of range or missing.
 *
 * @param index one whole number per axis; negative ones count from the end
 * @throws ShapeError
 */
export function at(x: NdArray, ...index: readonly number[]): number {
  const counted = checkedIndex('at', x, index);
  return x.get(...counted);
}

/**
 * Writes one element, with the checks of `at`.
 *
 * @param index one whole number per axis; negative ones count from the end
 * @throws ShapeError for the index, DtypeError for a value that is not a number
 */
export function setAt(x: NdArray, index: readonly number[], value: number): void {
  if (typeof value !== 'number') throw new DtypeError(`setAt: expected a number, got ${String(value)}`);
  const counted = checkedIndex('setAt', x, index);
  x.set(...counted, value);
}

function checkedIndex(call: string, x: NdArray, index: readonly number[]): number[] {
  assertArray(call, 'x', x);
  assertList(call, 'index', index, '[0, 2]');
  const counted = index.map((i, axis) => (i < 0 ? i + x.shape[axis] : i));
  const inside = counted.every((i, axis) => Number.isInteger(i) && i >= 0 && i < x.shape[axis]);
  if (counted.length !== x.shape.length || !inside) {
    throw new ShapeError(
      `${call}: index ${shapeText(index)} is out of range for an array of shape ${shapeText(x.shape)}`,
    );
  }
  return counted;
}
