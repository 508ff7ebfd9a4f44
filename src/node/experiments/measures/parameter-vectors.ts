import { addInPlace, assign, copy, multiply, type NdArray, subtract, sum, sumOfSquares } from '../../../array/index.js';
import type { Parameter } from '../../../layers/parameter.js';

/** A point in the space of some parameters, or a direction in it: one array per parameter. */
export type ParameterVector = readonly NdArray[];

/** A copy of the values of parameters. */
export function valuesOf(parameters: readonly Parameter[]): ParameterVector {
  return parameters.map(({ value }) => copy(value));
}

/** A copy of the gradients of parameters. */
export function gradientOf(parameters: readonly Parameter[]): ParameterVector {
  return parameters.map(({ grad }) => copy(grad));
}

/** Sets the values of parameters. */
export function setValues(parameters: readonly Parameter[], values: ParameterVector): void {
  for (const [i, { value }] of parameters.entries()) assign(value, values[i]);
}

/** point + scale · direction, as fresh arrays. */
export function pointAlong(point: ParameterVector, direction: ParameterVector, scale: number): ParameterVector {
  return point.map((array, i) => {
    const moved = copy(array);
    addInPlace(moved, direction[i], scale);
    return moved;
  });
}

/** The Euclidean length of all arrays together. */
export function lengthOf(direction: ParameterVector): number {
  return Math.sqrt(direction.reduce((total, array) => total + sumOfSquares(array), 0));
}

/** The Euclidean distance of two points. */
export function distance(a: ParameterVector, b: ParameterVector): number {
  return lengthOf(a.map((array, i) => subtract(array, b[i])));
}

/** The cosine of the angle between two directions; NaN if one of them has length 0. */
export function cosine(a: ParameterVector, b: ParameterVector): number {
  const product = a.reduce((total, array, i) => total + sum(multiply(array, b[i])), 0);
  return product / (lengthOf(a) * lengthOf(b));
}
