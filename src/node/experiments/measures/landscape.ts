import type { GradientLine } from './gradient-line.js';

/** The lowest and the highest of some numbers. */
export interface Range {
  low: number;
  high: number;
}

/** The loss landscape at a step: between which values the loss lies along the gradient. */
export function lossRange({ points }: GradientLine): Range {
  return rangeOf(points.map(({ loss }) => loss));
}

/** The lowest and the highest; a number that is not finite counts as infinitely high. */
export function rangeOf(values: readonly number[]): Range {
  const bounded = values.map((value) => (Number.isFinite(value) ? value : Number.POSITIVE_INFINITY));
  return { low: Math.min(...bounded), high: Math.max(...bounded) };
}
