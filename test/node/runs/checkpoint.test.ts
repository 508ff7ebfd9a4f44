import { expect } from 'chai';
import { encodeNpz, MLP, type MLPOptions, oneHot, Random } from '../../../src/index.js';
import {
  type Checkpoint,
  DamagedCheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../src/node/runs/checkpoint.js';
import { makeOptimizer } from '../../../src/node/runs/optimizer-kinds.js';
import { runConfig } from '../../../src/node/runs/read-config.js';
import type { PartialRunConfig } from '../../../src/node/runs/run-config.js';
import { scheduleOf } from '../../../src/node/runs/schedule-setting.js';
import { arraySource, type BatchSource, mixed, Trainer } from '../../../src/node.js';
import { captureRun, type RunParts, restoreRun } from '../../../src/training/run-state.js';

import { normal } from '../../support/arrays.js';
import { errorOf } from '../../support/temporary.js';

/** Points of four coordinates, the first of which tells their class. */
function clouds(count: number, seed: number): BatchSource {
  const x = normal([count, 4], seed, 'float32');
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  labels.forEach((label, i) => {
    x.set(i, 0, x.get(i, 0) + 4 * label);
  });
  return arraySource(x, oneHot(labels, 2));
}

interface Setup {
  net: Partial<MLPOptions>;
  recipe: PartialRunConfig;
}

const SETUPS: Record<string, Setup> = {
  'plain SGD': { net: {}, recipe: {} },
  'SGD with momentum and a step schedule': {
    net: { norm: 'layer' },
    recipe: { momentum: 0.9, nesterov: true, weightDecay: 0.01, schedule: 'step:5:0.5' },
  },
  'Adam with batch norm, dropout and mixup': {
    net: { norm: 'batch', dropout: 0.3 },
    recipe: { optimizer: 'adam', augment: 'mixup:0.4' },
  },
  'AdamW with a warm-up, clipping and accumulation': {
    net: { norm: 'batch', normPosition: 'before-linear' },
    recipe: { optimizer: 'adamw', schedule: 'cosine', warmup: 3, clipNorm: 0.5, accumulate: 2 },
  },
  'Adam with an average of the weights': {
    net: { norm: 'batch' },
    recipe: { optimizer: 'adam', average: 0.9 },
  },
};

const MAX_STEPS = 17;

/** A run at its beginning: 23 samples in batches of 5, so that most steps end in the middle of an epoch. */
function begin({ net, recipe }: Setup, each?: (parts: RunParts) => void, signal?: AbortSignal): RunParts {
  const full = runConfig({ learningRate: 0.05, ...recipe });
  const model = new MLP({ inputs: 4, hidden: [6, 3], classes: 2, init: 'kaiming', rng: new Random(1), ...net });
  const optimizer = makeOptimizer(full, model.parameters());
  const augmentation = new Random(3);
  const train = full.augment === 'none' ? clouds(23, 1) : mixed(clouds(23, 1), 0.4, augmentation);
  const trainer = new Trainer({
    accumulate: full.accumulate,
    clipNorm: full.clipNorm,
    model,
    loss: model.loss(),
    optimizer,
    schedule: scheduleOf(full.schedule, full.warmup, MAX_STEPS),
    train,
    test: clouds(9, 2),
    batchSize: 5,
    maxSteps: MAX_STEPS,
    evalEvery: 4,
    rng: new Random(2),
    signal,
    betweenSteps: async () => each?.(parts),
  });
  const parts: RunParts = { model, optimizer, trainer, streams: { model: model.rng, augmentation } };
  return parts;
}

/** Trains to the end and returns all that came of it. */
async function finish({ model, optimizer, trainer }: RunParts): Promise<{ history: string; weights: Uint8Array }> {
  const history = JSON.stringify(await trainer.fit());
  return { history, weights: encodeNpz({ ...model.stateDict(), ...optimizer.stateDict().arrays }) };
}

/** The checkpoints of a run after every step but the last, as bytes. */
async function checkpoints(setup: Setup): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  await finish(
    begin(setup, (parts) => all.push(encodeCheckpoint({ settings: { seed: 1 }, state: captureRun(parts) }))),
  );
  return all;
}

describe('a run that is resumed from a checkpoint', () => {
  for (const [name, setup] of Object.entries(SETUPS)) {
    it(`ends with the same bits as an uninterrupted run, from every step: ${name}`, async () => {
      const expected = await finish(begin(setup));
      const all = await checkpoints(setup);
      expect(all.length).to.equal(MAX_STEPS - 1);
      for (const [i, bytes] of all.entries()) {
        const parts = begin(setup);
        restoreRun(parts, decodeCheckpoint(bytes, 'it').state);
        expect(await finish(parts), `from step ${i + 1}`).to.deep.equal(expected);
      }
    });
  }

  it('does not have the last evaluation of the interrupted run', async () => {
    const controller = new AbortController();
    let last: Checkpoint | undefined;
    const each = (parts: RunParts) => {
      const state = captureRun(parts);
      if (controller.signal.aborted) last = { settings: null, state };
      if (state.trainer.step === 5) controller.abort();
    };
    const interrupted = begin(SETUPS['plain SGD'], each, controller.signal);
    const { evaluations, stopped } = await interrupted.trainer.fit();
    expect([evaluations.map(({ step }) => step), stopped?.step]).to.deep.equal([[4, 6], 6]);
    if (!last) throw new Error('there should be a checkpoint');
    const parts = begin(SETUPS['plain SGD']);
    restoreRun(parts, last.state);
    expect(await finish(parts)).to.deep.equal(await finish(begin(SETUPS['plain SGD'])));
  });

  it('is refused if the parts differ, and does not change them', async () => {
    const [bytes] = await checkpoints(SETUPS['plain SGD']);
    const { state } = decodeCheckpoint(bytes, 'it');
    const parts = begin({ net: { hidden: [6] }, recipe: {} });
    const before = encodeNpz(parts.model.stateDict());
    expect((await errorOf(() => restoreRun(parts, state))).message).to.include('the names do not fit');
    const { model, ...others } = parts.streams;
    expect((await errorOf(() => restoreRun({ ...parts, streams: others }, state))).message).to.equal(
      'restoreRun: expected random streams augmentation, got augmentation, model',
    );
    expect(encodeNpz(parts.model.stateDict())).to.deep.equal(before);
  });
});

describe('the bytes of a checkpoint', () => {
  it('are recognized as damaged if one is changed, or some are missing or added', async () => {
    const bytes = (await checkpoints(SETUPS['plain SGD']))[2];
    const damaged = (other: Uint8Array) =>
      expect(() => decodeCheckpoint(other, 'x.npz')).to.throw(
        DamagedCheckpointError,
        'x.npz is damaged: its content does not match its checksum',
      );
    for (let i = 0; i < bytes.length; i++) {
      const changed = Uint8Array.from(bytes);
      changed[i] ^= 1 << (i % 8);
      damaged(changed);
    }
    for (let length = 0; length < bytes.length; length += 7) damaged(bytes.subarray(0, length));
    damaged(Uint8Array.of(...bytes, 0));
    damaged(new Uint8Array(0));
    expect(decodeCheckpoint(bytes, 'x.npz').settings).to.deep.equal({ seed: 1 });
  });

  it('contain the whole state of a run', async () => {
    const bytes = (await checkpoints(SETUPS['Adam with batch norm, dropout and mixup']))[5];
    const { model, optimizer, trainer, streams } = decodeCheckpoint(bytes, 'it').state;
    expect(Object.keys(model)).to.include.members(['layers.0.weight', 'layers.1.gamma', 'layers.1.runningVar']);
    expect(Object.keys(optimizer.arrays)).to.include('secondMoment.0.weight');
    expect(optimizer.steps).to.equal(6);
    expect(trainer).to.deep.include({ step: 6 });
    expect(trainer.sampler).to.deep.include({ epoch: 2, position: 5 });
    expect(trainer.since.samples).to.equal(8);
    expect(trainer.history.evaluations.length).to.equal(1);
    expect(streams).to.have.all.keys('model', 'augmentation');
  });
});
