import { expect } from 'chai';
import { array, type Dtype, full, type NdArray, type Nested, Random, toNested } from '../../src/index.js';
import { shapeText } from '../../src/validation.js';
import { indicesOf } from './naive.js';

/** Every number of nested lists, in row-major order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

/** Fails unless `actual` has the shape and, to a tolerance relative to the largest element, the values of `expected`. */
export function expectClose(actual: NdArray, expected: NdArray | Nested, tolerance: number, what = 'array'): void {
  const wanted = typeof expected === 'object' && 'shape' in expected ? expected : array(expected as Nested, 'float64');
  expect(shapeText(actual.shape), `shape of ${what}`).to.equal(shapeText(wanted.shape));
  const [a, b] = [flatten(toNested(actual)), flatten(toNested(wanted))];
  const scale = b.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    1,
  );
  a.forEach((value, i) => {
    const same = Object.is(value, b[i]) || value === b[i] || Math.abs(value - b[i]) <= tolerance * scale;
    if (!same) expect.fail(`${what}: element ${i} is ${value}, expected ${b[i]}`);
  });
}

/** Random normal numbers, float64. */
export function normal(shape: readonly number[], seed: number | string, dtype: Dtype = 'float64'): NdArray {
  return new Random(seed).normal(shape, { dtype });
}

/** The same elements as `x`, of two axes or more, in a view that is neither contiguous nor row-major nor at offset 0. */
export function scattered(x: NdArray): NdArray {
  const reversed = [...x.shape].reverse();
  const last = reversed.length - 1;
  const each = <T>(first: T, middle: T, end: T) =>
    reversed.map((_, a) => (a === 0 ? first : a === last ? end : middle));
  const room = reversed.map((size, axis) => (axis === 0 ? size + 3 : axis === last ? 2 * size : size));
  const view = full(room, Number.NaN, x.dtype)
    .lo(...each(2, 0, 0))
    .hi(...reversed.map((size, axis) => (axis === last ? 2 * size : size)))
    .step(...each(1, 1, 2))
    .transpose(...reversed.map((_, axis) => last - axis));
  for (const index of indicesOf(x.shape)) view.set(...index, x.get(...index));
  return view;
}
