import { array, at, copy, type NdArray, setAt } from '../../array/index.js';
import { numericalGradient } from '../../gradcheck/index.js';

/**
 * One element of a gradient, measured by finite differences: a student sees the worst element only, and a whole
 * gradient of a large hidden case would take minutes.
 *
 * @param dout the upstream gradient, when `f` returns an array
 */
export function numericalElement(
  f: (x: NdArray) => NdArray | number,
  x: NdArray,
  index: readonly number[],
  dout?: NdArray,
): number {
  const start = copy(x);
  const alongElement = (value: NdArray) => {
    const moved = copy(start);
    setAt(moved, index, at(value, 0));
    return f(moved);
  };
  return at(numericalGradient(alongElement, array([at(x, ...index)], [1], 'float64'), { dout }), 0);
}
