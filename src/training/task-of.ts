import type { NdArray } from '../array/index.js';
import type { Loss, Task } from '../losses/loss.js';

/** What a net learns: its loss says so, or the number of its outputs. One column of outputs cannot tell classes apart. */
export function taskOf({ task }: Loss, outputs: NdArray): Task {
  return task ?? (outputs.shape.length === 2 && outputs.shape[1] > 1 ? 'classification' : 'regression');
}
