import type { NdArray } from '../array/index.js';
import type { LearningTask, Loss } from '../losses/loss.js';

/** What a net learns: its loss says so, or the number of its outputs. One column of outputs cannot tell classes apart. */
export function learningTask({ task }: Loss, outputs: NdArray): LearningTask {
  return task ?? (outputs.shape.length === 2 && outputs.shape[1] > 1 ? 'classification' : 'regression');
}
