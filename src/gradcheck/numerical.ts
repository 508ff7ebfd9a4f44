import {
  assertArray,
  assertDtype,
  assertFunction,
  assertLike,
  assertNoMoreOptions,
  at,
  checkedOptions,
  copy,
  inWords,
  type NdArray,
  setAt,
  zerosLike,
} from '../array/index.js';

/** The default step of the checks, for elements up to 1: half the distance over which a slope is measured. */
export const STEP = 1e-5;

/** The options of `numericalGradient`. */
export interface NumericalGradientOptions {
  /** The upstream gradient, of the shape of the output. Needed if `f` returns an array. */
  dout?: NdArray;
  /** The step: h is `step` · max(1, |x_i|), half the distance between the two points. Default: 1e-5. */
  step?: number;
}

/** A gradient measured by differences, and the kinks of the function. */
export interface Measured {
  /** The gradient, of the shape of x. */
  gradient: NdArray;
  /** The indices where the slopes to the left and to the right differ as they do at a kink. */
  kinks: number[][];
}

/**
 * Measures the gradient of a function by central differences, one element at a time,
 *
 * $$ \frac{\partial L}{\partial x_i} \approx \frac{L(x + h e_i) - L(x - h e_i)}{2h}, \qquad
 *    L(x) = f(x) \ \text{or}\ \sum_j f(x)_j \,\text{dout}_j . $$
 *
 * The error is of order $h^2$; that of a one-sided difference is of order $h$. The step grows with the
 * element, $h = 10^{-5} \max(1, |x_i|)$, because $x_i \pm h$ has only 16 digits: at $x_i = 10^6$, a step of $10^{-5}$
 * would change the last five of them. If $f$ returns an array, `dout` must be given, and the result is the gradient that `backward(dout)` should return. Use a random normal `dout`: with a
 * `dout` of ones, many wrong backwards give the right sum.
 *
 * @param f is called 2 · size + 1 times, and a few more times at kinks, each time with a fresh float64 array of the
 * shape of x
 * @param x float64, any shape; not changed
 * @returns the gradient, of the shape of x
 * @throws DtypeError unless x is float64, RangeError unless the step is positive, TypeError if `dout` is needed and
 * missing
 */
export function numericalGradient(
  f: (x: NdArray) => NdArray | number,
  x: NdArray,
  options: NumericalGradientOptions = {},
): NdArray {
  return measure('numericalGradient', f, x, options).gradient;
}

/** `numericalGradient`, and the kinks that it found. */
export function measure(
  call: string,
  f: (x: NdArray) => NdArray | number,
  x: NdArray,
  options: NumericalGradientOptions = {},
): Measured {
  const { dout, step = STEP, ...rest } = checkedOptions(call, options);
  assertNoMoreOptions(call, rest);
  assertFunction(call, 'f', f);
  if (dout !== undefined) assertArray(call, 'dout', dout);
  assertArray(call, 'x', x);
  assertDtype(call, 'x', x, 'float64');
  if (!(typeof step === 'number' && step > 0 && step < Infinity))
    throw new RangeError(`${call}: expected a positive step, got ${inWords(step)}`);
  const center = f(copy(x));
  /** The slopes of L along one element, over a step to its left and to its right. */
  const slopesAt = (index: number[], step: number): Slopes => {
    const value = at(x, ...index);
    const [below, above] = [value - step, value + step];
    const [left, right] = [f(withElement(x, index, below)), f(withElement(x, index, above))];
    // Divide by the actual step in floating point, so that the rounding of x ± h does not change the slope.
    return {
      left: change(call, left, center, dout) / (value - below),
      central: change(call, left, right, dout) / (above - below),
      right: change(call, center, right, dout) / (above - value),
    };
  };
  const gradient = zerosLike(x);
  const kinks: number[][] = [];
  for (const index of indices(x.shape)) {
    const h = step * Math.max(1, Math.abs(at(x, ...index)));
    const slopes = slopesAt(index, h);
    setAt(gradient, index, slopes.central);
    if (isKink(slopes, (shorter) => slopesAt(index, shorter), h)) kinks.push(index);
  }
  return { gradient, kinks };
}

interface Slopes {
  left: number;
  central: number;
  right: number;
}

/**
 * Whether the function has a kink within a step of a point. The left and the right slope differ at a kink, but also
 * on a smooth curve. On a curve their difference is proportional to the step; at a kink it is not. Two shorter steps
 * are tried, because a kink at a third of the step, or at an eleventh, looks like a curve for one of them.
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

/** L(after) − L(before). The differences are computed before they are summed, which keeps their digits. */
function change(call: string, before: NdArray | number, after: NdArray | number, dout: NdArray | undefined): number {
  if (typeof before === 'number' || typeof after === 'number') return Number(after) - Number(before);
  assertArray(call, 'the value of f', after);
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
