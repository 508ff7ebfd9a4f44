import { add, assertNumber, assertShape, multiply, type NdArray } from '../array/index.js';

/**
 * Label smoothing: takes a fraction $\varepsilon$ (`smoothing`) of each row and spreads it evenly over all $C$
 * classes,
 *
 * $$ T_{nc} \leftarrow (1 - \varepsilon)\, T_{nc} + \frac{\varepsilon}{C} . $$
 *
 * A softmax can output a one-hot row only with infinite logits, so training would increase the logits forever. It can
 * output a smoothed row, and its predictions stay less certain (Szegedy et al. 2016, arXiv 1512.00567, section 7).
 * Rows still sum to 1, so both cross-entropies accept them without a change. The result equals PyTorch's
 * `cross_entropy` with `label_smoothing`.
 *
 * @param targets (N, C), one distribution per row
 * @param smoothing ε, from 0, which changes nothing, to below 1
 * @returns (N, C), a fresh array
 * @throws RangeError for a smoothing out of range, ShapeError unless targets is (N, C)
 */
export function smoothLabels(targets: NdArray, smoothing: number): NdArray {
  assertShape('smoothLabels', 'targets', targets, ['N', 'C']);
  assertSmoothing('smoothLabels', smoothing);
  return add(multiply(targets, 1 - smoothing), smoothing / targets.shape[1]); // (N, C)
}

/**
 * Throws unless ε is from 0 to below 1.
 *
 * @throws RangeError, or DtypeError for a value that is not a number
 */
export function assertSmoothing(call: string, smoothing: number): void {
  assertNumber(call, 'smoothing', smoothing);
  if (!(smoothing >= 0 && smoothing < 1))
    throw new RangeError(`${call}: expected smoothing to be from 0 to below 1, got ${smoothing}`);
}
