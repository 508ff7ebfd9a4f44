import ndarray from 'ndarray';
import { assertArray, assertMemory, assertSizes, checkedDtype, shapeText } from './checks.js';
import { DtypeError, ShapeError } from './errors.js';
import { allocate, empty, packed, sizeOf, wrap } from './memory.js';
import type { Dtype, FloatData, IndexArray, NdArray, Nested, Shape } from './types.js';

/** Everything `array` accepts: a number, nested lists, or a typed array with a shape. */
export type ArrayLikeInput = Nested | ArrayLike<number>;

/**
 * A new array from a number, from nested lists, or from a flat list or typed array with a shape. Copies.
 *
 * `array([[1, 2], [3, 4]])` · `array([1, 2, 3, 4], [2, 2])` · `array(new Float64Array(6), [2, 3])` ·
 * `array([[1, 2]], 'float64')`
 *
 * @param data nested lists, all of one length at each depth; or the elements in row-major order
 * @param shape the shape; without one, the nesting's. The number of elements must fit.
 * @param dtype without one, a `Float32Array` or `Float64Array` keeps its own and all else becomes `float32`
 * @throws ShapeError when the lists are ragged or the elements do not fill the shape
 * @throws DtypeError when an element is not a number
 */
export function array(data: ArrayLikeInput, shape?: Shape, dtype?: Dtype): NdArray;
export function array(data: ArrayLikeInput, dtype: Dtype): NdArray;
export function array(data: ArrayLikeInput, shapeOrDtype?: Shape | Dtype, dtypeAfterShape?: Dtype): NdArray {
  if (typeof data === 'object' && data !== null && 'stride' in data) {
    throw new DtypeError('array: the data is an ndarray already; copy(x) or astype(x, dtype) make another');
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

/** Copies nested lists into flat memory, checking that every list has the length of its sisters. */
function fill(out: FloatData, data: ArrayLikeInput, shape: Shape): void {
  let written = 0;
  const walk = (value: ArrayLikeInput, axis: number): void => {
    if (axis === shape.length) {
      if (typeof value !== 'number') {
        const isList = typeof value === 'object' && value !== null;
        if (isList) throw new ShapeError('array: the nested lists are ragged: a list stands where a number should');
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
 * An array on the memory of `data` itself, row-major: no copy, so writing one changes the other.
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
  assertSizes('zeros', shape);
  return empty(shape, checkedDtype('zeros', dtype));
}

/**
 * An array of ones.
 *
 * @throws ShapeError unless every size is a whole number from 0 up
 */
export function ones(shape: Shape, dtype: Dtype = 'float32'): NdArray {
  assertSizes('ones', shape);
  return full(shape, 1, dtype);
}

/**
 * An array whose every element is `value`.
 *
 * @throws ShapeError unless every size is a whole number from 0 up
 */
export function full(shape: Shape, value: number, dtype: Dtype = 'float32'): NdArray {
  assertSizes('full', shape);
  return wrap(allocate(sizeOf(shape), checkedDtype('full', dtype)).fill(value), shape);
}

/** Zeros in the shape and dtype of `x`. */
export function zerosLike(x: NdArray): NdArray {
  assertArray('zerosLike', 'x', x);
  return empty(x.shape, x.dtype);
}

/** A row-major copy of `x`, whatever its strides. */
export function copy(x: NdArray): NdArray {
  assertArray('copy', 'x', x);
  return wrap(packed(x).slice(), x.shape);
}

/** A row-major copy of `x` with another element type; in float32 each element is rounded to the nearest. */
export function astype(x: NdArray, dtype: Dtype): NdArray {
  assertArray('astype', 'x', x);
  const out = allocate(x.size, checkedDtype('astype', dtype));
  out.set(packed(x));
  return wrap(out, x.shape);
}

/**
 * One row a label: 1 in the label's column, 0 elsewhere.
 *
 * @param labels N whole numbers from 0 to classes − 1
 * @param classes C, the number of columns
 * @returns (N, C)
 * @throws ShapeError for a label outside that range
 */
export function oneHot(labels: ArrayLike<number> | IndexArray, classes: number, dtype: Dtype = 'float32'): NdArray {
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

/** A list of positions as a plain flat list, from a list, a typed array, or the ndarray that `argmax` returns. */
export function indexList(call: string, name: string, indices: ArrayLike<number> | IndexArray): ArrayLike<number> {
  if (typeof indices !== 'object' || indices === null) {
    throw new DtypeError(`${call}: expected ${name} to be a list of whole numbers, got ${String(indices)}`);
  }
  if (!('shape' in indices)) return indices;
  if (indices.shape.length !== 1) {
    throw new ShapeError(`${call}: expected ${name} with one axis, got shape ${shapeText(indices.shape)}`);
  }
  return Array.from({ length: indices.shape[0] }, (_, i) => indices.get(i));
}

/** The elements as nested JavaScript arrays; a plain number for an array without axes. */
export function toNested(x: NdArray | IndexArray): Nested {
  assertMemory('toNested', 'x', x);
  const walk = (index: number[]): Nested =>
    index.length === x.shape.length
      ? x.get(...index)
      : Array.from({ length: x.shape[index.length] }, (_, i) => walk([...index, i]));
  return walk([]);
}

/** An ndarray of positions, as `argmax` returns them. */
export function indexArray(data: Int32Array, shape: Shape): IndexArray {
  return ndarray(data, [...shape]);
}
