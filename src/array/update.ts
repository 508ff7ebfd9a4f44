import { assertArray, assertFunction, assertLike, assertNumber, assertOptions, assertWritable } from './checks.js';
import { putBack } from './elementwise.js';
import { packed } from './memory.js';
import type { FloatData, NdArray } from './types.js';
import { assertNumbers, assertText, checkedOptions } from './value-checks.js';
import { fastUpdate } from './vectors.js';

/**
 * Returns the new numbers of one element: its value, and then everything else that an optimizer keeps for it.
 *
 * @param grad the gradient of the element
 * @param value its value
 * @param first what the optimizer keeps, such as a velocity
 * @param second what else it keeps
 */
export type ElementUpdate = (grad: number, value: number, first: number, second: number) => readonly number[];

/** The engine's fused version of an update, and the numbers that it needs, in its order. */
export interface FusedUpdate {
  /** Gradient descent with momentum, or Adam. */
  name: 'momentum' | 'adam';
  /** The numbers of the update that are the same for all elements. */
  numbers: readonly number[];
}

/**
 * One step of an optimizer, in one pass over its arrays: every element is read, updated and written. Composed of
 * element-wise array functions, Adam would go through memory a dozen times. In float32 the engine's fused version
 * runs, if it has one.
 *
 * @param call what an error begins with
 * @param changed the arrays that change, the value first, in the order of `update`
 * @param grad the gradient; not changed
 * @param update the update of one element, as its equations say it
 * @param fused the engine's version of `update`
 * @throws ShapeError or DtypeError when the arrays differ in shape or dtype
 */
export function updateInPlace(
  call: string,
  changed: Readonly<Record<string, NdArray>>,
  grad: NdArray,
  update: ElementUpdate,
  fused: FusedUpdate,
): void {
  assertText('updateInPlace', 'call', call);
  assertOptions(call, changed);
  assertFunction(call, 'update', update);
  assertText(call, 'fused.name', checkedOptions(call, fused).name);
  assertNumbers(call, 'fused.numbers', fused.numbers);
  const arrays = Object.entries(changed);
  assertArray(call, 'grad', grad);
  for (const [name, x] of arrays) {
    assertWritable(call, name, x);
    assertLike(call, name, x, grad);
  }
  const memory = arrays.map(([, x]) => packed(x));
  const gradients = packed(grad);
  const [value, ...kept] = memory;
  if (!fastUpdate(fused.name, [value, gradients, ...kept], fused.numbers)) updateEach(gradients, memory, update);
  for (const [k, [, x]] of arrays.entries()) putBack(x, memory[k]);
}

function updateEach(grad: FloatData, [value, first, second]: readonly FloatData[], update: ElementUpdate): void {
  for (let i = 0; i < grad.length; i++) {
    const next = update(grad[i], value[i], first[i], second ? second[i] : 0);
    value[i] = next[0];
    first[i] = next[1];
    if (second) second[i] = next[2];
  }
}

/** The sum of the squares of all elements, accumulated in double precision. */
export function sumOfSquares(x: NdArray): number {
  assertArray('sumOfSquares', 'x', x);
  const values = packed(x);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * values[i];
  return total;
}

/** x = factor · x, in place. `x` may be any view that does not repeat its elements. */
export function scaleInPlace(x: NdArray, factor: number): void {
  assertWritable('scaleInPlace', 'x', x);
  assertNumber('scaleInPlace', 'factor', factor);
  const values = packed(x);
  for (let i = 0; i < values.length; i++) values[i] *= factor;
  putBack(x, values);
}
