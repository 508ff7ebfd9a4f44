import { isCount } from '../../models/setting.js';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.js';
import type { CheckpointFolder } from './checkpoint-folder.js';

/** When checkpoints are written: every so many steps, every minute, or never. */
export type CheckpointEvery = number | 'minute' | 'none';

export function isCheckpointEvery(value: unknown): value is CheckpointEvery {
  return value === 'minute' || value === 'none' || isCount(value);
}

const MINUTE = 60_000;

/** Writes the checkpoints of a run when they are due, and whenever it ends early. */
export class Checkpointer {
  private last = performance.now();
  /** How long the last one took, in milliseconds. */
  private cost = 0;

  /**
   * With `'minute'`, the first minute begins here.
   *
   * @param folder where they are written
   * @param every when; `'none'` writes not even one when the run ends early
   * @param capture takes the state of the run as it is
   */
  constructor(
    private readonly folder: CheckpointFolder,
    private readonly every: CheckpointEvery,
    private readonly capture: () => Checkpoint,
  ) {}

  /**
   * What a `Trainer` is to do between two steps.
   *
   * @param step how many steps have been made
   * @param ending whether the run ends here, before its last step: then one is due whatever the clock says
   * @throws InputError when it cannot be written
   */
  async betweenSteps(step: number, ending: boolean): Promise<void> {
    if (this.every === 'none' || !(ending || this.isDue(step))) return;
    const begun = performance.now();
    await this.folder.write(step, encodeCheckpoint(this.capture()));
    this.last = performance.now();
    this.cost = this.last - begun;
  }

  /** By the clock, the time between two is never less than fifty times what one takes. */
  private isDue(step: number): boolean {
    if (typeof this.every === 'number') return step % this.every === 0;
    return performance.now() - this.last >= Math.max(MINUTE, 50 * this.cost);
  }
}
