import ndarray from 'ndarray';
import { engine } from '../kernels/backend.js';
import { LONGEST_ROW } from '../kernels/longest-row.js';
import type { BinaryFunction, RowFunction, Rows, UnaryFunction, Vectors } from '../kernels/wasm-vectors.js';
import { isContiguous, sizeOf } from './memory.js';
import type { FloatData, NdArray } from './types.js';

export type { BinaryFunction, RowFunction, UnaryFunction };

/**
 * Calls of the engine's fast element-wise functions. They work in single precision, on rows that are contiguous or
 * repeat one number. Each function here returns whether it did the work. If not, the caller runs a plain loop.
 */

/** For smaller arrays, a plain loop is faster than the call of the engine. */
const WORTH_IT = 64;

/** out = f(left, right), for a contiguous `out` and operands broadcast to its shape. */
export function fastBinary(name: string, out: NdArray, left: NdArray, right: NdArray): boolean {
  const vectors = engine().vectors;
  if (!vectors || !isBinary(name) || out.size < WORTH_IT || !(out.data instanceof Float32Array)) return false;
  const merged = mergedAxes([out, left, right]);
  return binaryWithNumbers(vectors, name, merged) || binaryOnRows(vectors, name, merged);
}

/** Does the work if one operand has a number for each row, such as one for each channel of images. */
function binaryWithNumbers(vectors: Vectors, name: BinaryFunction, [out, left, right]: readonly NdArray[]): boolean {
  if (name !== 'add' && name !== 'subtract' && name !== 'multiply') return false;
  const swapped = name !== 'subtract' && !isContiguous(left);
  const [x, y] = swapped ? [right, left] : [left, right];
  const numbers = numbersOfRows(y);
  if (!numbers || !isContiguous(x) || !(x.data instanceof Float32Array)) return false;
  const columns = y.shape[y.shape.length - 1];
  vectors.each(`${name}Each`, floatsOf(out), columns, floatsOf(x), [numbers]);
  return true;
}

/**
 * The numbers of an array whose last axis repeats them, and whose first of three axes repeats all; undefined for any
 * other array, or if the rows are not whole vectors.
 */
function numbersOfRows({ data, offset, shape, stride }: NdArray): Float32Array | undefined {
  const last = shape.length - 1;
  const isPattern = (last === 1 || (last === 2 && stride[0] === 0)) && stride[last] === 0 && stride[last - 1] !== 0;
  if (!isPattern || shape[last] % 4 !== 0 || !(data instanceof Float32Array)) return undefined;
  return Float32Array.from({ length: shape[last - 1] }, (_, i) => data[offset + i * stride[last - 1]]);
}

/**
 * out = x · scale + shift, or out += x · scale, for contiguous `out` and `x` and a scale and shift that are broadcast to
 * their shape, with one number for each row.
 */
export function fastScale(
  name: 'scaleShift' | 'addProduct',
  out: NdArray,
  x: NdArray,
  factors: readonly NdArray[],
): boolean {
  const vectors = engine().vectors;
  if (!vectors || out.size < WORTH_IT || [out, x].some((array) => !(array.data instanceof Float32Array))) return false;
  const merged = mergedAxes([out, x, ...factors]);
  const numbers = merged.slice(2).map(numbersOfRows);
  const known = numbers.filter((list) => list !== undefined);
  if (known.length < numbers.length || !isContiguous(x) || !isContiguous(out)) return false;
  vectors.each(`${name}Each`, floatsOf(out), merged[2].shape[merged[2].shape.length - 1], floatsOf(x), known);
  return true;
}

/** Adds the sums of the rows of x, or of x ∘ y, to the totals: the row with the same number modulo their count. */
export function fastSumEach(totals: Float64Array, columns: number, x: FloatData, y?: FloatData): boolean {
  const vectors = engine().vectors;
  const isFast = columns % 4 === 0 && x instanceof Float32Array && (y === undefined || y instanceof Float32Array);
  if (!vectors || x.length < WORTH_IT || !isFast) return false;
  vectors.sumEach(totals, columns, x, y);
  return true;
}

/** out = f(x, y), element by element. */
export function fastPairs(name: BinaryFunction, out: FloatData, x: FloatData, y: FloatData): boolean {
  return onFloats([out, x, y], (vectors, [to, left, right]) => {
    const rows = (data: Float32Array) => ({ data, offset: 0, row: data.length, column: 1 }) as const;
    vectors.binary(name, to, to.length, rows(left), rows(right));
  });
}

/** The elements of a contiguous array in single precision. */
function floatsOf({ data, offset, size }: NdArray): Float32Array {
  if (!(data instanceof Float32Array)) throw new Error('expected float32');
  return data.subarray(offset, offset + size);
}

/** Does the work on the rows of a matrix, or of each matrix along the first of more axes. */
function binaryOnRows(vectors: Vectors, name: BinaryFunction, [out, left, right]: readonly NdArray[]): boolean {
  const columns = [left, right].every((x) => isContiguous(x) || repeatsOneNumber(x))
    ? out.size
    : out.shape[out.shape.length - 1];
  const x = asRows(left, columns);
  const y = asRows(right, columns);
  if (x && y && out.data instanceof Float32Array) {
    vectors.binary(name, out.data.subarray(out.offset, out.offset + out.size), columns, x, y);
    return true;
  }
  if (out.shape.length < 3 || out.size < WORTH_IT * out.shape[0]) return false;
  // All parts lie alike, so the first one decides whether this works, before anything is written.
  const parts = Array.from({ length: out.shape[0] }, (_, i) => [out, left, right].map((x) => pickFirst(x, i)));
  return parts.every((part) => binaryOnRows(vectors, name, part));
}

/** The arrays, all of one shape, with neighboring axes as one where they lie like one in each of the arrays. */
function mergedAxes(arrays: readonly NdArray[]): NdArray[] {
  const { shape } = arrays[0];
  const groups: number[][] = [];
  for (const axis of shape.keys()) {
    const group = groups.at(-1);
    const before = group?.at(-1) ?? 0;
    const isOne = arrays.every(({ stride }) => stride[before] === stride[axis] * shape[axis]);
    if (shape[axis] === 1) continue;
    if (group && isOne) group.push(axis);
    else groups.push([axis]);
  }
  return arrays.map(({ data, stride, offset }) => {
    const sizes = groups.map((group) => group.reduce((size, axis) => size * shape[axis], 1));
    const strides = groups.map((group) => stride[group[group.length - 1]]);
    return ndarray(data, sizes.length > 0 ? sizes : [1], sizes.length > 0 ? strides : [1], offset);
  });
}

/** The part at one position of the first axis: a view. */
function pickFirst({ data, shape, stride, offset }: NdArray, i: number): NdArray {
  return ndarray(data, shape.slice(1), stride.slice(1), offset + i * stride[0]);
}

/** out = f(x), element by element. */
export function fastUnary(name: UnaryFunction, out: FloatData, x: FloatData, parameter?: number): boolean {
  return onFloats([out, x], (vectors, [to, from]) => vectors.unary(name, to, from, parameter));
}

/** out = f of each row of x. */
export function fastRows(name: RowFunction, out: FloatData, x: FloatData, columns: number): boolean {
  if (columns === 0 || columns > LONGEST_ROW) return false;
  return onFloats([out, x], (vectors, [to, from]) => vectors.rows(name, to, from, columns));
}

/** target += scale · x, element by element. */
export function fastAddScaled(target: FloatData, x: FloatData, scale: number): boolean {
  return onFloats([target, x], (vectors, [to, from]) => vectors.addScaled(to, from, scale));
}

/** Adds a row to each row of the target, a contiguous matrix with rows of the same length. */
export function fastAddToRows(target: FloatData, row: FloatData): boolean {
  return onFloats([target, row], (vectors, [to, from]) => vectors.addToRows(to, from));
}

/** totals += each row of x. */
export function fastSumRows(totals: Float64Array, x: ArrayLike<number>): boolean {
  const vectors = engine().vectors;
  if (!vectors || !(x instanceof Float32Array) || x.length < WORTH_IT) return false;
  vectors.sumRows(totals, x);
  return true;
}

/** A step of an optimizer on the values, the gradients, and its moments. */
export function fastUpdate(
  name: 'momentum' | 'adam',
  arrays: readonly FloatData[],
  numbers: readonly number[],
): boolean {
  return onFloats(arrays, (vectors, [x, grad, first, second]) => {
    if (name === 'adam') vectors.adam([x, grad, first, second], [...numbers]);
    else vectors.descend([x, grad, first], [...numbers]);
  });
}

/** Does the work if the engine has fast functions and all arrays are float32. */
function onFloats(arrays: readonly FloatData[], work: (vectors: Vectors, arrays: Float32Array[]) => void): boolean {
  const vectors = engine().vectors;
  if (!vectors || arrays[0].length < WORTH_IT) return false;
  const floats = arrays.filter((array) => array instanceof Float32Array);
  if (floats.length < arrays.length) return false;
  work(vectors, floats);
  return true;
}

const BINARY: readonly string[] = ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'gate'];
const isBinary = (name: string): name is BinaryFunction => BINARY.includes(name);

function repeatsOneNumber(x: NdArray): boolean {
  return x.shape.every((size, axis) => size === 1 || x.stride[axis] === 0);
}

/** The array as a matrix with the given number of columns, or undefined if its strides do not allow it. */
function asRows(x: NdArray, columns: number): Rows | undefined {
  const { data, offset, shape, stride } = x;
  if (!(data instanceof Float32Array)) return undefined;
  if (repeatsOneNumber(x)) return { data, offset, row: 0, column: 0 };
  if (isContiguous(x)) return { data, offset, row: columns, column: 1 };
  const last = shape.length - 1;
  const [row, column] = [stride[last - 1], stride[last]];
  if (column !== 0 && column !== 1) return undefined;
  const isMatrix = shape
    .slice(0, last)
    .every((size, axis) => size === 1 || stride[axis] === row * sizeOf(shape.slice(axis + 1, last)));
  return isMatrix ? { data, offset, row, column } : undefined;
}
