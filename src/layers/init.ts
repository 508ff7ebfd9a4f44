import { type Dtype, type NdArray, type Random, type Shape, zeros } from '../array/index.js';

/**
 * How the weights of a layer are drawn. Weights have the shape (M, D), from $D$ inputs (the "fan in") to $M$ outputs (the
 * "fan out"); a bias starts at 0 where nothing else is said.
 *
 * - `'normal:STD'`: $W \sim N(0, \text{STD}^2)$, with the standard deviation after the colon.
 * - `'pytorch'`: what `torch.nn.Linear` does, weights and bias alike $\sim U(-1/\sqrt D,\; 1/\sqrt D)$; an old rule of thumb
 *   (Glorot and Bengio 2010, equation 1). With inputs of variance 1 outputs begin with a variance of about 1/3.
 * - `'xavier'`: $W \sim U(-a, a)$ with $a = \sqrt{6/(D + M)}$, of variance $2/(D + M)$: a compromise between $1/D$, which keeps the
 *   variance of activations from layer to layer, and $1/M$, which keeps that of gradients (Glorot and Bengio 2010, equation 16).
 * - `'kaiming'`: $W \sim N(0, 2/D)$, which keeps the mean square of activations through ReLU, where half of them become 0
 *   (He, Zhang, Ren and Sun 2015, arXiv 1502.01852, equation 10).
 * - `'zeros'`: $W = 0$.
 * - a function: whatever it draws.
 */
export type Init = `normal:${number}` | 'pytorch' | 'xavier' | 'kaiming' | 'zeros' | InitFunction;

/**
 * Draws an array of the given shape and dtype.
 *
 * @param shape of a weight: (M, D), from D inputs to M outputs
 * @param rng all that it may draw from
 * @returns that shape and dtype, or `Linear` throws
 */
export type InitFunction = (shape: Shape, rng: Random, dtype: Dtype) => NdArray;

/** The ways that are known by name; weights of any shape (M, D, …), whose further axes are positions. */
const WEIGHTS: Readonly<Record<string, InitFunction>> = {
  pytorch: (shape, rng, dtype) => symmetric(shape, 1 / Math.sqrt(fanIn(shape)), rng, dtype),
  xavier: (shape, rng, dtype) => symmetric(shape, Math.sqrt(6 / (fanIn(shape) + fanOut(shape))), rng, dtype),
  kaiming: (shape, rng, dtype) => rng.normal(shape, { std: Math.sqrt(2 / fanIn(shape)), dtype }),
  zeros: (shape, _rng, dtype) => zeros(shape, dtype),
};

/**
 * The function behind an `Init`.
 *
 * @throws RangeError for a text that names none
 */
export function initializer(init: Init): InitFunction {
  if (typeof init === 'function') return init;
  if (Object.hasOwn(WEIGHTS, init)) return WEIGHTS[init];
  const std = Number(/^normal:(\S+)$/.exec(init)?.[1] ?? NaN);
  if (!(std >= 0 && std < Infinity)) {
    const names = Object.keys(WEIGHTS).map((name) => `'${name}'`);
    throw new RangeError(
      `init: expected 'normal:STD' with a standard deviation from 0 up, or one of ${names.join(', ')}, got '${init}'`,
    );
  }
  return (shape, rng, dtype) => rng.normal(shape, { std, dtype });
}

/** The first bias that goes with weights of shape (M, D, …): (M,) zeros, but for `'pytorch'`, which draws it as the weights. */
export function initialBias(init: Init, weightShape: Shape, rng: Random, dtype: Dtype): NdArray {
  const shape = weightShape.slice(0, 1);
  return init === 'pytorch' ? symmetric(shape, 1 / Math.sqrt(fanIn(weightShape)), rng, dtype) : zeros(shape, dtype);
}

/** Uniform in (−bound, bound). */
function symmetric(shape: Shape, bound: number, rng: Random, dtype: Dtype): NdArray {
  return rng.uniform(shape, { low: -bound, high: bound, dtype });
}

/** How many inputs an output is a sum over. */
function fanIn(shape: Shape): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** How many outputs an input goes into. */
function fanOut(shape: Shape): number {
  return shape[0] * shape.slice(2).reduce((product, size) => product * size, 1);
}
