import { assign } from '../../../array/index.js';
import type { Objective } from './objective.js';
import { distance, gradientOf, lengthOf, pointAlong, setValues, valuesOf } from './parameter-vectors.js';

/** Loss and gradient at W − s∇L(W). */
export interface LinePoint {
  /** s. */
  step: number;
  loss: number;
  /** ‖∇L(W) − ∇L(W − s∇L(W))‖₂. */
  gradientChange: number;
}

/** Loss and gradient along the line from W in the direction of −∇L(W). */
export interface GradientLine {
  /** L(W). */
  loss: number;
  /** ‖∇L(W)‖₂. */
  gradientLength: number;
  points: LinePoint[];
}

/**
 * Evaluates loss and gradient along the negative gradient. The measures of the loss landscape are computed from them
 * (Santurkar, Tsipras, Ilyas and Madry 2018, arXiv 1805.11604, section 3.2). Restores the parameters and their
 * gradient.
 *
 * @param steps the distances s, as multiples of the gradient
 */
export function gradientLine(objective: Objective, steps: readonly number[]): GradientLine {
  const { parameters } = objective;
  const start = valuesOf(parameters);
  const loss = objective.evaluate();
  const gradient = gradientOf(parameters);
  const points = steps.map((step) => {
    setValues(parameters, pointAlong(start, gradient, -step));
    const there = objective.evaluate();
    return { step, loss: there, gradientChange: distance(gradientOf(parameters), gradient) };
  });
  setValues(parameters, start);
  for (const [i, { grad }] of parameters.entries()) assign(grad, gradient[i]);
  return { loss, gradientLength: lengthOf(gradient), points };
}
