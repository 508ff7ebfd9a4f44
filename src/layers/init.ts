import { type Dtype, type NdArray, type Random, type Shape, zeros } from '../array/index.js';

/**
 * How the weights of a layer are drawn: `'normal:STD'` for N(0, STD²), with the standard deviation after the
 * colon, `'zeros'`, or a function.
 */
export type Init = `normal:${number}` | 'zeros' | InitFunction;

/** Draws an array of the given shape and dtype. */
export type InitFunction = (shape: Shape, rng: Random, dtype: Dtype) => NdArray;

/**
 * The function behind an `Init`.
 *
 * @throws RangeError for a text that names none
 */
export function initializer(init: Init): InitFunction {
  if (typeof init === 'function') return init;
  if (init === 'zeros') return (shape, _rng, dtype) => zeros(shape, dtype);
  const std = Number(/^normal:(\S+)$/.exec(init)?.[1] ?? NaN);
  if (!(std >= 0 && std < Infinity)) {
    throw new RangeError(`init: expected 'normal:STD' with a standard deviation from 0 up, or 'zeros', got '${init}'`);
  }
  return (shape, rng, dtype) => rng.normal(shape, { std, dtype });
}
