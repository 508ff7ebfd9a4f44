import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf } from '../../array/index.js';
import { type Checkpoint, DamagedCheckpointError, decodeCheckpoint } from './checkpoint.js';
import { removePartials, writeWhole } from './run-folder.js';

/**
 * The checkpoints of one run: `step-1200.npz` and the like. A new one is written whole before an older one goes, and
 * the one before it stays, so that there is always one to go on from, and still is when the newest is damaged.
 */
export class CheckpointFolder {
  /** The step of the newest that is known to be good. */
  private good: number | undefined;

  /**
   * Touches nothing yet: `write` makes the folder.
   *
   * @param folder where they lie
   */
  constructor(readonly folder: string) {}

  /**
   * The newest checkpoint that is whole; undefined when there is none.
   *
   * @param onDamaged is told of each that is newer, but damaged
   * @throws InputError when one cannot be read, or is of another version
   */
  async newest(onDamaged: (message: string) => void): Promise<Checkpoint | undefined> {
    await removePartials(this.folder);
    for (const step of (await this.steps()).reverse()) {
      try {
        const checkpoint = decodeCheckpoint(await this.read(step), this.pathOf(step));
        this.good = step;
        return checkpoint;
      } catch (error) {
        if (!(error instanceof DamagedCheckpointError)) throw error;
        onDamaged(error.message);
      }
    }
    return undefined;
  }

  /**
   * Writes the checkpoint of a step, and removes all but this and the one before.
   *
   * @param step how many steps had been made
   * @param bytes what `encodeCheckpoint` gave
   * @throws InputError when it cannot be written; it names the step of the last that is good
   */
  async write(step: number, bytes: Uint8Array): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      await writeWhole(this.pathOf(step), bytes);
    } catch (cause) {
      const what =
        cause instanceof InputError ? cause.message : `${this.folder} cannot be written: ${messageOf(cause)}`;
      const last = this.good === undefined ? 'there is no earlier one' : `the one of step ${this.good} is complete`;
      throw new InputError(`${what}; ${last}`, { cause });
    }
    for (const other of await this.steps()) {
      if (other !== step && other !== this.good) await rm(this.pathOf(other), { force: true });
    }
    this.good = step;
  }

  /** The steps of all that are there, damaged or not, the newest last. */
  private async steps(): Promise<number[]> {
    const names = await readdir(this.folder).catch(() => []);
    const steps = names.flatMap((name) => /^step-(\d+)\.npz$/.exec(name)?.slice(1).map(Number) ?? []);
    return steps.sort((a, b) => a - b);
  }

  private async read(step: number): Promise<Uint8Array> {
    try {
      return await readFile(this.pathOf(step));
    } catch (cause) {
      throw new InputError(`${this.pathOf(step)} cannot be read: ${messageOf(cause)}`, { cause });
    }
  }

  /** The file of a step's checkpoint. */
  pathOf(step: number): string {
    return join(this.folder, `step-${step}.npz`);
  }
}
