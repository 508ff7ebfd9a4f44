import { assertNumber, NonFiniteError, scaleInPlace, sumOfSquares } from '../array/index.js';
import { assertParameters, type Parameter } from '../layers/parameter.js';

/**
 * Limits the norm of the gradient. All gradients together are one long vector $g$. If it is longer than `maxNorm`, it
 * is scaled to that length and keeps its direction (Pascanu, Mikolov and Bengio 2013, arXiv 1211.5063, algorithm 1):
 *
 * $$ g \leftarrow g \cdot \min\Big( 1, \frac{\texttt{maxNorm}}{\lVert g \rVert + 10^{-6}} \Big), \qquad
 *    \lVert g \rVert = \sqrt{\textstyle\sum_i g_i^2} , $$
 *
 * with the $10^{-6}$ of PyTorch's `clip_grad_norm_`. So one bad batch cannot move the weights far. Call it between
 * `backward` and the optimizer's `step`.
 *
 * @param parameters the parameters whose `grad` is scaled in place
 * @param maxNorm the maximum norm. With `Infinity`, the norm is only measured.
 * @returns the norm before clipping
 * @throws RangeError unless `maxNorm` is a number above 0, NonFiniteError if the norm is NaN or infinite
 */
export function clipGradNorm(parameters: readonly Parameter[], maxNorm: number): number {
  assertParameters('clipGradNorm', parameters);
  assertNumber('clipGradNorm', 'maxNorm', maxNorm);
  if (!(maxNorm > 0)) throw new RangeError(`clipGradNorm: expected maxNorm to be a number above 0, got ${maxNorm}`);
  const norm = Math.sqrt(parameters.reduce((total, { grad }) => total + sumOfSquares(grad), 0));
  if (!Number.isFinite(norm)) throw new NonFiniteError(`clipGradNorm: the length of the gradient is ${norm}`);
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) for (const { grad } of parameters) scaleInPlace(grad, scale);
  return norm;
}
