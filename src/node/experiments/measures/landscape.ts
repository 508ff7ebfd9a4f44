import type { GradientLine } from './gradient-line.js';

/** The lowest and the highest of some values. */
export interface Range {
  low: number;
  high: number;
}

/** The loss landscape at a step: the range of the loss along the gradient. */
export function lossRange({ points }: GradientLine): Range {
  return rangeOf(points.map(({ loss }) => loss));
}

/**
 * The gradient predictiveness at a step: the range of ‖∇L(W) − ∇L(W − s∇L)‖₂ along the gradient. The smaller it is,
 * the farther the gradient can be trusted.
 */
export function gradientPredictiveness({ points }: GradientLine): Range {
  return rangeOf(points.map(({ gradientChange }) => gradientChange));
}

/**
 * The effective β-smoothness at a step: the largest ‖∇L(W) − ∇L(W − s∇L)‖₂ / ‖s∇L‖₂ along the gradient. For
 * $\frac12 x^\top H x$ it is ‖H∇L‖/‖∇L‖. That is at most the largest eigenvalue of H, and equal to it along its
 * eigenvector.
 */
export function effectiveSmoothness({ points, gradientLength }: GradientLine): number {
  return Math.max(...points.map(({ step, gradientChange }) => gradientChange / (step * gradientLength)));
}

/** A value that is not finite counts as infinitely high. */
function rangeOf(values: readonly number[]): Range {
  const bounded = values.map((value) => (Number.isFinite(value) ? value : Number.POSITIVE_INFINITY));
  return { low: Math.min(...bounded), high: Math.max(...bounded) };
}
