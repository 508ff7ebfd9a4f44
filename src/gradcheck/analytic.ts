import { assign, at, copy, type NdArray, type Random, shapeText, subtract } from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import type { Parameter } from '../layers/parameter.js';
import { indices } from './numerical.js';

/** What a layer's `backward` gave: one gradient for x and one a parameter, and what was wrong on the way. */
export interface Analytic {
  dx: NdArray;
  /** What `backward` added to each parameter's `grad`. */
  parameters: NdArray[];
  problems: string[];
}

/**
 * Runs forward and backward once. Every `grad` starts at random numbers, which are taken out afterwards: a layer that
 * overwrites instead of adding is found out. Each `grad` is left as it was found.
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
    // A layer of a user's own may have put another array in the place of its grad, of any shape.
    const added = parameters.map(({ grad }, i) => (hasShapeOf(grad, start[i]) ? subtract(grad, start[i]) : copy(grad)));
    return { dx: copy(dx), parameters: added, problems };
  } finally {
    for (const [i, { grad }] of parameters.entries()) if (hasShapeOf(grad, found[i])) assign(grad, found[i]);
  }
}

/** Whether two arrays have one shape. */
export function hasShapeOf(a: NdArray, b: NdArray): boolean {
  return shapeText(a.shape) === shapeText(b.shape);
}

/** Whether two arrays have one shape and the same elements, bit for bit. */
export function isSame(a: NdArray, b: NdArray): boolean {
  return hasShapeOf(a, b) && [...indices(a.shape)].every((index) => Object.is(at(a, ...index), at(b, ...index)));
}
