import ndarray from 'ndarray';
import { inspectable } from '#inspection';
import { assertArray, assertMemory, assertNumber, assertSizes, checkedDtype, inWords, shapeText } from './checks.js';
import { DtypeError, ShapeError } from './errors.js';
import { allocate, empty, packed, sizeOf, wrap } from './memory.js';
import type { Dtype, FloatData, IndexArray, NdArray, Nested, Shape } from './types.js';

/** What `array` accepts: a number, nested lists, or a typed array with a shape. */
export type ArrayLikeInput = Nested | ArrayLike<number>;

/**
 * Creates an array from a number, from nested lists, or from a flat list or typed array with a shape. The data is
 * copied.
 *
 * `array([[1, 2], [3, 4]])` · `array([1, 2, 3, 4], [2, 2])` · `array(new Float64Array(6), [2, 3])` ·
 * `array([[1, 2]], 'float64')`
 *
 * @param data nested lists, of equal length at each depth; or the elements in row-major order
 * @param shape the shape. The number of elements must match. Default: the shape of the nested lists.
 * @param dtype the element type. Default: `float64` for a `Float64Array`, otherwise `float32`.
 * @throws ShapeError if the lists are ragged, or the elements do not fill the shape
 * @throws DtypeError if an element is not a number
 */
export function array(data: ArrayLikeInput, shape?: Shape, dtype?: Dtype): NdArray;
export function array(data: ArrayLikeInput, dtype: Dtype): NdArray;
export function array(data: ArrayLikeInput, shapeOrDtype?: Shape | Dtype, dtypeAfterShape?: Dtype): NdArray {
  if (typeof data === 'object' && data !== null && 'stride' in data) {
    throw new DtypeError('array: the data is already an ndarray; use copy(x) or astype(x, dtype)');
  }
  const named = typeof shapeOrDtype === 'string';
  const dtype = checkedDtype('array', (named ? shapeOrDtype : dtypeAfterShape) ?? ownDtype(data));
  const found = nestedShape(data);
  const shape = named || shapeOrDtype === undefined ? found : shapeOrDtype;
  assertSizes('array', shape);
  if (sizeOf(shape) !== sizeOf(found)) {
    throw new ShapeError(
      `array: shape ${shapeText(shape)} holds ${sizeOf(shape)} elements, but the data has ${sizeOf(found)}`,
    );
  }
  const out = allocate(sizeOf(shape), dtype);
  fill(out, data, found);
  return wrap(out, shape);
}

function ownDtype(data: ArrayLikeInput): Dtype {
  return data instanceof Float64Array ? 'float64' : 'float32';
}

function nestedShape(data: ArrayLikeInput): number[] {
  const shape: number[] = [];
  let level: ArrayLikeInput = data;
  while (typeof level === 'object' && level !== null && 'length' in level) {
    shape.push(level.length);
    if (level.length === 0) break;
    level = level[0];
  }
  return shape;
}

/** Copies nested lists into flat memory. Checks that all lists of one depth have the same length. */
function fill(out: FloatData, data: ArrayLikeInput, shape: Shape): void {
  let written = 0;
  const walk = (value: ArrayLikeInput, axis: number): void => {
    if (axis === shape.length) {
      if (typeof value !== 'number') {
        const isList = typeof value === 'object' && value !== null;
        if (isList) throw new ShapeError('array: the nested lists are ragged: expected a number, got a list');
        throw new DtypeError(`array: expected numbers, got ${String(value)} (${typeof value})`);
      }
      out[written++] = value;
      return;
    }
    const length = typeof value === 'object' && value !== null ? value.length : undefined;
    if (typeof value !== 'object' || length !== shape[axis]) {
      throw new ShapeError(
        `array: the nested lists are ragged: expected a list of length ${shape[axis]} at depth ${axis}, got ${length === undefined ? 'a number' : `length ${length}`}`,
      );
    }
    for (let i = 0; i < length; i++) walk(value[i], axis + 1);
  };
  walk(data, 0);
}

/**
 * A row-major array that shares the memory of `data`. Nothing is copied: writing to one changes the other.
 *
 * @param data the elements in row-major order
 * @throws ShapeError unless `data` has exactly as many elements as the shape
 */
export function asArray(data: FloatData, shape: Shape): NdArray {
  assertSizes('asArray', shape);
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `asArray: shape ${shapeText(shape)} holds ${sizeOf(shape)} elements, but the data has ${data.length}`,
    );
  }
  return wrap(data, shape);
}

/**
 * An array of zeros.
 *
 * @throws ShapeError unless every size is a whole number from 0 up
 */
export function zeros(shape: Shape, dtype: Dtype = 'float32'): NdArray {
  return filled('zeros', shape, 0, dtype);
}

/**
 * An array of ones.
 *
 * @throws ShapeError unless every size is a whole number from 0 up
 */
export function ones(shape: Shape, dtype: Dtype = 'float32'): NdArray {
  return filled('ones', shape, 1, dtype);
}

/**
 * An array whose every element is `value`.
 *
 * @throws ShapeError unless every size is a whole number from 0 up
 */
export function full(shape: Shape, value: number, dtype: Dtype = 'float32'): NdArray {
  return filled('full', shape, value, dtype);
}

function filled(call: string, shape: Shape, value: number, dtype: Dtype): NdArray {
  assertSizes(call, shape);
  assertNumber(call, 'value', value);
  return wrap(allocate(sizeOf(shape), checkedDtype(call, dtype)).fill(value), shape);
}

/** An array of zeros, with the shape and dtype of `x`. */
export function zerosLike(x: NdArray): NdArray {
  assertArray('zerosLike', 'x', x);
  return empty(x.shape, x.dtype);
}

/** A row-major copy of `x`, also if `x` is a view. */
export function copy(x: NdArray): NdArray {
  assertArray('copy', 'x', x);
  return wrap(packed(x).slice(), x.shape);
}

/** A row-major copy of `x` with another dtype. In float32, each element is rounded to the nearest value. */
export function astype(x: NdArray, dtype: Dtype): NdArray {
  assertArray('astype', 'x', x);
  const out = allocate(x.size, checkedDtype('astype', dtype));
  out.set(packed(x));
  return wrap(out, x.shape);
}

/**
 * One-hot rows: one row per label, with 1 in the label's column and 0 elsewhere.
 *
 * @param labels N whole numbers from 0 to classes − 1: a list, a typed array, or an ndarray with one axis
 * @param classes C, the number of columns
 * @returns (N, C)
 * @throws ShapeError for a label outside that range
 */
export function oneHot(
  labels: ArrayLike<number> | IndexArray | NdArray,
  classes: number,
  dtype: Dtype = 'float32',
): NdArray {
  assertSizes('oneHot', [classes]);
  const list = indexList('oneHot', 'labels', labels);
  const out = allocate(list.length * classes, checkedDtype('oneHot', dtype));
  for (let n = 0; n < list.length; n++) {
    if (!Number.isInteger(list[n]) || list[n] < 0 || list[n] >= classes) {
      throw new ShapeError(`oneHot: expected labels from 0 to ${classes - 1}, got ${list[n]} at position ${n}`);
    }
    out[n * classes + list[n]] = 1;
  }
  return wrap(out, [list.length, classes]);
}

/** Indices as a plain flat list, from a list, a typed array, or an ndarray with one axis, such as `argmax` returns. */
export function indexList(
  call: string,
  name: string,
  indices: ArrayLike<number> | IndexArray | NdArray,
): ArrayLike<number> {
  const isList = typeof indices === 'object' && indices !== null && ('shape' in indices || 'length' in indices);
  if (!isList) {
    throw new DtypeError(`${call}: expected ${name} to be a list of whole numbers, got ${inWords(indices)}`);
  }
  if (!('shape' in indices)) return indices;
  assertMemory(call, name, indices);
  if (indices.shape.length !== 1) {
    throw new ShapeError(`${call}: expected ${name} with one axis, got shape ${shapeText(indices.shape)}`);
  }
  return Array.from({ length: indices.shape[0] }, (_, i) => indices.get(i));
}

/** The elements as nested JavaScript arrays, or as a number if the array has no axes. */
export function toNested(x: NdArray | IndexArray): Nested {
  assertMemory('toNested', 'x', x);
  const walk = (index: number[]): Nested =>
    index.length === x.shape.length
      ? x.get(...index)
      : Array.from({ length: x.shape[index.length] }, (_, i) => walk([...index, i]));
  return walk([]);
}

/** An ndarray of indices, as `argmax` returns it. */
export function indexArray(data: Int32Array, shape: Shape): IndexArray {
  return inspectable(ndarray(data, [...shape]));
}
