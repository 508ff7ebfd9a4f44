import fc from 'fast-check';
import { array, type Dtype, type NdArray, transpose } from '../../src/index.js';

/** Arbitrary arrays of any layout, and plain-JavaScript answers to compare with. */

/** A shape of up to three axes, each of 0 to 4. */
export const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });

/** A shape of one to three axes, each of 1 to 4. */
export const fullShapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });

export const dtypes = fc.constantFrom<Dtype>('float32', 'float64');

/** Numbers that float32 holds exactly, with now and then NaN, infinities and −0. */
export const values = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -64, max: 64 }).map((n) => n / 8) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0) },
);

/** A dense copy of `x` would hold the same, but its memory is reversed, gapped, shifted or transposed. */
export const layouts = fc.constantFrom('plain', 'reversed', 'gapped', 'transposed');

/** An array of the given shape, of any layout and of any of some dtypes. */
export function arraysOf(
  shape: readonly number[],
  element: fc.Arbitrary<number> = values,
  ofDtype: fc.Arbitrary<Dtype> = dtypes,
): fc.Arbitrary<NdArray> {
  const size = shape.reduce((product, n) => product * n, 1);
  return fc
    .tuple(fc.array(element, { minLength: size, maxLength: size }), ofDtype, layouts)
    .map(([data, dtype, layout]) => laidOut(array(data, shape, dtype), layout));
}

function laidOut(x: NdArray, layout: string): NdArray {
  if (layout === 'plain' || x.size === 0 || x.shape.length === 0) return x;
  if (layout === 'transposed') return transpose(rebuilt(x, [...x.shape].reverse(), (index) => [...index].reverse()));
  const last = x.shape.length - 1;
  const step = layout === 'reversed' ? -1 : 2;
  const steps = x.shape.map((_, axis) => (axis === last ? step : 1));
  const room = x.shape.map((size, axis) => (axis === last && step === 2 ? 2 * size : size));
  const source = rebuilt(x, room, (index) =>
    index.map((i, axis) => (axis !== last ? i : step === 2 ? Math.floor(i / 2) : x.shape[last] - 1 - i)),
  );
  return source.step(...steps);
}

function rebuilt(x: NdArray, shape: readonly number[], from: (index: number[]) => number[]): NdArray {
  return array(
    indicesOf(shape).map((index) => x.get(...from(index))),
    shape,
    x.dtype,
  );
}

/** Every index of a shape, in row-major order. */
export function indicesOf(shape: readonly number[]): number[][] {
  if (shape.length === 0) return [[]];
  const [size, ...rest] = shape;
  return Array.from({ length: size }, (_, i) => indicesOf(rest).map((tail) => [i, ...tail])).flat();
}

/** The value that broadcasting finds at an index of the larger shape. */
export function broadcastAt(x: NdArray, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return x.get(...own.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)));
}

/** Two shapes that broadcast: some axes of size 1 in either, some leading axes missing in one. */
export const broadcastable = fc
  .tuple(
    fullShapes,
    fc.array(fc.constantFrom('both', 'left', 'right'), { minLength: 3, maxLength: 3 }),
    fc.integer({ min: 0, max: 2 }),
  )
  .map(([shape, repeats, cut]): [number[], number[]] => [
    shape.map((size, axis) => (repeats[axis] === 'left' ? 1 : size)),
    shape.map((size, axis) => (repeats[axis] === 'right' ? 1 : size)).slice(Math.min(cut, shape.length)),
  ]);

/** A number as an array of the given dtype would hold it. */
export function rounded(value: number, dtype: Dtype): number {
  return dtype === 'float32' ? Math.fround(value) : value;
}
