import ops from 'ndarray-ops';
import { broadcastTo, commonShape } from './broadcast.js';
import { assertArray, assertWritable, shapeText } from './checks.js';
import { ShapeError } from './errors.js';
import { allocate, empty, isContiguous, packed, wrap } from './memory.js';
import { reshape } from './rearrange.js';
import type { Dtype, FloatData, NdArray } from './types.js';
import {
  fastAddScaled,
  fastAddToRows,
  fastBinary,
  fastRows,
  fastUnary,
  type RowFunction,
  type UnaryFunction,
} from './vectors.js';

export type { RowFunction, UnaryFunction };

/**
 * Element-wise functions. Every one returns a fresh array; operands broadcast as in NumPy, may be any views,
 * and may be plain numbers. float32 with float64 gives float64. Dense arrays in float32 go to the engine, where
 * it has fast vectors; everything else runs through ndarray-ops, which neither broadcasts nor checks, and corrupts
 * its result when an operand aliases it: here its operands are stride-0 views of the broadcast shape, and its target is always new.
 */

/**
 * An array, or a number that stands for an array of any shape. Two operands broadcast as in NumPy, and a ShapeError says so
 * where they cannot; what comes out has the shape that they broadcast to, and is float64 where one of them is, or where both
 * are numbers.
 */
export type Operand = NdArray | number;
type Kernel = (out: NdArray, a: NdArray, b: NdArray) => void;

function binary(call: string, kernel: Kernel, a: Operand, b: Operand): NdArray {
  if (typeof a !== 'number') assertArray(call, 'the first operand', a);
  if (typeof b !== 'number') assertArray(call, 'the second operand', b);
  const dtype = commonDtype(a, b);
  const [left, right] = [asArrayOf(a, dtype), asArrayOf(b, dtype)];
  const shape = commonShape(call, [left.shape, right.shape]);
  const out = empty(shape, dtype);
  if (out.size === 0) return out;
  // ndarray-ops has no loops over zero axes: a single number is seen as a row of one.
  const looped = shape.length === 0 ? [1] : shape;
  const operands: [NdArray, NdArray] = [broadcastTo(left, looped), broadcastTo(right, looped)];
  if (!fastBinary(call, out, ...operands)) kernel(reshape(out, looped), ...operands);
  return out;
}

function commonDtype(a: Operand, b: Operand): Dtype {
  const wide = [a, b].some((x) => typeof x !== 'number' && x.dtype === 'float64');
  const onlyNumbers = typeof a === 'number' && typeof b === 'number';
  return wide || onlyNumbers ? 'float64' : 'float32';
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
/** a to the power b, by `Math.pow`: unlike in NumPy, 1 to the power NaN or ±∞ is NaN. */
export const power = (a: Operand, b: Operand): NdArray => binary('power', ops.pow, a, b);
/** The larger of each pair; NaN where either is NaN. */
export const maximum = (a: Operand, b: Operand): NdArray => binary('maximum', ops.max, a, b);
/** The smaller of each pair; NaN where either is NaN. */
export const minimum = (a: Operand, b: Operand): NdArray => binary('minimum', ops.min, a, b);

/** A function that the engine may have a faster twin of: its name there and, if it has one, its parameter. */
export interface KnownFunction {
  /** One of the engine's functions of one number. */
  name: UnaryFunction;
  /** What it takes beside x: α for `elu` and `eluSlope`, nothing for the others. */
  parameter?: number;
}

/**
 * A fresh array with `f` of every element.
 *
 * @param f called once an element, in row-major order, unless the engine's twin of it does the work
 * @param known the name of `f` among the engine's functions, which agree with it to the last digit or two of float32
 * @returns the shape and dtype of x
 */
export function map(x: NdArray, f: (value: number) => number, known?: KnownFunction): NdArray {
  return unary('map', x, f, known);
}

function unary(call: string, x: NdArray, f: (value: number) => number, known?: KnownFunction): NdArray {
  assertArray(call, 'x', x);
  const values = packed(x);
  const out = allocate(values.length, x.dtype);
  const done = known !== undefined && fastUnary(known.name, out, values, known.parameter);
  if (!done) for (let i = 0; i < values.length; i++) out[i] = f(values[i]);
  return wrap(out, x.shape);
}

/**
 * A fresh array with `f` of every row along the last axis.
 *
 * @param f called with all of x, unless the engine's twin of it does the work; what it makes of a row depends on that row alone
 * @param known the name of `f` among the engine's functions, which agree with it to the last digit or two of float32
 * @returns the shape and dtype of x
 */
export function mapRows(x: NdArray, f: (rows: NdArray) => NdArray, known: RowFunction): NdArray {
  assertArray('mapRows', 'x', x);
  const values = packed(x);
  const out = allocate(values.length, x.dtype);
  return fastRows(known, out, values, x.shape.at(-1) ?? 0) ? wrap(out, x.shape) : f(x);
}

/**
 * A fresh array with `f` of every pair of elements of two arrays of one shape, for what has no name of its own.
 *
 * @returns their shape; float64 where one of them is
 * @throws ShapeError when their shapes differ: they are not broadcast
 */
export function zipWith(a: NdArray, b: NdArray, f: (a: number, b: number) => number): NdArray {
  assertArray('zipWith', 'a', a);
  assertArray('zipWith', 'b', b);
  if (shapeText(a.shape) !== shapeText(b.shape)) {
    throw new ShapeError(
      `zipWith: expected two arrays of one shape, got ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    );
  }
  const left = packed(a);
  const right = packed(b);
  const out = allocate(left.length, commonDtype(a, b));
  for (let i = 0; i < left.length; i++) out[i] = f(left[i], right[i]);
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
 * target += scale · x, in place: how gradients are accumulated and parameters updated. `x` broadcasts to the
 * target's shape and may be any view, also of the target itself.
 *
 * @throws ShapeError when `x` does not broadcast to the target's shape
 */
export function addInPlace(target: NdArray, x: Operand, scale = 1): void {
  if (scale === 1 && isRepeated(x, target) && combineInPlace('add', target, x)) return;
  const { into, values } = inPlace('addInPlace', target, x);
  if (!fastAddScaled(into, values, scale)) for (let i = 0; i < into.length; i++) into[i] += scale * values[i];
  putBack(target, into);
}

function isRepeated(x: Operand, target: NdArray): boolean {
  return typeof x === 'number' || x.size !== target.size;
}

/**
 * target −= x, in place; `x` broadcasts to the target's shape and may be any view, also of the target itself.
 *
 * @throws ShapeError when `x` does not broadcast to the target's shape
 */
export function subtractInPlace(target: NdArray, x: Operand): void {
  if (!combineInPlace('subtract', target, x)) assign(target, subtract(target, x));
}

/**
 * target = target ∘ x, in place; `x` broadcasts to the target's shape and may be any view, also of the target itself.
 *
 * @throws ShapeError when `x` does not broadcast to the target's shape
 */
export function multiplyInPlace(target: NdArray, x: Operand): void {
  if (!combineInPlace('multiply', target, x)) assign(target, multiply(target, x));
}

/** Combines a target with an array that is repeated to fit, such as a bias, where the engine can; says whether it did. */
function combineInPlace(name: 'add' | 'subtract' | 'multiply', target: NdArray, x: Operand): boolean {
  const call = `${name}InPlace`;
  assertWritable(call, 'target', target);
  if (typeof x !== 'number') assertArray(call, 'x', x);
  const source = asArrayOf(x, target.dtype);
  assertFits(call, target, source);
  const itself = source.data.buffer === target.data.buffer && source !== target;
  if (itself || !isContiguous(target)) return false;
  const isRow = source.size > 1 && source.size === source.shape.at(-1) && source.size === target.shape.at(-1);
  if (name === 'add' && isRow) return fastAddToRows(packed(target), packed(source));
  return fastBinary(name, wrap(packed(target), target.shape), target, broadcastTo(source, target.shape));
}

function assertFits(call: string, target: NdArray, x: NdArray): void {
  if (shapeText(commonShape(call, [target.shape, x.shape])) === shapeText(target.shape)) return;
  throw new ShapeError(`${call}: x of shape ${shapeText(x.shape)} does not broadcast to ${shapeText(target.shape)}`);
}

/**
 * Copies the elements of `x`, broadcast, over those of `target`.
 *
 * @throws ShapeError when `x` does not broadcast to the target's shape
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

/** The elements of the target, to be written, and those of `x` broadcast to it, both in row-major order. */
function inPlace(call: string, target: NdArray, x: Operand): { into: FloatData; values: FloatData } {
  assertWritable(call, 'target', target);
  if (typeof x !== 'number') assertArray(call, 'x', x);
  const source = asArrayOf(x, target.dtype);
  assertFits(call, target, source);
  const values = packed(broadcastTo(source, target.shape));
  // Two contiguous views may overlap, shifted against each other: read a copy, not what was just written.
  return { into: packed(target), values: values.buffer === target.data.buffer ? values.slice() : values };
}

/** What was written to the row-major elements of a view goes back to where the view has them. */
function putBack(target: NdArray, written: FloatData): void {
  if (!isContiguous(target)) ops.assign(target, wrap(written, target.shape));
}
