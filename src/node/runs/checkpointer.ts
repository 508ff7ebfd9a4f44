import { assertFunction, assertMethods, inWords } from '../../array/index.js';
import { isCount } from '../../models/setting.js';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.js';
import type { CheckpointFolder } from './checkpoint-folder.js';

/** When checkpoints are written: after this number of steps, every minute, or never. */
export type CheckpointEvery = number | 'minute' | 'none';

export function isCheckpointEvery(value: unknown): value is CheckpointEvery {
  return value === 'minute' || value === 'none' || isCount(value);
}

/**
 * Throws unless a value says when checkpoints are written.
 *
 * @throws RangeError that names the call
 */
export function assertCheckpointEvery(call: string, every: unknown): void {
  if (isCheckpointEvery(every)) return;
  throw new RangeError(
    `${call}: expected checkpoints every minute, none, or a whole number of steps, got ${inWords(every)}`,
  );
}

const MINUTE = 60_000;

/** Writes the checkpoints of a run when they are due, and when the run stops early. */
export class Checkpointer {
  private last = performance.now();
  /** How long the last checkpoint took, in milliseconds. */
  private cost = 0;

  /**
   * With `'minute'`, the first minute begins here.
   *
   * @param folder where the checkpoints are written
   * @param every when they are written; with `'none'`, not even when the run stops early
   * @param capture returns the current state of the run
   */
  constructor(
    private readonly folder: CheckpointFolder,
    private readonly every: CheckpointEvery,
    private readonly capture: () => Checkpoint,
  ) {
    assertMethods('Checkpointer', 'folder', folder, ['write', 'newest'], 'a CheckpointFolder');
    assertCheckpointEvery('Checkpointer', every);
    assertFunction('Checkpointer', 'capture', capture);
  }

  /**
   * Writes a checkpoint if one is due. A `Trainer` calls it between two steps.
   *
   * @param step the number of completed steps
   * @param ending whether the run stops here, before its last step; then a checkpoint is always due
   * @throws InputError if the checkpoint cannot be written
   */
  async betweenSteps(step: number, ending: boolean): Promise<void> {
    if (this.every === 'none' || !(ending || this.isDue(step))) return;
    const begun = performance.now();
    await this.folder.write(step, encodeCheckpoint(this.capture()));
    this.last = performance.now();
    this.cost = this.last - begun;
  }

  /** With `'minute'`, the next is due after 50 times what the last one took: at most 2 % of the time is spent on them. */
  private isDue(step: number): boolean {
    if (typeof this.every === 'number') return step % this.every === 0;
    return performance.now() - this.last >= Math.max(MINUTE, 50 * this.cost);
  }
}
