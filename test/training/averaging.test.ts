import { expect } from 'chai';
import {
  BatchNorm1d,
  Dropout,
  Linear,
  MLP,
  mean,
  Random,
  Residual,
  Sequential,
  SGD,
  toNested,
  WeightAverage,
} from '../../src/index.js';
import { arraySource } from '../../src/node.js';
import { AveragedEvaluation, computeRunningStatistics } from '../../src/training/averaging.js';
import { expectClose, normal } from '../support/arrays.js';
import { normBesideLinear } from '../support/two-branches.js';

const dtype = 'float64';

/** Points of three coordinates; statistics are taken from them, 500 at a time. */
const points = normal([1500, 3], 1);
const images = arraySource(points, normal([1500, 2], 2));

describe('computeRunningStatistics', () => {
  it('sets running statistics to the means over the batches, with dropout off, and restores the momentum', async () => {
    const norm = new BatchNorm1d(3, { momentum: 0.3, dtype });
    await computeRunningStatistics(new Sequential(new Dropout(0.5, { rng: new Random(1) }), norm), images);
    const batches = [0, 500, 1000].map((start) => points.lo(start, 0).hi(500, 3));
    const mu = [0, 1, 2].map((d) => batches.reduce((total, batch) => total + mean(batch, { axis: 0 }).get(d) / 3, 0));
    const variance = [0, 1, 2].map((d) =>
      batches.reduce((total, batch) => {
        const center = mean(batch, { axis: 0 }).get(d);
        let squares = 0;
        for (let n = 0; n < 500; n++) squares += (batch.get(n, d) - center) ** 2;
        return total + squares / 499 / 3;
      }, 0),
    );
    expectClose(norm.runningMean, mu, 1e-12);
    expectClose(norm.runningVar, variance, 1e-12);
    expect(norm.momentum).to.equal(0.3);
  });

  it('finds the norms inside residual connections, and replaces their statistics', async () => {
    const rng = new Random(1);
    const [first, inner] = [new BatchNorm1d(3, { dtype }), new BatchNorm1d(3, { dtype })];
    const net = new Sequential(
      first,
      new Residual(new Sequential(new Linear(3, 3, { rng, dtype, init: 'kaiming' }), inner)),
    );
    for (let i = 0; i < 5; i++) net.forward(normal([20, 3], i));
    await computeRunningStatistics(net, images);
    const once = [first, inner].map(({ runningVar }) => runningVar.get(1));
    await computeRunningStatistics(net, images);
    const twice = [first, inner].map(({ runningVar }) => runningVar.get(1));
    twice.forEach((value, i) => {
      expect(value).to.be.closeTo(once[i], 1e-15);
    });
    expect(Math.abs(twice[1] - 1)).to.be.above(1e-3); // ones at first
  });

  it('finds the norms inside a container that only declares its children', async () => {
    const net = new Sequential(normBesideLinear(3));
    await computeRunningStatistics(net, images);
    const [, moved] = net.namedBuffers()[0];
    expect(net.namedBuffers()[0][0]).to.equal('layers.0.left.runningMean');
    expectClose(moved, toNested(mean(points, { axis: 0 })), 1e-12);
  });

  it('does not change a net without batch norms', async () => {
    const net = new MLP({ inputs: 3, hidden: [4], classes: 2, rng: new Random(1), dtype });
    const before = net.stateDict();
    await computeRunningStatistics(net, images);
    expect(net.stateDict()).to.deep.equal(before);
  });
});

describe('AveragedEvaluation', () => {
  function trained() {
    const model = new MLP({
      inputs: 3,
      hidden: [4],
      classes: 2,
      norm: 'batch',
      rng: new Random(3),
      init: 'kaiming',
      dtype,
    });
    const optimizer = new WeightAverage(new SGD(model.parameters(), { learningRate: 0.05 }), { decay: 0.9 });
    for (let step = 0; step < 30; step++) {
      optimizer.zeroGrad();
      const out = model.forward(normal([10, 3], step));
      model.backward(normal(out.shape, step + 100));
      optimizer.step();
    }
    return { model, optimizer, tests: new AveragedEvaluation(model, optimizer, images) };
  }

  it('evaluates the averaged weights with their own statistics, and restores the net to the bit', async () => {
    const { model, tests } = trained();
    const before = model.stateDict();
    const during = await tests.during(async () => model.stateDict());
    expect(model.stateDict()).to.deep.equal(before);
    for (const [name, array] of Object.entries(during)) {
      expect(toNested(array), name).to.not.deep.equal(toNested(before[name]));
    }
    expect(tests.evaluated).to.deep.equal(during);
  });

  it('restores the net if the evaluation throws, and returns nothing', async () => {
    const { model, tests } = trained();
    const before = model.stateDict();
    const failure = await tests
      .during(() => Promise.reject(new Error('no test')))
      .then(
        () => 'none',
        (error: Error) => error.message,
      );
    expect(failure).to.equal('no test');
    expect(model.stateDict()).to.deep.equal(before);
    expect(tests.evaluated).to.equal(undefined);
  });
});
