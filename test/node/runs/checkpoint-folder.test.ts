import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { InputError } from '../../../src/index.js';
import { type Checkpoint, encodeCheckpoint } from '../../../src/node/runs/checkpoint.js';
import { CheckpointFolder } from '../../../src/node/runs/checkpoint-folder.js';
import { type CheckpointEvery, Checkpointer, isCheckpointEvery } from '../../../src/node/runs/checkpointer.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

/** A checkpoint that says nothing but its step. */
function checkpoint(step: number): Checkpoint {
  const now = { arc4: { i: 0, j: 0, S: [] }, spare: null };
  const sampler = { epoch: 0, position: 0, before: null, now };
  const trainer = {
    step,
    sampler,
    since: { samples: 0, loss: 0, right: 0 },
    history: { firstLoss: null, evaluations: [] },
  };
  return { settings: null, state: { model: {}, optimizer: { steps: step, arrays: {} }, trainer, streams: {} } };
}

/** A checkpoint as a later version may write it, its checksum right. */
function ofAnotherFormat(bytes: Uint8Array): Uint8Array {
  const other = Buffer.from(bytes);
  other.write('"format":2', other.indexOf('"format":1'));
  const content = other.subarray(0, -2 - 'sha256 '.length - 64);
  other.write(createHash('sha256').update(content).digest('hex'), other.length - 64);
  return other;
}

describe('the folder of a run’s checkpoints', () => {
  const newFolder = temporaryFolders();

  /** A folder with the checkpoints of some steps, written one after the other. */
  async function written(...steps: number[]): Promise<{ folder: string; checkpoints: CheckpointFolder }> {
    const folder = join(newFolder(), 'checkpoints');
    const checkpoints = new CheckpointFolder(folder);
    for (const step of steps) await checkpoints.write(step, encodeCheckpoint(checkpoint(step)));
    return { folder, checkpoints };
  }

  /** What a new process finds: the step, and what it is told of damaged ones. */
  async function found(folder: string): Promise<{ step: number | undefined; said: string[] }> {
    const said: string[] = [];
    const newest = await new CheckpointFolder(folder).newest((message) => said.push(message));
    return { step: newest?.state.trainer.step, said };
  }

  function damage(path: string): void {
    const bytes = readFileSync(path);
    bytes[100] ^= 1;
    writeFileSync(path, bytes);
  }

  it('has the newest checkpoint and the previous one', async () => {
    const { folder } = await written(9, 10, 110);
    expect(readdirSync(folder).sort()).to.deep.equal(['step-10.npz', 'step-110.npz']);
    expect(await found(folder)).to.deep.equal({ step: 110, said: [] });
    expect(await found(join(folder, 'absent'))).to.deep.equal({ step: undefined, said: [] });
  });

  it('gives the previous one with a warning if the newest is damaged or incomplete, and none if both are', async () => {
    const { folder } = await written(9, 10);
    const [before, newest] = [join(folder, 'step-9.npz'), join(folder, 'step-10.npz')];
    damage(newest);
    const sentence = (path: string) => `${path} is damaged: its content does not match its checksum`;
    expect(await found(folder)).to.deep.equal({ step: 9, said: [sentence(newest)] });
    writeFileSync(newest, readFileSync(newest).subarray(0, 1000));
    expect(await found(folder)).to.deep.equal({ step: 9, said: [sentence(newest)] });
    damage(before);
    expect(await found(folder)).to.deep.equal({ step: undefined, said: [sentence(newest), sentence(before)] });
  });

  it('keeps the checkpoint that was resumed, not a damaged one, until the next is complete', async () => {
    const { folder } = await written(9, 10);
    damage(join(folder, 'step-10.npz'));
    const again = new CheckpointFolder(folder);
    await again.newest(() => {});
    await again.write(12, encodeCheckpoint(checkpoint(12)));
    expect(readdirSync(folder).sort()).to.deep.equal(['step-12.npz', 'step-9.npz']);
  });

  it('removes the incomplete files of killed processes, and no file that a running process may be writing', async () => {
    const { folder } = await written(9);
    for (const name of ['.999999999.partial', `.${process.ppid}.partial`, '.notes'])
      writeFileSync(join(folder, name), '');
    await found(folder);
    expect(readdirSync(folder).sort()).to.deep.equal([`.${process.ppid}.partial`, '.notes', 'step-9.npz'].sort());
  });

  it('does not change if the next checkpoint cannot be written', async () => {
    const { folder, checkpoints } = await written(8, 9);
    mkdirSync(join(folder, 'step-10.npz', 'in-the-way'), { recursive: true });
    const error = await errorOf(() => checkpoints.write(10, encodeCheckpoint(checkpoint(10))));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.match(/step-10\.npz cannot be written: .*; the one of step 9 is complete$/);
    rmSync(join(folder, 'step-10.npz'), { recursive: true });
    expect(readdirSync(folder).sort()).to.deep.equal(['step-8.npz', 'step-9.npz']);
  });

  it('names a checkpoint of another version in its error, and does not start again', async () => {
    const { folder } = await written(9);
    writeFileSync(join(folder, 'step-10.npz'), ofAnotherFormat(encodeCheckpoint(checkpoint(10))));
    expect((await errorOf(() => found(folder))).message).to.include(
      'step-10.npz was written by another version of handgrad: its format is 2, not 1',
    );
  });
});

describe('checkpoints are due', () => {
  const newFolder = temporaryFolders();

  /** After which of 7 steps, or those up to an interruption, one is written. */
  async function stepsWith(
    every: CheckpointEvery,
    endAt?: number,
    onStep: () => void = () => {},
    onWrite: () => void = () => {},
  ): Promise<number[]> {
    const steps: number[] = [];
    const folder = new CheckpointFolder(newFolder());
    folder.write = async (step) => {
      steps.push(step);
      onWrite();
    };
    const checkpointer = new Checkpointer(folder, every, () => checkpoint(0));
    for (let step = 1; step <= (endAt ?? 7); step++) {
      onStep();
      await checkpointer.betweenSteps(step, step === endAt);
    }
    return steps;
  }

  it('after a number of steps, every minute, or never', async () => {
    expect(await stepsWith(3)).to.deep.equal([3, 6]);
    expect(await stepsWith('minute')).to.deep.equal([]);
    expect(await stepsWith('none')).to.deep.equal([]);
  });

  it('at most every fifty times as long as a checkpoint takes, if that is more than a minute', async () => {
    const { now } = performance;
    let time = 0;
    performance.now = () => time;
    try {
      const [secondsAStep, secondsAWrite] = [25, 2];
      expect(await stepsWith('minute', undefined, () => (time += 1000 * secondsAStep))).to.deep.equal([3, 6]);
      const slowly = () => (time += 1000 * secondsAWrite);
      const step = () => (time += 1000 * secondsAStep);
      expect(await stepsWith('minute', undefined, step, slowly)).to.deep.equal([3, 7]);
    } finally {
      performance.now = now;
    }
  });

  it('when a run is interrupted, except with none', async () => {
    expect(await stepsWith(3, 5)).to.deep.equal([3, 5]);
    expect(await stepsWith('minute', 5)).to.deep.equal([5]);
    expect(await stepsWith('none', 5)).to.deep.equal([]);
  });

  it('only for valid options', () => {
    for (const every of [1, 500, 'minute', 'none']) expect(isCheckpointEvery(every), String(every)).to.equal(true);
    for (const every of [0, 1.5, -1, 'hour', '5', null])
      expect(isCheckpointEvery(every), String(every)).to.equal(false);
  });
});
