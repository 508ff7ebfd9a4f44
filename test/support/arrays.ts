import { expect } from 'chai';
import { array, type Dtype, type NdArray, type Nested, Random, shapeText, toNested } from '../../src/index.js';

/** Every number of nested lists, in row-major order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

/** Fails unless `actual` has the shape and, to a tolerance relative to the largest element, the values of `expected`. */
export function expectClose(actual: NdArray, expected: NdArray | Nested, tolerance: number, what = 'array'): void {
  const wanted = typeof expected === 'object' && 'shape' in expected ? expected : array(expected as Nested, 'float64');
  expect(shapeText(actual.shape), `shape of ${what}`).to.equal(shapeText(wanted.shape));
  const [a, b] = [flatten(toNested(actual)), flatten(toNested(wanted))];
  const scale = Math.max(1, ...b.filter(Number.isFinite).map(Math.abs));
  a.forEach((value, i) => {
    const same = Object.is(value, b[i]) || value === b[i] || Math.abs(value - b[i]) <= tolerance * scale;
    expect(same, `${what}: element ${i} is ${value}, expected ${b[i]}`).to.equal(true);
  });
}

/** Random normal numbers, float64. */
export function normal(shape: readonly number[], seed: number | string, dtype: Dtype = 'float64'): NdArray {
  return new Random(seed).normal(shape, { dtype });
}

/** The same elements as `x` in a view that is neither contiguous nor row-major nor at offset 0. */
export function scattered(x: NdArray): NdArray {
  const [rows, columns] = x.shape;
  const room = array(Array(2 * rows * (columns + 3)).fill(Number.NaN), [columns + 3, 2 * rows], x.dtype);
  const view = room
    .lo(2, 0)
    .hi(columns, 2 * rows)
    .step(1, 2)
    .transpose(1, 0);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view.set(i, j, x.get(i, j));
  return view;
}
