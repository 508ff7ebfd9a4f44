import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertBytes, assertFunction, assertText, assertWhole, InputError } from '../../array/index.js';
import { isThere } from '../data/folders.js';
import { reasonOf } from '../data/system-reason.js';
import { type Checkpoint, DamagedCheckpointError, decodeCheckpoint } from './checkpoint.js';
import { removePartials, writeWhole } from './run-folder.js';

/**
 * The checkpoints of one run, in files such as `step-1200.npz`. A new checkpoint is complete before an old one is
 * removed, and the previous one is kept. So a run can always be resumed, even if its newest checkpoint is damaged.
 */
export class CheckpointFolder {
  /** The step of the newest checkpoint that is known to be complete. */
  private good: number | undefined;

  /**
   * Makes no folder yet. The first `write` does.
   *
   * @param folder the path of the folder
   */
  constructor(readonly folder: string) {
    assertText('CheckpointFolder', 'folder', folder);
  }

  /**
   * The newest complete checkpoint, or undefined if there is none.
   *
   * @param onDamaged called with a message for each newer checkpoint that is damaged
   * @throws InputError if a checkpoint cannot be read, or another version of handgrad wrote it
   */
  async newest(onDamaged: (message: string) => void): Promise<Checkpoint | undefined> {
    assertFunction('CheckpointFolder.newest', 'onDamaged', onDamaged);
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
   * Writes a checkpoint, and removes all others except the previous one.
   *
   * @param step the number of completed steps
   * @param bytes the result of `encodeCheckpoint`
   * @throws InputError if the file cannot be written; the message names the step of the last complete checkpoint
   */
  async write(step: number, bytes: Uint8Array): Promise<void> {
    assertWhole('CheckpointFolder.write', 'step', step, 0);
    assertBytes('CheckpointFolder.write', 'bytes', bytes);
    try {
      if (!(await isThere(this.folder))) await mkdir(this.folder); // not its parents: a removed run stays removed
      await writeWhole(this.pathOf(step), bytes);
    } catch (cause) {
      const what = cause instanceof InputError ? cause.message : `${this.folder} cannot be written: ${reasonOf(cause)}`;
      const last = this.good === undefined ? 'there is no earlier one' : `the one of step ${this.good} is complete`;
      throw new InputError(`${what}; ${last}`, { cause });
    }
    for (const other of await this.steps()) {
      if (other !== step && other !== this.good) await rm(this.pathOf(other), { force: true });
    }
    this.good = step;
  }

  /** The steps of all checkpoints in the folder, also of damaged ones, in ascending order. */
  private async steps(): Promise<number[]> {
    const names = await readdir(this.folder).catch(() => []);
    const steps = names.flatMap((name) => /^step-(\d+)\.npz$/.exec(name)?.slice(1).map(Number) ?? []);
    return steps.sort((a, b) => a - b);
  }

  private async read(step: number): Promise<Uint8Array> {
    try {
      return await readFile(this.pathOf(step));
    } catch (cause) {
      throw new InputError(`${this.pathOf(step)} cannot be read: ${reasonOf(cause)}`, { cause });
    }
  }

  /** The path of the checkpoint of a step. */
  pathOf(step: number): string {
    return join(this.folder, `step-${step}.npz`);
  }
}
