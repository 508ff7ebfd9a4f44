import { assertArray, assertDtype, assertLike, at, copy, type NdArray, setAt, zerosLike } from '../array/index.js';

/** The step of the checks: half the distance over which a slope is measured. */
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
 * @param f called 2 · size + 1 times, and a few times more where it bends, each time with a fresh float64 array of the shape of x
 * @param x float64, any shape; not changed
 * @returns the gradient, of the shape of x
 * @throws DtypeError unless x is float64, RangeError for a step that is not positive, TypeError when `dout` is needed and missing
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
  /** The slopes of L along one element, over a step to its left and to its right. */
  const slopesAt = (index: number[], step: number): Slopes => {
    const value = at(x, ...index);
    const [below, above] = [value - step, value + step];
    const [left, right] = [f(withElement(x, index, below)), f(withElement(x, index, above))];
    // Divided by the step as it came out in floating point, so that rounding x ± h does not enter the slope.
    return {
      left: change(call, left, centre, dout) / (value - below),
      central: change(call, left, right, dout) / (above - below),
      right: change(call, centre, right, dout) / (above - value),
    };
  };
  const gradient = zerosLike(x);
  const kinks: number[][] = [];
  for (const index of indices(x.shape)) {
    const slopes = slopesAt(index, step);
    setAt(gradient, index, slopes.central);
    if (isKink(slopes, (shorter) => slopesAt(index, shorter), step)) kinks.push(index);
  }
  return { gradient, kinks };
}

interface Slopes {
  left: number;
  central: number;
  right: number;
}

/**
 * Whether the function has a kink within a step of a point. Left and right slope differ at a kink, but also on a curve: there
 * their difference is in proportion to the step, which a kink's is not. Two shorter steps are tried, since a kink at a
 * third of the step, or an eleventh, happens to mimic that for one of them.
 */
function isKink(slopes: Slopes, slopesOver: (step: number) => Slopes, step: number): boolean {
  const visible = 1e-3 * Math.max(1, Math.abs(slopes.left), Math.abs(slopes.right));
  const jump = slopes.right - slopes.left;
  if (Math.abs(jump) <= visible) return false;
  return [2, 10].some((ratio) => {
    const shorter = slopesOver(step / ratio);
    return Math.abs(jump - ratio * (shorter.right - shorter.left)) > visible;
  });
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
