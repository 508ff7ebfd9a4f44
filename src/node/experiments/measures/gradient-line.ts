import { assign } from '../../../array/index.js';
import type { Objective } from './objective.js';
import { distance, gradientOf, lengthOf, moveTo, shifted, valuesOf } from './points.js';

/** What is found at W − s∇L(W). */
export interface LinePoint {
  /** s. */
  step: number;
  loss: number;
  /** ‖∇L(W) − ∇L(W − s∇L(W))‖₂. */
  gradientChange: number;
}

/** A walk from W down the gradient ∇L(W). */
export interface GradientLine {
  /** L(W) and ‖∇L(W)‖₂. */
  loss: number;
  gradientLength: number;
  points: LinePoint[];
}

/**
 * Walks down the gradient and looks at loss and gradient on the way: what the measures of the landscape are made of
 * (Santurkar, Tsipras, Ilyas and Madry 2018, arXiv 1805.11604, section 3.2). The parameters are put back, with the gradient of where
 * they are.
 *
 * @param steps the distances s, as multiples of the gradient
 */
export function gradientLine(objective: Objective, steps: readonly number[]): GradientLine {
  const { parameters } = objective;
  const start = valuesOf(parameters);
  const loss = objective.evaluate();
  const gradient = gradientOf(parameters);
  const points = steps.map((step) => {
    moveTo(parameters, shifted(start, gradient, -step));
    const there = objective.evaluate();
    return { step, loss: there, gradientChange: distance(gradientOf(parameters), gradient) };
  });
  moveTo(parameters, start);
  for (const [i, { grad }] of parameters.entries()) assign(grad, gradient[i]);
  return { loss, gradientLength: lengthOf(gradient), points };
}
