import { argmax, assertShape, max, type NdArray, NonFiniteError } from '../array/index.js';

/**
 * The accuracy: the share of rows whose largest output is in the column of the target.
 *
 * @param outputs (N, C) probabilities or logits
 * @param targets (N, C) one-hot
 * @returns from 0 to 1
 * @throws ShapeError for shapes that do not match, NonFiniteError for NaN
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
 * @throws ShapeError for shapes that do not match, NonFiniteError for NaN
 */
export function confusionMatrix(outputs: NdArray, targets: NdArray): number[][] {
  assertShape('confusionMatrix', 'outputs', outputs, ['N', 'C']);
  assertShape('confusionMatrix', 'targets', targets, outputs.shape);
  assertNumbers('outputs', outputs);
  assertNumbers('targets', targets);
  const [samples, classes] = outputs.shape;
  const [predicted, actual] = [argmax(outputs, { axis: 1 }), argmax(targets, { axis: 1 })];
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let n = 0; n < samples; n++) counts[actual.get(n)][predicted.get(n)]++;
  return counts;
}

/** Throws if an element is NaN: it has no largest column. */
function assertNumbers(name: string, x: NdArray): void {
  if (Number.isNaN(max(x))) throw new NonFiniteError(`confusionMatrix: ${name} contain NaN`);
}

/** The number of right predictions in a confusion matrix. */
export function countOnDiagonal(confusion: readonly (readonly number[])[]): number {
  return confusion.reduce((total, row, c) => total + row[c], 0);
}
