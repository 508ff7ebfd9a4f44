import { expect } from 'chai';
import { AdamW, cosineSchedule, MLP, type NdArray, oneHot, Random, SGD } from '../../src/index.js';
import { arraySource, type BatchSource, DivergedError, type StepReport, Trainer } from '../../src/node.js';
import { expectClose, normal } from '../support/arrays.js';
import { errorOf } from '../support/temporary.js';

/** Fifty points of five coordinates in three classes, in float64. */
function points(seed: number, scale = 1): BatchSource {
  const labels = Array.from({ length: 50 }, (_, i) => (i * i + 1) % 3);
  const x = normal([50, 5], seed);
  for (let i = 0; i < x.data.length; i++) x.data[i] *= scale;
  return arraySource(x, oneHot(labels, 3, 'float64'));
}

/** The gradients of the last step, the weights after it, and the report of every step. */
async function trained(
  norm: 'none' | 'layer' | 'batch',
  batchSize: number,
  accumulate?: number,
  maxSteps = 1,
): Promise<{ gradients: NdArray[]; weights: NdArray[]; steps: Required<StepReport>[] }> {
  const rng = new Random(1);
  const model = new MLP({ inputs: 5, hidden: [7, 4], classes: 3, norm, init: 'normal:0.5', rng, dtype: 'float64' });
  const steps: Required<StepReport>[] = [];
  const trainer = new Trainer({
    model,
    loss: model.loss(),
    optimizer: new AdamW(model.parameters(), { learningRate: 0.05 }),
    train: points(1),
    test: points(2),
    batchSize,
    accumulate,
    maxSteps,
    evalEvery: maxSteps,
    rng: new Random(3),
    onStep: (step) => steps.push(step),
  });
  await trainer.fit();
  const parameters = model.parameters();
  return { gradients: parameters.map(({ grad }) => grad), weights: parameters.map(({ value }) => value), steps };
}

describe('gradient accumulation', () => {
  for (const norm of ['none', 'layer'] as const) {
    for (const [batch, micro, parts] of [
      [24, 8, 3],
      [50, 8, 7], // the last micro-batch has 2 samples
      [12, 1, 12],
    ]) {
      it(`gives the gradients, the loss and the accuracy of a batch of ${batch} from ${parts} of ${micro}, norm ${norm}, to 1e-12`, async () => {
        const [large, small] = [await trained(norm, batch), await trained(norm, micro, parts)];
        for (const [i, gradient] of small.gradients.entries()) expectClose(gradient, large.gradients[i], 1e-12);
        expect(small.steps[0].samples).to.equal(batch);
        expect(small.steps[0].loss).to.be.closeTo(large.steps[0].loss, 1e-12);
        expect(small.steps[0].accuracy).to.be.closeTo(large.steps[0].accuracy, 1e-12);
      });
    }
  }

  it('gives other gradients with a batch norm: each micro-batch has its own mean and variance', async () => {
    const [large, small] = [await trained('batch', 24), await trained('batch', 8, 3)];
    const differences = small.gradients.flatMap(({ data }, i) =>
      [...data].map((value, k) => Math.abs(value - large.gradients[i].data[k])),
    );
    expect(Math.max(...differences)).to.be.greaterThan(1e-3);
    expect(small.steps[0].samples).to.equal(24);
  });

  it('visits the same samples in the same order as the large batch, so that whole trainings agree', async () => {
    const [large, small] = [await trained('layer', 16, 1, 12), await trained('layer', 4, 4, 12)];
    expect(small.steps.map(({ samples }) => samples)).to.deep.equal([16, 16, 16, 2, 16, 16, 16, 2, 16, 16, 16, 2]);
    for (const [i, { loss }] of small.steps.entries()) expect(loss).to.be.closeTo(large.steps[i].loss, 1e-10);
    for (const [i, weight] of small.weights.entries()) expectClose(weight, large.weights[i], 1e-9);
  });

  it('is refused if it is not a count', async () => {
    expect((await errorOf(() => trained('none', 4, 0))).message).to.equal(
      'Trainer: expected accumulate to be a whole number from 1 up, got 0',
    );
  });
});

describe('schedule and clipping in the trainer', () => {
  /** Trains with plain descent and returns by how far the weights moved at each step, and the rate of each step. */
  async function moves(options: { schedule?: (step: number) => number; clipNorm?: number }, scale = 1) {
    const rng = new Random(1);
    const model = new MLP({
      inputs: 5,
      hidden: [],
      classes: 3,
      init: 'normal:0.5',
      rng,
      dtype: 'float64',
      logits: true,
    });
    const optimizer = new SGD(model.parameters(), { learningRate: 0.5 });
    const flat = () => model.parameters().flatMap(({ value }) => [...value.data]);
    const [lengths, rates]: number[][] = [[], []];
    let before = flat();
    const trainer = new Trainer({
      model,
      loss: model.loss(),
      optimizer,
      train: points(1, scale),
      test: points(2),
      batchSize: 10,
      maxSteps: 4,
      evalEvery: 4,
      rng: new Random(3),
      ...options,
      onStep: () => {
        const after = flat();
        lengths.push(Math.hypot(...after.map((value, i) => value - before[i])));
        rates.push(optimizer.learningRate);
        before = after;
      },
    });
    await trainer.fit();
    return { lengths, rates };
  }

  it('multiplies the learning rate of every step by the factor of the schedule', async () => {
    const { rates } = await moves({ schedule: cosineSchedule(4) });
    for (const [i, share] of [1, 0.853553390593, 0.5, 0.146446609407].entries())
      expect(rates[i]).to.be.closeTo(0.5 * share, 1e-12);
    expect((await moves({})).rates).to.deep.equal([0.5, 0.5, 0.5, 0.5]);
  });

  it('never moves the weights farther than learning rate times clipNorm', async () => {
    const free = await moves({}, 10);
    const { lengths } = await moves({ clipNorm: 0.2 }, 10);
    expect(Math.max(...free.lengths)).to.be.greaterThan(0.5);
    for (const length of lengths) expect(length).to.be.closeTo(0.1, 1e-6);
  });

  it('stops with an error if the gradient is not finite although the loss is', async () => {
    const error = await errorOf(() => moves({ clipNorm: 1 }, 1e200));
    expect(error).to.be.instanceOf(DivergedError);
    expect(error.message).to.match(
      /^training stopped at step 1: clipGradNorm: the length of the gradient is Infinity; /,
    );
  });
});
