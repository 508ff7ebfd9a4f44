import { at, type NdArray } from '../../array/index.js';

/** The difference between two arrays of the same shape. */
export interface Difference {
  /** The index of the largest difference. */
  index: number[];
  got: number;
  want: number;
  /** The largest difference. NaN if a value is not finite. */
  error: number;
  /** The largest absolute value in either array. */
  scale: number;
}

/** The elements of an array, in row-major order. */
export function flat(x: NdArray): number[] {
  const values: number[] = [];
  const walk = (index: number[]) => {
    if (index.length === x.shape.length) values.push(at(x, ...index));
    else for (let i = 0; i < x.shape[index.length]; i++) walk([...index, i]);
  };
  walk([]);
  return values;
}

/** Whether two arrays have the same shape. */
export function sameShape(a: NdArray, b: NdArray): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}

/** Compares two arrays of the same shape. */
export function difference(got: NdArray, want: NdArray): Difference {
  const [a, b] = [flat(got), flat(want)];
  let [worst, error, scale] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs(a[i] - b[i]);
    scale = Math.max(scale, Math.abs(b[i]), Number.isFinite(a[i]) ? Math.abs(a[i]) : 0);
    // A NaN is worse than any number. The first one stays the worst.
    if (!Number.isNaN(error) && !(distance <= error)) [worst, error] = [i, distance];
  }
  return { index: unravelled(worst, want.shape), got: a[worst], want: b[worst], error, scale };
}

/** Whether two arrays are equal except for rounding. */
export function near(got: NdArray, want: NdArray, relative = 1e-9): boolean {
  if (!sameShape(got, want)) return false;
  const { error, scale } = difference(got, want);
  return error <= 1e-12 + relative * scale;
}

function unravelled(position: number, shape: readonly number[]): number[] {
  const index = shape.map(() => 0);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}
