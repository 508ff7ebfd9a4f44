import ops from 'ndarray-ops';
import { broadcastTo, commonShape } from './broadcast.js';
import { assertArray, assertFunction, assertNumber, assertWritable, shapeText } from './checks.js';
import { ShapeError } from './errors.js';
import { allocate, commonDtype, isContiguous, packed, sizeOf, unfilled, wrap } from './memory.js';
import type { Dtype, FloatData, NdArray } from './types.js';
import {
  type BinaryFunction,
  fastAddScaled,
  fastAddToRows,
  fastBinary,
  fastPairs,
  fastRows,
  fastScale,
  fastUnary,
  type RowFunction,
  type UnaryFunction,
} from './vectors.js';

export type { BinaryFunction, RowFunction, UnaryFunction };

/**
 * Element-wise functions. Each returns a fresh array. Operands broadcast as in NumPy, and may be views or plain
 * numbers. float32 with float64 gives float64. Contiguous float32 arrays go to the engine if it has a fast version;
 * everything else goes to ndarray-ops. ndarray-ops does not broadcast and does not check, and it corrupts the result
 * if an operand shares its memory. So it gets operands that are views of the broadcast shape, and a fresh array to
 * write to.
 */

/**
 * An array, or a number that stands for an array of any shape. Two operands broadcast as in NumPy; a ShapeError says
 * if they cannot. The result has the shape that they broadcast to. It is float64 if one of them is float64 or both
 * are numbers, and otherwise float32.
 */
export type Operand = NdArray | number;
type Kernel = (out: NdArray, a: NdArray, b: NdArray) => void;

function binary(call: string, kernel: Kernel, a: Operand, b: Operand): NdArray {
  if (typeof a !== 'number') assertArray(call, 'the first operand', a);
  if (typeof b !== 'number') assertArray(call, 'the second operand', b);
  const arrays = [a, b].filter((x) => typeof x !== 'number');
  const dtype = arrays.length === 0 ? 'float64' : commonDtype(arrays);
  const [left, right] = [asArrayOf(a, dtype), asArrayOf(b, dtype)];
  const shape = commonShape(call, [left.shape, right.shape]);
  const out = wrap(unfilled(sizeOf(shape), dtype), shape);
  if (out.size === 0) return out;
  const operands: [NdArray, NdArray] = [broadcastTo(left, shape), broadcastTo(right, shape)];
  if (!fastBinary(call, out, ...operands)) kernel(out, ...operands);
  return out;
}

function asArrayOf(x: Operand, dtype: Dtype): NdArray {
  return typeof x === 'number' ? wrap(allocate(1, dtype).fill(x), []) : x;
}

/** a + b. */
export const add = (a: Operand, b: Operand): NdArray => binary('add', ops.add, a, b);
/** a − b. */
export const subtract = (a: Operand, b: Operand): NdArray => binary('subtract', ops.sub, a, b);
/** a ∘ b, the element-wise product. */
export const multiply = (a: Operand, b: Operand): NdArray => binary('multiply', ops.mul, a, b);
/** a ⊘ b, the element-wise quotient. */
export const divide = (a: Operand, b: Operand): NdArray => binary('divide', ops.div, a, b);
/** a to the power b, with `Math.pow`. Unlike in NumPy, 1 to the power of NaN or ±∞ is NaN. */
export const power = (a: Operand, b: Operand): NdArray => binary('power', ops.pow, a, b);
/** The larger value of each pair, or NaN if one of them is NaN. */
export const maximum = (a: Operand, b: Operand): NdArray => binary('maximum', ops.max, a, b);
/** The smaller value of each pair, or NaN if one of them is NaN. */
export const minimum = (a: Operand, b: Operand): NdArray => binary('minimum', ops.min, a, b);

/**
 * A function for which an engine may have a faster version: the function's name there and, if it has one, its
 * parameter.
 */
export interface KnownFunction {
  /** The name of one of the engine's functions of one number. */
  name: UnaryFunction;
  /** Its second argument: α for `elu` and `eluSlope`. The others have none. */
  parameter?: number;
}

/**
 * A fresh array of `f(value)` for every element.
 *
 * @param f is called once per element, in row-major order, unless the engine has a faster version
 * @param known names the engine's version of `f`, which agrees with it except for the last digit or two of float32
 * @returns the shape and dtype of x
 */
export function map(x: NdArray, f: (value: number) => number, known?: KnownFunction): NdArray {
  assertFunction('map', 'f', f);
  return unary('map', x, f, known);
}

function unary(call: string, x: NdArray, f: (value: number) => number, known?: KnownFunction): NdArray {
  assertArray(call, 'x', x);
  const values = packed(x);
  const out = unfilled(values.length, x.dtype);
  const done = known !== undefined && fastUnary(known.name, out, values, known.parameter);
  if (!done) for (let i = 0; i < values.length; i++) out[i] = f(values[i]);
  return wrap(out, x.shape);
}

/**
 * A fresh array of `f` of every row along the last axis.
 *
 * @param f is called with all of x, unless the engine has a faster version. The result for a row must depend on that
 * row only.
 * @param known names the engine's version of `f`, which agrees with it except for the last digit or two of float32
 * @returns the shape and dtype of x
 */
export function mapRows(x: NdArray, f: (rows: NdArray) => NdArray, known: RowFunction): NdArray {
  assertArray('mapRows', 'x', x);
  assertFunction('mapRows', 'f', f);
  const values = packed(x);
  const out = unfilled(values.length, x.dtype);
  return fastRows(known, out, values, x.shape.at(-1) ?? 0) ? wrap(out, x.shape) : f(x);
}

/**
 * A fresh array of `f(a, b)` for every pair of elements of two arrays of the same shape.
 *
 * @param known names the engine's version of `f`, which agrees with it
 * @returns an array of the same shape; float64 if one of the two is
 * @throws ShapeError if the shapes differ. They do not broadcast.
 */
export function zipWith(a: NdArray, b: NdArray, f: (a: number, b: number) => number, known?: BinaryFunction): NdArray {
  assertArray('zipWith', 'a', a);
  assertArray('zipWith', 'b', b);
  assertFunction('zipWith', 'f', f);
  if (shapeText(a.shape) !== shapeText(b.shape)) {
    throw new ShapeError(
      `zipWith: expected two arrays of the same shape, got ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    );
  }
  const left = packed(a);
  const right = packed(b);
  const out = unfilled(left.length, commonDtype([a, b]));
  const done = known !== undefined && fastPairs(known, out, left, right);
  if (!done) for (let i = 0; i < left.length; i++) out[i] = f(left[i], right[i]);
  return wrap(out, a.shape);
}

/** −x. */
export const negative = (x: NdArray): NdArray => unary('negative', x, (value) => -value);
/** |x|. */
export const abs = (x: NdArray): NdArray => unary('abs', x, Math.abs);
/** −1, 0 or 1. */
export const sign = (x: NdArray): NdArray => unary('sign', x, Math.sign);
/** x². */
export const square = (x: NdArray): NdArray => unary('square', x, (value) => value * value, { name: 'square' });
/** √x. */
export const sqrt = (x: NdArray): NdArray => unary('sqrt', x, Math.sqrt, { name: 'sqrt' });
/** eˣ. */
export const exp = (x: NdArray): NdArray => unary('exp', x, Math.exp, { name: 'exp' });
/** eˣ − 1, accurate for small x. */
export const expm1 = (x: NdArray): NdArray => unary('expm1', x, Math.expm1, { name: 'expm1' });
/** The natural logarithm. */
export const log = (x: NdArray): NdArray => unary('log', x, Math.log);
/** ln(1 + x), accurate for small x. */
export const log1p = (x: NdArray): NdArray => unary('log1p', x, Math.log1p);
/** The hyperbolic tangent. */
export const tanh = (x: NdArray): NdArray => unary('tanh', x, Math.tanh, { name: 'tanh' });

/**
 * target += scale · x, in place. Gradients are accumulated and parameters updated with it. `x` broadcasts to the
 * shape of the target and may be any view, even of the target itself.
 *
 * @throws ShapeError if `x` does not broadcast to the target's shape
 */
export function addInPlace(target: NdArray, x: Operand, scale = 1): void {
  assertNumber('addInPlace', 'scale', scale);
  if (scale === 1 && isRepeated(x, target) && combineInPlace('add', target, x)) return;
  const { into, values } = inPlace('addInPlace', target, x);
  if (!fastAddScaled(into, values, scale)) for (let i = 0; i < into.length; i++) into[i] += scale * values[i];
  putBack(target, into);
}

/**
 * x ∘ scale + shift, in one pass if the engine can. `scale` and `shift` broadcast to the shape of x.
 *
 * @returns a fresh array, the shape and dtype of x
 * @throws ShapeError if `scale` or `shift` do not broadcast to the shape of x
 */
export function scaleShift(x: NdArray, scale: NdArray, shift: NdArray): NdArray {
  assertArray('scaleShift', 'x', x);
  const factors = [fitted('scaleShift', 'scale', scale, x), fitted('scaleShift', 'shift', shift, x)];
  const out = wrap(unfilled(x.size, x.dtype), x.shape);
  if (fastScale('scaleShift', out, x, factors)) return out;
  const scaled = multiply(x, scale);
  addInPlace(scaled, shift);
  return scaled;
}

/**
 * target += sign · a ∘ b, in place. `b` broadcasts to the shape of the target; `a` has that shape.
 *
 * @throws ShapeError if `a` has another shape, or `b` does not broadcast to it
 */
export function addProductInPlace(target: NdArray, a: NdArray, b: NdArray, sign: 1 | -1 = 1): void {
  assertWritable('addProductInPlace', 'target', target);
  assertArray('addProductInPlace', 'a', a);
  if (shapeText(a.shape) !== shapeText(target.shape)) {
    throw new ShapeError(
      `addProductInPlace: expected a of shape ${shapeText(target.shape)}, got ${shapeText(a.shape)}`,
    );
  }
  fitted('addProductInPlace', 'b', b, target);
  const factor = broadcastTo(sign === 1 ? b : negative(b), target.shape);
  const apart = a.data.buffer !== target.data.buffer && b.data.buffer !== target.data.buffer;
  if (!apart || !fastScale('addProduct', target, a, [factor])) addInPlace(target, multiply(a, b), sign);
}

/** An operand, broadcast to the shape of x. */
function fitted(call: string, name: string, operand: NdArray, x: NdArray): NdArray {
  assertArray(call, name, operand);
  const [from, to] = [shapeText(operand.shape), shapeText(x.shape)];
  if (shapeText(commonShape(call, [x.shape, operand.shape])) !== to) {
    throw new ShapeError(`${call}: ${name} of shape ${from} does not broadcast to ${to}`);
  }
  return broadcastTo(operand, x.shape);
}

function isRepeated(x: Operand, target: NdArray): boolean {
  return typeof x === 'number' || x.size !== target.size;
}

/**
 * target −= x, in place. `x` broadcasts to the shape of the target and may be any view, even of the target itself.
 *
 * @throws ShapeError if `x` does not broadcast to the target's shape
 */
export function subtractInPlace(target: NdArray, x: Operand): void {
  if (!combineInPlace('subtract', target, x)) assign(target, subtract(target, x));
}

/**
 * target = target ∘ x, in place. `x` broadcasts to the shape of the target and may be any view, even of the target
 * itself.
 *
 * @throws ShapeError if `x` does not broadcast to the target's shape
 */
export function multiplyInPlace(target: NdArray, x: Operand): void {
  if (!combineInPlace('multiply', target, x)) assign(target, multiply(target, x));
}

/**
 * Combines a target with an array that is repeated to fit, such as a bias, if the engine can. Returns whether it did.
 */
function combineInPlace(name: 'add' | 'subtract' | 'multiply', target: NdArray, x: Operand): boolean {
  const source = sourceFor(`${name}InPlace`, target, x);
  const itself = source.data.buffer === target.data.buffer && source !== target;
  if (itself || !isContiguous(target)) return false;
  const isRow = source.size === source.shape.at(-1) && source.size === target.shape.at(-1);
  if (name === 'add' && isRow) return fastAddToRows(packed(target), packed(source));
  return fastBinary(name, wrap(packed(target), target.shape), target, broadcastTo(source, target.shape));
}

/** `x` as an array. Throws unless the target can be written to and `x` broadcasts to its shape. */
function sourceFor(call: string, target: NdArray, x: Operand): NdArray {
  assertWritable(call, 'target', target);
  if (typeof x !== 'number') assertArray(call, 'x', x);
  const source = asArrayOf(x, target.dtype);
  fitted(call, 'x', source, target);
  return source;
}

/**
 * Overwrites the elements of `target` with those of `x`, broadcast to its shape.
 *
 * @throws ShapeError if `x` does not broadcast to the target's shape
 */
export function assign(target: NdArray, x: Operand): void {
  if (typeof x === 'number') {
    assertWritable('assign', 'target', target);
    putBack(target, packed(target).fill(x));
    return;
  }
  const { into, values } = inPlace('assign', target, x);
  into.set(values);
  putBack(target, into);
}

/** The elements of the target, to be written, and those of `x` broadcast to the target, both in row-major order. */
function inPlace(call: string, target: NdArray, x: Operand): { into: FloatData; values: FloatData } {
  const source = sourceFor(call, target, x);
  const values = packed(broadcastTo(source, target.shape));
  // Two contiguous views of the same memory may overlap. A copy is read, so that no element is read after it was
  // written.
  return { into: packed(target), values: values.buffer === target.data.buffer ? values.slice() : values };
}

/** Copies row-major elements that were written to `packed(target)` back to the target, if it is not contiguous. */
export function putBack(target: NdArray, written: FloatData): void {
  if (!isContiguous(target)) ops.assign(target, wrap(written, target.shape));
}
