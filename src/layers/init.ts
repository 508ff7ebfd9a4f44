import {
  assertRandom,
  assertSizes,
  checkedDtype,
  type Dtype,
  type NdArray,
  type Random,
  type Shape,
  zeros,
} from '../array/index.js';

/**
 * How to initialize the weights of a layer. Weights have the shape (M, D), from $D$ inputs (the fan-in) to $M$
 * outputs (the fan-out). The bias starts at 0, except with `'pytorch'`.
 *
 * - `'normal:STD'`: $W \sim N(0, \text{STD}^2)$, with the standard deviation after the colon.
 * - `'pytorch'`: the default of `torch.nn.Linear`. Weights and bias $\sim U(-1/\sqrt D,\; 1/\sqrt D)$ (Glorot and
 *   Bengio 2010, equation 1). Inputs of variance 1 give outputs with a variance of about 1/3.
 * - `'xavier'`: $W \sim U(-a, a)$ with $a = \sqrt{6/(D + M)}$, of variance $2/(D + M)$. This is a compromise between
 *   $1/D$, which keeps the variance of activations from layer to layer, and $1/M$, which keeps that of gradients
 *   (Glorot and Bengio 2010, equation 16).
 * - `'kaiming'`: $W \sim N(0, 2/D)$. It keeps the mean square of activations through ReLU, which sets half of them to
 *   0 (He, Zhang, Ren and Sun 2015, arXiv 1502.01852, equation 10).
 * - `'zeros'`: $W = 0$.
 * - a function: your own initialization.
 */
export type Init = InitName | InitFunction;

/** The name of an initialization. */
export type InitName = `normal:${number}` | 'pytorch' | 'xavier' | 'kaiming' | 'zeros';

/**
 * Draws an array of the given shape and dtype.
 *
 * @param shape of the weights: (M, D), from D inputs to M outputs
 * @param rng the only source of randomness
 * @returns an array of that shape and dtype; otherwise `Linear` throws
 */
export type InitFunction = (shape: Shape, rng: Random, dtype: Dtype) => NdArray;

/** The initializations with a name, for weights of any shape (M, D, …). Further axes are positions of a kernel. */
const INITIALIZATIONS: Readonly<Record<string, InitFunction>> = {
  pytorch: (shape, rng, dtype) => uniform(shape, 1 / Math.sqrt(fanIn(shape)), rng, dtype),
  xavier: (shape, rng, dtype) => uniform(shape, Math.sqrt(6 / (fanIn(shape) + fanOut(shape))), rng, dtype),
  kaiming: (shape, rng, dtype) => rng.normal(shape, { std: Math.sqrt(2 / fanIn(shape)), dtype }),
  zeros: (shape, _rng, dtype) => zeros(shape, dtype),
};

/**
 * The function for an `Init`.
 *
 * @param call what an error begins with. Default: `initializer`.
 * @throws RangeError for an unknown name
 */
export function initializer(init: Init, call = 'initializer'): InitFunction {
  if (typeof init === 'function') return init;
  if (typeof init === 'string' && Object.hasOwn(INITIALIZATIONS, init)) return INITIALIZATIONS[init];
  const std = Number(/^normal:(\S+)$/.exec(String(init))?.[1] ?? NaN);
  if (!(std >= 0 && std < Infinity)) {
    const names = Object.keys(INITIALIZATIONS).map((name) => `'${name}'`);
    throw new RangeError(
      `${call}: expected init to be 'normal:STD' with a standard deviation from 0 up, or one of ${names.join(', ')}, got '${String(init)}'`,
    );
  }
  return (shape, rng, dtype) => rng.normal(shape, { std, dtype });
}

/** The initial bias for weights of shape (M, D, …): (M,) zeros, or with `'pytorch'` drawn like the weights. */
export function initialBias(init: Init, weightShape: Shape, rng: Random, dtype: Dtype): NdArray {
  assertSizes('initialBias', weightShape);
  assertRandom('initialBias', rng);
  checkedDtype('initialBias', dtype);
  initializer(init, 'initialBias');
  const shape = weightShape.slice(0, 1);
  return init === 'pytorch' ? uniform(shape, 1 / Math.sqrt(fanIn(weightShape)), rng, dtype) : zeros(shape, dtype);
}

/** Uniform in (−bound, bound). */
function uniform(shape: Shape, bound: number, rng: Random, dtype: Dtype): NdArray {
  return rng.uniform(shape, { low: -bound, high: bound, dtype });
}

/** How many inputs each output sums over. */
function fanIn(shape: Shape): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** How many outputs each input goes into. */
function fanOut(shape: Shape): number {
  return shape[0] * shape.slice(2).reduce((product, size) => product * size, 1);
}

/** Whether a value is the name of an initialization. */
export function isInit(value: unknown): value is InitName {
  try {
    return typeof value === 'string' && Boolean(initializer(value as Init));
  } catch {
    return false;
  }
}
