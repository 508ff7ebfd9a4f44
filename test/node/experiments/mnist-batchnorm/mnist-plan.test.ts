import { expect } from 'chai';
import {
  EPOCHS,
  MNIST_SETTINGS,
  mnistConfig,
  mnistRuns,
  nearestEpoch,
} from '../../../../src/node/experiments/mnist-batchnorm/mnist-batchnorm.js';

describe('the runs of mnist-batchnorm', () => {
  it('are the course’s net and recipe, with a look after every epoch', () => {
    const config = mnistConfig({ norm: 'batch', batchSize: 64 }, 7);
    expect(config).to.include({ dataset: 'mnist', pixels: 'symmetric', activation: 'relu', optimizer: 'sgd', seed: 7 });
    expect(config).to.include({ learningRate: 0.01, momentum: 0.9, norm: 'batch', normPosition: 'before-activation' });
    expect([config.hidden, config.evalEvery, config.maxSteps]).to.deep.equal([[128, 64], 938, EPOCHS * 938]);
  });

  it('have names of their own, with every seed', () => {
    const runs = mnistRuns([42, 0], (config) => config);
    expect(runs.length).to.equal(2 * MNIST_SETTINGS.length);
    expect(new Set(runs.map(({ name }) => name)).size).to.equal(runs.length);
    expect(runs[0].name).to.equal('plain-64-seed42');
  });
});

describe('nearestEpoch', () => {
  const losses = [0.4, 0.2, 0.1, 0.05, 0.025, 0.0125];

  it('is 1 where the losses are those of a fresh net, later where they are those of a trained one', () => {
    expect(nearestEpoch(losses, [0.39, 0.21, 0.11])).to.equal(1);
    expect(nearestEpoch(losses, [0.11, 0.048, 0.026])).to.equal(3);
    expect(nearestEpoch(losses, [0.01, 0.005, 0.001])).to.equal(4); // the last five there are
  });
});
