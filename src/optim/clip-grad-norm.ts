import { NonFiniteError, scaleInPlace, sumOfSquares } from '../array/index.js';
import type { Parameter } from '../layers/parameter.js';

/**
 * Shortens the gradient of all parameters together, seen as one long vector $g$, to length `maxNorm` where it is
 * longer, and keeps its direction (Pascanu, Mikolov and Bengio 2013, arXiv 1211.5063, algorithm 1):
 *
 * $$ g \leftarrow g \cdot \min\Big( 1, \frac{\texttt{maxNorm}}{\lVert g \rVert + 10^{-6}} \Big), \qquad
 *    \lVert g \rVert = \sqrt{\textstyle\sum_i g_i^2} , $$
 *
 * with the $10^{-6}$ of PyTorch's `clip_grad_norm_`. One bad batch then cannot throw the weights far away. Call it
 * between `backward` and the optimiser's `step`.
 *
 * @param parameters whose `grad` is scaled, in place
 * @param maxNorm the greatest length that is left; with `Infinity` it is only measured
 * @returns the length before clipping
 * @throws RangeError unless `maxNorm` is a number above 0; NonFiniteError when the length is NaN or infinite
 */
export function clipGradNorm(parameters: readonly Parameter[], maxNorm: number): number {
  if (!(maxNorm > 0)) throw new RangeError(`clipGradNorm: expected maxNorm to be a number above 0, got ${maxNorm}`);
  const norm = Math.sqrt(parameters.reduce((total, { grad }) => total + sumOfSquares(grad), 0));
  if (!Number.isFinite(norm)) throw new NonFiniteError(`clipGradNorm: the length of the gradient is ${norm}`);
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) for (const { grad } of parameters) scaleInPlace(grad, scale);
  return norm;
}
