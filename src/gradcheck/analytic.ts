import { assign, at, copy, type NdArray, type Random, shapeText, subtract } from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import type { Parameter } from '../layers/parameter.js';
import { indices } from './numerical.js';

/** The gradients of a layer's `backward`: one for x and one per parameter, and the problems found. */
export interface Analytic {
  dx: NdArray;
  /** What `backward` added to each parameter's `grad`. */
  parameters: NdArray[];
  problems: string[];
}

/**
 * Runs forward and backward once. Every `grad` starts with random numbers, which are subtracted afterward. This
 * reveals a layer that overwrites `grad` instead of adding to it. At the end, each `grad` has its original values.
 */
export function analyticGradients(
  name: string,
  layer: Layer,
  parameters: readonly Parameter[],
  x: NdArray,
  dout: NdArray,
  rng: Random,
): Analytic {
  const found = parameters.map(({ grad }) => copy(grad));
  const start = found.map((grad) => rng.normal(grad.shape, { dtype: 'float64' }));
  for (const [i, { grad }] of parameters.entries()) assign(grad, start[i]);
  const [givenX, givenDout] = [copy(x), copy(dout)];
  try {
    layer.forward(givenX);
    const dx = layer.backward(givenDout);
    if (typeof dx !== 'object')
      throw new TypeError(`checkLayer: ${name}.backward returned ${String(dx)}, not an ndarray`);
    const problems: string[] = [];
    if (!isSame(givenX, x)) problems.push(`${name}: x was changed`);
    if (!isSame(givenDout, dout)) problems.push(`${name}: dout was changed`);
    // A user's layer may have replaced its grad with another array, of any shape.
    const added = parameters.map(({ grad }, i) => (hasShapeOf(grad, start[i]) ? subtract(grad, start[i]) : copy(grad)));
    return { dx: copy(dx), parameters: added, problems };
  } finally {
    for (const [i, { grad }] of parameters.entries()) if (hasShapeOf(grad, found[i])) assign(grad, found[i]);
  }
}

/** Whether two arrays have the same shape. */
export function hasShapeOf(a: NdArray, b: NdArray): boolean {
  return shapeText(a.shape) === shapeText(b.shape);
}

/** Whether two arrays have the same shape and the same elements, bit for bit. */
export function isSame(a: NdArray, b: NdArray): boolean {
  return hasShapeOf(a, b) && [...indices(a.shape)].every((index) => Object.is(at(a, ...index), at(b, ...index)));
}
