import { expect } from 'chai';
import {
  array,
  assign,
  BatchNorm1d,
  encodeNpz,
  Linear,
  MLP,
  MSELoss,
  type NdArray,
  NonFiniteError,
  oneHot,
  Random,
  SGD,
  toNested,
} from '../../src/index.js';
import {
  arraySource,
  type BatchSource,
  centered,
  DivergedError,
  evaluate,
  flattened,
  Trainer,
  type TrainerOptions,
} from '../../src/node.js';
import { bestEntry } from '../../src/training/history.js';
import { normal } from '../support/arrays.js';
import { realCifar10 } from '../support/cifar10.js';
import { errorOf } from '../support/temporary.js';

/** Two clouds of points, one a class. */
function clouds(count: number, seed: number): BatchSource {
  const x = normal([count, 4], seed, 'float32');
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  labels.forEach((label, i) => {
    x.set(i, 0, x.get(i, 0) + 4 * label);
  });
  return arraySource(x, oneHot(labels, 2));
}

function setup(options: Partial<TrainerOptions> = {}, learningRate = 0.1): { trainer: Trainer; model: MLP } {
  const model = new MLP({ inputs: 4, hidden: [6], classes: 2, init: 'normal:0.3', rng: new Random(1) });
  const trainer = new Trainer({
    model,
    loss: model.loss(),
    optimizer: new SGD(model.parameters(), { learningRate }),
    train: clouds(50, 1),
    test: clouds(30, 2),
    batchSize: 8,
    maxSteps: 40,
    evalEvery: 15,
    rng: new Random(2),
    ...options,
  });
  return { trainer, model };
}

describe('Trainer of a regression', () => {
  /** Points on a plane, y = 2 x₀ − x₁ + 3, without noise. */
  function plane(count: number, seed: number): BatchSource {
    const x = normal([count, 2], seed, 'float32');
    const y = Array.from({ length: count }, (_, i) => 2 * x.get(i, 0) - x.get(i, 1) + 3);
    return arraySource(x, array(y, [count, 1]));
  }

  it('reports loss and R² instead of an accuracy, in steps, in history, in the evaluation and over a restored state', async () => {
    const steps: object[] = [];
    const make = () => {
      const model = new Linear(2, 1, { init: 'zeros', rng: new Random(1) });
      return new Trainer({
        ...{ model, loss: new MSELoss(), optimizer: new SGD(model.parameters(), { learningRate: 0.1 }) },
        ...{ train: plane(50, 1), test: plane(30, 2), batchSize: 8, maxSteps: 100, evalEvery: 50, rng: new Random(2) },
        onStep: (step) => steps.push(step),
      });
    };
    const trainer = make();
    const { evaluations } = await trainer.fit();
    expect(Object.keys(steps[0])).to.deep.equal(['step', 'samples', 'loss']);
    expect(Object.keys(evaluations[0])).to.deep.equal(['step', 'epoch', 'trainLoss', 'testLoss', 'testR2']);
    expect(evaluations[1].testR2).to.be.closeTo(1, 1e-3);
    expect(Object.keys(trainer.evaluation ?? {})).to.deep.equal(['loss', 'r2', 'columns']);
    const other = make();
    other.restore(JSON.parse(JSON.stringify(trainer.state())));
    expect(other.state()).to.deep.equal(trainer.state());
    expect(bestEntry(trainer.history)).to.equal(evaluations[1]);
  });

  it('warns about a net that predicts the mean and nothing else', async () => {
    const warnings: string[] = [];
    const model = new Linear(2, 1, { init: 'zeros', rng: new Random(1) });
    const noise = arraySource(normal([400, 2], 1, 'float32'), normal([400, 1], 2, 'float32'));
    await new Trainer({
      ...{ model, loss: new MSELoss(), optimizer: new SGD(model.parameters(), { learningRate: 1e-9 }) },
      ...{ train: noise, test: noise, batchSize: 50, maxSteps: 60, evalEvery: 60, rng: new Random(2) },
      onWarning: (sentence) => warnings.push(sentence),
    }).fit();
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.match(/the loss is still [\d.]+ and R² -?0\.00\d\d, those of a guess/);
  });
});

describe('Trainer', () => {
  it('learns, and evaluates after every evalEvery steps and after the last', async () => {
    const steps: { loss: number }[] = [];
    const { trainer } = setup({ onStep: (step) => steps.push(step) });
    const { evaluations, stopped, firstLoss } = await trainer.fit();
    expect(evaluations.map(({ step, epoch }) => [step, epoch])).to.deep.equal([
      [15, 3],
      [30, 5],
      [40, 6],
    ]);
    expect(evaluations[2].testAccuracy).to.be.greaterThan(0.9);
    expect(evaluations[2].testLoss).to.be.lessThan(evaluations[0].testLoss);
    expect(stopped).to.equal(null);
    expect(firstLoss).to.equal(steps[0].loss);
  });

  it('records means over all samples between two evaluations, not single steps', async () => {
    const steps: { loss: number; accuracy: number; samples: number }[] = [];
    const { trainer } = setup({ onStep: (step) => steps.push(step) });
    const { evaluations } = await trainer.fit();
    const mean = (part: typeof steps, key: 'loss' | 'accuracy') =>
      part.reduce((total, step) => total + step[key] * step.samples, 0) /
      part.reduce((total, step) => total + step.samples, 0);
    expect(evaluations[1].trainLoss).to.be.closeTo(mean(steps.slice(15, 30), 'loss'), 1e-12);
    expect(evaluations[1].trainAccuracy).to.be.closeTo(mean(steps.slice(15, 30), 'accuracy'), 1e-12);
    expect(steps.some(({ samples }) => samples === 2)).to.equal(true);
  });

  it('evaluates in evaluation mode, returns to training mode, and updates running statistics only in training', async () => {
    const model = new MLP({ inputs: 4, hidden: [6], classes: 2, norm: 'batch', dropout: 0.5, init: 'kaiming' });
    const loss = model.loss();
    const test = clouds(30, 2);
    const { x, targets } = test.batch([...Array(30).keys()]);
    const running = () => JSON.stringify(Object.values(model.stateDict()).map(toNested));
    model.forward(clouds(50, 1).batch([...Array(50).keys()]).x);
    const before = running();
    const result = await evaluate(model, loss, test);
    expect(running()).to.equal(before);
    expect(toNested(model.forward(x)), 'two masks').not.to.deep.equal(toNested(model.forward(x)));
    expect(running(), 'training again').not.to.equal(before);
    expect(await evaluate(model, loss, test)).not.to.deep.equal(result);
    model.eval();
    expect((await evaluate(model, loss, test)).loss).to.equal(loss.forward(evaluated(model, x), targets));

    const modes: string[] = [];
    for (const mode of ['train', 'eval'] as const) {
      const change = model[mode].bind(model);
      model[mode] = () => {
        modes.push(mode);
        change();
      };
    }
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const { evaluations } = await setup({ model, loss, optimizer }).trainer.fit();
    expect(modes).to.deep.equal(['train', ...evaluations.flatMap(() => ['eval', 'train'])]);
    expect(evaluations.at(-1)?.testAccuracy).to.be.greaterThan(0.9);
  });

  it('returns to training mode after an evaluation that failed', async () => {
    const model = new MLP({ inputs: 4, hidden: [6], classes: 2, dropout: 0.5, init: 'kaiming' });
    const { x, targets } = clouds(3, 1).batch([0, 1, 2]);
    spoil(x);
    await errorOf(() => evaluate(model, model.loss(), arraySource(x, targets)));
    const good = clouds(3, 1).batch([0, 1, 2]).x;
    expect(toNested(model.forward(good))).not.to.deep.equal(toNested(model.forward(good)));
  });

  it('gives the same results twice, to the last bit', async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const { trainer, model } = setup();
        return { history: JSON.stringify(await trainer.fit()), model: encodeNpz(model.stateDict()) };
      }),
    );
    expect(runs[0].history).to.equal(runs[1].history);
    expect(runs[0].model).to.deep.equal(runs[1].model);
  });

  it('yields to other work between steps', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await setup({ maxSteps: 200 }).trainer.fit();
    clearInterval(timer);
    expect(turns).to.be.greaterThan(10);
  });

  it('does not evaluate twice when the signal stops it right after an evaluation', async () => {
    const controller = new AbortController();
    const { trainer } = setup({ signal: controller.signal, onStep: ({ step }) => step === 30 && controller.abort() });
    const { evaluations, stopped } = await trainer.fit();
    expect(evaluations.map(({ step }) => step)).to.deep.equal([15, 30]);
    expect(stopped).to.include({ reason: 'interrupted', step: 30 });
  });

  it('continues from its state, which survives JSON', async () => {
    let saved = { state: '', net: {} };
    const betweenSteps = async (step: number) => {
      if (step === 22) saved = { state: JSON.stringify(trainer.state()), net: model.stateDict() };
    };
    const { trainer, model } = setup({ betweenSteps });
    const history = await trainer.fit();
    const second = setup();
    second.model.loadStateDict(saved.net);
    second.trainer.restore(JSON.parse(saved.state));
    expect(JSON.stringify(second.trainer.state())).to.equal(saved.state);
    expect(JSON.parse(saved.state).history.evaluations).to.have.length(1);
    expect(await second.trainer.fit()).to.deep.equal(history);
  });

  it('evaluates once if it is stopped before any evaluation', async () => {
    const stop = new AbortController();
    const { trainer } = setup({ signal: stop.signal, onStep: () => stop.abort() });
    const { evaluations } = await trainer.fit();
    expect(evaluations.map(({ step }) => step)).to.deep.equal([1]);
  });

  it('reports the accuracy of a step, and throws errors of other kinds unchanged', async () => {
    const accuracies: number[] = [];
    const { trainer } = setup({ accumulate: 2, onStep: ({ accuracy }) => accuracies.push(accuracy) });
    await trainer.fit();
    expect(Math.min(...accuracies)).to.be.at.least(0);
    expect(accuracies.at(-1)).to.be.above(0.8);
    const failing = { count: 8, batch: () => expect.fail('no batch') };
    const { trainer: other } = setup({ train: failing });
    expect(await errorOf(() => other.fit())).to.have.property('message', 'no batch');
  });

  it('stops after the current step when the signal says so, with a last evaluation', async () => {
    const controller = new AbortController();
    const { trainer } = setup({ signal: controller.signal, onStep: ({ step }) => step === 20 && controller.abort() });
    const { evaluations, stopped } = await trainer.fit();
    expect(stopped).to.deep.equal({ reason: 'interrupted', step: 20, message: 'interrupted after step 20' });
    expect(evaluations.map(({ step }) => step)).to.deep.equal([15, 20]);
  });

  it('stops at once if the loss is not finite, and names the step and the layer where it began', async () => {
    const { trainer, model } = setup({ onStep: ({ step }) => step === 3 && spoil(model.parameters()[2].value) });
    const error = await errorOf(() => trainer.fit());
    expect(error).to.be.instanceOf(DivergedError).and.instanceOf(NonFiniteError);
    expect(error.message).to.match(/^training stopped at step 4: CrossEntropy\.forward: the loss is NaN/);
    expect(error.message).to.include('the first layer whose output is not finite is layers.2 (Linear)');
    expect(trainer.history.stopped).to.deep.include({ reason: 'diverged', step: 3 });
  });

  it('stops when a learning rate is far too large', async () => {
    const error = await errorOf(() => setup({}, 1e38).trainer.fit());
    expect(error).to.be.instanceOf(DivergedError);
    expect(error.message).to.match(
      /training stopped at step 2: .* is layers\.\d \(\w+\)\. A smaller learning rate may help$/,
    );
  });

  it('says if the batch or the test set is not finite', async () => {
    const x = normal([8, 4], 1, 'float32');
    x.set(3, 1, Number.NaN);
    const broken = arraySource(x, oneHot([0, 1, 0, 1, 0, 1, 0, 1], 2));
    expect((await errorOf(() => setup({ train: broken }).trainer.fit())).message)
      .to.include('step 1: ')
      .and.include('the batch itself is not finite');
    expect((await errorOf(() => setup({ test: broken }).trainer.fit())).message).to.include(
      'stopped at step 15: the loss on the test set is not finite; the batch itself is not finite',
    );
  });

  it('searches for the layer in the mode of the evaluation or the training step', async () => {
    const model = new MLP({ inputs: 4, hidden: [6], classes: 2, norm: 'batch', init: 'kaiming' });
    const [, norm] = model.layers;
    const onStep = () => norm instanceof BatchNorm1d && assign(norm.runningVar, Number.NaN);
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const { trainer } = setup({ model, loss: model.loss(), optimizer, onStep });
    expect((await errorOf(() => trainer.fit())).message).to.include(
      'the loss on the test set is not finite; the first layer whose output is not finite is layers.1 (BatchNorm1d)',
    );
  });

  it('refuses invalid counts', () => {
    expect(() => setup({ batchSize: 0 })).to.throw('Trainer: expected batchSize to be a whole number from 1 up, got 0');
    expect(() => setup({ maxSteps: 1.5 })).to.throw('maxSteps');
    expect(() => setup({ evalEvery: Number.NaN })).to.throw('evalEvery');
  });
});

describe('the default net on the real CIFAR-10', () => {
  it('starts with a loss within 0.01 of ln 10, and overfits 20 images to a loss below 0.01', async function () {
    const data = await realCifar10(this);
    const model = new MLP({ inputs: 3072, hidden: [100], classes: 10, rng: new Random(42) });
    const images = flattened(centered(data.train, data.train.meanImage()));
    const { x, targets } = images.batch(Array.from({ length: 20 }, (_, i) => i));
    const twenty = arraySource(x, targets);
    const trainer = new Trainer({
      model,
      loss: model.loss(),
      optimizer: new SGD(model.parameters(), { learningRate: 3e-3 }),
      train: twenty,
      test: twenty,
      batchSize: 20,
      maxSteps: 60,
      evalEvery: 60,
      rng: new Random(42),
    });
    const { firstLoss, evaluations } = await trainer.fit();
    expect(firstLoss).to.be.closeTo(Math.log(10), 0.01);
    expect(evaluations[0].testLoss).to.be.lessThan(0.01);
    expect(evaluations[0].testAccuracy).to.equal(1);
  });
});

function evaluated(model: MLP, x: NdArray): NdArray {
  model.eval();
  return model.forward(x);
}

function spoil(x: NdArray): void {
  x.set(0, 0, Number.NaN);
}
