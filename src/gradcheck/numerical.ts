import { assertArray, assertDtype, assertLike, at, copy, type NdArray, setAt, zerosLike } from '../array/index.js';

/** The step of DESIGN's checks: half the distance over which a slope is measured. */
export const STEP = 1e-5;

/** The options of `numericalGradient`. */
export interface NumericalGradientOptions {
  /** When `f` returns an array: the gradient flowing into it, of its shape. */
  dout?: NdArray;
  /** Half the distance between the two points at which `f` is evaluated, 1e-5 without. */
  step?: number;
}

/** A gradient measured by differences, and where the function was seen to bend sharply. */
export interface Measured {
  /** The shape of x. */
  gradient: NdArray;
  /** The indices at which the slopes to the left and to the right differ as if there were a kink. */
  kinks: number[][];
}

/**
 * The gradient of a function, measured by central differences, one element after the other,
 *
 * $$ \frac{\partial L}{\partial x_i} \approx \frac{L(x + h e_i) - L(x - h e_i)}{2h}, \qquad
 *    L(x) = f(x) \ \text{or}\ \sum_j f(x)_j \,\text{dout}_j . $$
 *
 * The error is of order $h^2$; a one-sided difference's would be of order $h$. For an $f$ that returns an array it
 * is the gradient that `backward(dout)` should return, and `dout` must be given: a random normal one, for with a `dout` of
 * ones many a wrong backward gives the right sum.
 *
 * @param f called 2 · size + 1 times, each time with a fresh float64 array of the shape of x
 * @param x float64, any shape; not changed
 * @returns the gradient, of the shape of x
 */
export function numericalGradient(
  f: (x: NdArray) => NdArray | number,
  x: NdArray,
  options: NumericalGradientOptions = {},
): NdArray {
  return measure('numericalGradient', f, x, options).gradient;
}

/** `numericalGradient` with what it noticed on the way. */
export function measure(
  call: string,
  f: (x: NdArray) => NdArray | number,
  x: NdArray,
  { dout, step = STEP }: NumericalGradientOptions = {},
): Measured {
  assertArray(call, 'x', x);
  assertDtype(call, 'x', x, 'float64');
  if (!(step > 0 && step < Infinity)) throw new RangeError(`${call}: expected a positive step, got ${step}`);
  const centre = f(copy(x));
  const gradient = zerosLike(x);
  const kinks: number[][] = [];
  for (const index of indices(x.shape)) {
    const value = at(x, ...index);
    const [above, below] = [value + step, value - step];
    const right = f(withElement(x, index, above));
    const left = f(withElement(x, index, below));
    // The step as it came out in floating point, so that rounding x ± h does not enter the slope.
    setAt(gradient, index, change(call, left, right, dout) / (above - below));
    const slopes = [
      change(call, left, centre, dout) / (value - below),
      change(call, centre, right, dout) / (above - value),
    ];
    if (bends(slopes[0], slopes[1])) kinks.push(index);
  }
  return { gradient, kinks };
}

/**
 * Over a step of 1e-5 a smooth function's slope changes by about 1e-5 times its second derivative; at a kink it
 * jumps. A hundred times what a well-scaled layer shows is called a kink.
 */
function bends(left: number, right: number): boolean {
  return Math.abs(right - left) > 1e-3 * Math.max(1, Math.abs(left), Math.abs(right));
}

function withElement(x: NdArray, index: number[], value: number): NdArray {
  const moved = copy(x);
  setAt(moved, index, value);
  return moved;
}

/** L(after) − L(before): the differences are taken first and summed then, which keeps their digits. */
function change(call: string, before: NdArray | number, after: NdArray | number, dout: NdArray | undefined): number {
  if (typeof before === 'number' || typeof after === 'number') return Number(after) - Number(before);
  if (!dout)
    throw new TypeError(`${call}: f returns an array, so a dout of its shape is needed; draw a random normal one`);
  assertLike(call, 'dout', dout, after);
  let total = 0;
  for (const index of indices(dout.shape)) total += (after.get(...index) - before.get(...index)) * dout.get(...index);
  return total;
}

/** Every index of a shape, in row-major order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) {
    yield [];
    return;
  }
  const [size, ...rest] = shape;
  for (let i = 0; i < size; i++) for (const tail of indices(rest)) yield [i, ...tail];
}
