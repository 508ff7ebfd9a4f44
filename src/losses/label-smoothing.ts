import { add, assertShape, multiply, type NdArray } from '../array/index.js';

/**
 * Targets that are not quite sure: a share $\varepsilon$ (`smoothing`) of each row is taken from where it is and
 * spread over all $C$ classes,
 *
 * $$ T_{sc} \leftarrow (1 - \varepsilon)\, T_{sc} + \frac{\varepsilon}{C} . $$
 *
 * A softmax reaches a one-hot row only with infinite logits, and would chase it for ever; these rows it can reach, so
 * that it stays less sure of itself (Szegedy et al. 2016, arXiv 1512.00567, section 7). Rows still sum to 1, so either
 * cross-entropy takes them as they are, its gradient included: a loss of smoothed targets is PyTorch's `cross_entropy`
 * with `label_smoothing`.
 *
 * @param targets (N, C), a distribution a row
 * @param smoothing from 0, which changes nothing, to below 1
 * @returns (N, C), a fresh array
 * @throws RangeError for a smoothing out of range, ShapeError unless targets is (N, C)
 */
export function smoothLabels(targets: NdArray, smoothing: number): NdArray {
  assertShape('smoothLabels', 'targets', targets, ['N', 'C']);
  if (!(smoothing >= 0 && smoothing < 1))
    throw new RangeError(`smoothLabels: expected smoothing to be from 0 to below 1, got ${smoothing}`);
  return add(multiply(targets, 1 - smoothing), smoothing / targets.shape[1]); // (N, C)
}
