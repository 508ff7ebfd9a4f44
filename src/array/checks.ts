import { DtypeError, ShapeError } from './errors.js';
import type { Dtype, IndexArray, NdArray, Shape } from './types.js';

/**
 * The checks that every public function makes. scijs does not check its input: it accepts data that is too short
 * for its shape, and reads another row when an index is out of range. These functions throw an error instead. Its
 * message names the call, what it expected, and what it got.
 */

/** A shape as NumPy writes it: `(200, 3072)`, `(5,)`, `()`. */
export function shapeText(shape: readonly (number | string)[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/**
 * Throws unless `x` is a scijs ndarray of floats whose memory holds all of its elements.
 *
 * @param call what the message begins with, such as `Linear.forward`
 * @param name what the message calls `x`
 * @throws DtypeError for anything that is not such an array, ShapeError if its memory is too short
 */
export function assertArray(call: string, name: string, x: NdArray): void {
  assertMemory(call, name, x);
  const dtype: string = x.dtype;
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new DtypeError(`${call}: expected ${name} of dtype float32 or float64, got ${dtype}`);
  }
}

/** Throws unless `x` is a scijs ndarray, of any dtype, whose memory holds all of its elements. */
export function assertMemory(call: string, name: string, x: NdArray | IndexArray): void {
  if (!isNdArray(x)) {
    throw new DtypeError(`${call}: expected ${name} to be an ndarray, got ${describe(x)}; array(…) makes one`);
  }
  let first = x.offset;
  let last = x.offset;
  for (let axis = 0; axis < x.shape.length; axis++) {
    if (x.shape[axis] === 0) return;
    const reach = x.stride[axis] * (x.shape[axis] - 1);
    if (reach < 0) first += reach;
    else last += reach;
  }
  if (!(first >= 0 && last < x.data.length)) {
    const beyond = first < 0 ? first : last;
    throw new ShapeError(
      `${call}: ${name} of shape ${shapeText(x.shape)} reaches element ${beyond} of memory that holds ${x.data.length}`,
    );
  }
}

/** Whether a value has the parts of an ndarray. */
function isNdArray(x: Partial<NdArray | IndexArray> | null): boolean {
  if (typeof x !== 'object' || x === null) return false;
  const { shape, stride, offset, data } = x;
  const parts = Array.isArray(shape) && Array.isArray(stride) && shape.length === stride.length;
  return parts && typeof offset === 'number' && typeof data?.length === 'number';
}

/** Throws unless `x` can be written to. In a view that repeats elements, several values would go to one element. */
export function assertWritable(call: string, name: string, x: NdArray): void {
  assertArray(call, name, x);
  if (x.shape.some((size, axis) => size > 1 && x.stride[axis] === 0)) {
    throw new ShapeError(`${call}: ${name} repeats its elements, as broadcastTo does, and can only be read`);
  }
}

/**
 * Throws if an options object had options that the constructor does not know.
 *
 * @param call what the message begins with, such as `MLP`
 * @param rest the options that are left after all known ones were taken out
 * @throws RangeError that names the first unknown option
 */
export function assertNoMoreOptions(call: string, rest: object): void {
  const unknown = Object.keys(rest);
  if (unknown.length > 0) throw new RangeError(`${call}: there is no option '${unknown[0]}' in this version`);
}

/**
 * Throws unless `options` is an object of options.
 *
 * @throws DtypeError that names the call
 */
export function assertOptions(call: string, options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new DtypeError(`${call}: expected an object of options, got ${inWords(options)}`);
  }
}

function describe(x: unknown): string {
  if (Array.isArray(x)) return 'a JavaScript array';
  if (x === null) return 'null';
  return typeof x === 'object'
    ? 'an object that is not an ndarray'
    : typeof x === 'undefined'
      ? 'undefined'
      : `a ${typeof x}`;
}

/**
 * Throws unless `x` is an array of the given shape, or of one of several shapes of different rank. A letter in a
 * pattern stands for any size from 1 up: `assertShape('Linear.forward', 'x', x, ['N', 3072])`.
 *
 * @param call what the message begins with, such as `Linear.forward`
 * @param name what the message calls `x`
 * @param patterns the allowed shapes, each of a different rank
 * @throws ShapeError that names the expected shapes and the actual one
 */
export function assertShape(
  call: string,
  name: string,
  x: NdArray,
  ...patterns: readonly (readonly (number | string)[])[]
): void {
  assertArray(call, name, x);
  const ofItsRank = patterns.find((pattern) => pattern.length === x.shape.length);
  const fits = (size: number | string, axis: number) =>
    typeof size === 'string' ? x.shape[axis] >= 1 : x.shape[axis] === size;
  if (ofItsRank?.every(fits)) return;
  const letters = ofItsRank?.filter((size) => typeof size === 'string') ?? [];
  const least = x.shape.includes(0) && letters.length > 0 ? ` with ${letters.join(', ')} ≥ 1` : '';
  const expected = patterns.map(shapeText).join(' or ');
  throw new ShapeError(`${call}: expected ${name} of shape ${expected}${least}, got ${shapeText(x.shape)}`);
}

/**
 * Throws unless `x` is an array with at least one axis and one element.
 *
 * @param call what the message begins with, such as `Linear.forward`
 * @param name what the message calls `x`
 * @throws ShapeError
 */
export function assertFilled(call: string, name: string, x: NdArray): void {
  assertArray(call, name, x);
  if (x.shape.length === 0 || x.size === 0) {
    throw new ShapeError(`${call}: expected ${name} with at least one axis and one element, got ${shapeText(x.shape)}`);
  }
}

/**
 * Throws unless `x` has the given dtype.
 *
 * @param call what the message begins with, such as `Linear.forward`
 * @param name what the message calls `x`
 * @throws DtypeError that suggests `astype`
 */
export function assertDtype(call: string, name: string, x: NdArray, dtype: Dtype): void {
  if (x.dtype !== dtype) {
    throw new DtypeError(
      `${call}: expected ${name} of dtype ${dtype}, got ${x.dtype}; astype(${name}, '${dtype}') converts`,
    );
  }
}

/**
 * Throws unless `x` has the shape and the dtype of `like`.
 *
 * @param call what the message begins with, such as `Linear.forward`
 * @param name what the message calls `x`
 * @throws ShapeError or DtypeError
 */
export function assertLike(call: string, name: string, x: NdArray, like: NdArray): void {
  assertShape(call, name, x, like.shape);
  assertDtype(call, name, x, like.dtype);
}

/** Returns the dtype. Throws unless it is float32 or float64. */
export function checkedDtype(call: string, dtype: Dtype): Dtype {
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new DtypeError(`${call}: expected dtype float32 or float64, got ${String(dtype)}`);
  }
  return dtype;
}

/** The largest number of elements of an array: what a typed array can have in every runtime. */
const MOST_ELEMENTS = 2 ** 32;

/** Throws unless `shape` is a list of whole numbers from 0 up, and an array of that shape is possible. */
export function assertSizes(call: string, shape: Shape): void {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ShapeError(`${call}: expected a shape of whole numbers from 0 up, such as [2, 3], got ${inWords(shape)}`);
  }
  if (shape.reduce((product, size) => product * size, 1) > MOST_ELEMENTS) {
    throw new ShapeError(`${call}: an array of shape ${shapeText(shape)} has more elements than memory can hold`);
  }
}

/**
 * Throws unless `value` is a number.
 *
 * @throws DtypeError that names the call and the argument
 */
export function assertNumber(call: string, name: string, value: number): void {
  if (typeof value !== 'number')
    throw new DtypeError(`${call}: expected ${name} to be a number, got ${inWords(value)}`);
}

/**
 * Throws unless `value` is a function.
 *
 * @throws DtypeError that names the call and the argument
 */
export function assertFunction(call: string, name: string, value: unknown): void {
  if (typeof value !== 'function')
    throw new DtypeError(`${call}: expected ${name} to be a function, got ${inWords(value)}`);
}

/**
 * Throws unless `value` is a list.
 *
 * @param example a right value, for the message
 * @throws ShapeError that names the call and the argument
 */
export function assertList(call: string, name: string, value: readonly unknown[], example: string): void {
  if (!Array.isArray(value)) {
    throw new ShapeError(`${call}: expected ${name} to be a list, such as ${example}, got ${inWords(value)}`);
  }
}

/** A wrong value in an error message: short, and never a method's source. */
export function inWords(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'object' || typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text !== undefined && text.length <= 60 ? text : describe(value);
}

/** The axis, counted from the front. `-1` is the last axis. Throws if the array has no such axis. */
export function normalizeAxis(call: string, axis: number, dimension: number): number {
  const counted = axis < 0 ? axis + dimension : axis;
  if (!Number.isInteger(counted) || counted < 0 || counted >= dimension) {
    throw new ShapeError(`${call}: axis ${axis} is out of range for an array with ${dimension} axes`);
  }
  return counted;
}
