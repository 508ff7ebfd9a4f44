import { addInPlace, assign, copy, multiply, type NdArray, subtract, sum, sumOfSquares } from '../../../array/index.js';
import type { Parameter } from '../../../layers/parameter.js';

/** A place among the values of some parameters, or a direction: an array for each of them. */
export type Point = readonly NdArray[];

/** Where parameters are. */
export function valuesOf(parameters: readonly Parameter[]): Point {
  return parameters.map(({ value }) => copy(value));
}

/** The gradient that they hold. */
export function gradientOf(parameters: readonly Parameter[]): Point {
  return parameters.map(({ grad }) => copy(grad));
}

/** Puts parameters where a point says. */
export function moveTo(parameters: readonly Parameter[], point: Point): void {
  for (const [i, { value }] of parameters.entries()) assign(value, point[i]);
}

/** point + scale · direction, a fresh point. */
export function shifted(point: Point, direction: Point, scale: number): Point {
  return point.map((array, i) => {
    const moved = copy(array);
    addInPlace(moved, direction[i], scale);
    return moved;
  });
}

/** The Euclidean length of all arrays of a direction together. */
export function lengthOf(direction: Point): number {
  return Math.sqrt(direction.reduce((total, array) => total + sumOfSquares(array), 0));
}

/** The Euclidean distance of two points. */
export function distance(a: Point, b: Point): number {
  return lengthOf(a.map((array, i) => subtract(array, b[i])));
}

/** The cosine of the angle between two directions; NaN when one has no length. */
export function cosine(a: Point, b: Point): number {
  const product = a.reduce((total, array, i) => total + sum(multiply(array, b[i])), 0);
  return product / (lengthOf(a) * lengthOf(b));
}
