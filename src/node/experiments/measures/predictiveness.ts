import type { GradientLine } from './gradient-line.js';
import { type Range, rangeOf } from './landscape.js';

/**
 * Gradient predictiveness at a step: between which values ‖∇L(W) − ∇L(W − s∇L)‖₂ lies along the gradient. The smaller, the further
 * the gradient can be trusted.
 */
export function gradientPredictiveness({ points }: GradientLine): Range {
  return rangeOf(points.map(({ gradientChange }) => gradientChange));
}
