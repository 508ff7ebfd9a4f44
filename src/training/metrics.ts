import { argmax, assertShape, type NdArray } from '../array/index.js';

/**
 * The accuracy: the share of rows whose largest output is in the column of the target.
 *
 * @param outputs (N, C) probabilities or logits
 * @param targets (N, C) one-hot
 * @returns from 0 to 1
 */
export function accuracy(outputs: NdArray, targets: NdArray): number {
  const counts = confusionMatrix(outputs, targets);
  return countOnDiagonal(counts) / outputs.shape[0];
}

/**
 * The confusion matrix: how often each class was predicted for each class.
 *
 * @param outputs (N, C)
 * @param targets (N, C) one-hot
 * @returns C rows of C counts, one row per true class and one column per predicted class
 */
export function confusionMatrix(outputs: NdArray, targets: NdArray): number[][] {
  assertShape('confusionMatrix', 'outputs', outputs, ['N', 'C']);
  assertShape('confusionMatrix', 'targets', targets, outputs.shape);
  const [samples, classes] = outputs.shape;
  const [predicted, actual] = [argmax(outputs, { axis: 1 }), argmax(targets, { axis: 1 })];
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let n = 0; n < samples; n++) counts[actual.get(n)][predicted.get(n)]++;
  return counts;
}

/** The number of right predictions in a confusion matrix. */
export function countOnDiagonal(confusion: readonly (readonly number[])[]): number {
  return confusion.reduce((total, row, c) => total + row[c], 0);
}
