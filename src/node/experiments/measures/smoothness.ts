import type { GradientLine } from './gradient-line.js';

/**
 * Effective β-smoothness at a step: the largest ‖∇L(W) − ∇L(W − s∇L)‖₂ / ‖s∇L‖₂ along the gradient. Of $\frac12 x^\top H x$ it is
 * ‖H∇L‖/‖∇L‖, at most the largest eigenvalue of H, and equal to it along its eigenvector.
 */
export function effectiveSmoothness({ points, gradientLength }: GradientLine): number {
  return Math.max(...points.map(({ step, gradientChange }) => gradientChange / (step * gradientLength)));
}
