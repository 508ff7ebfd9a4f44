import { join } from 'node:path';
import { expect } from 'chai';
import { modelNamed } from '../../../../src/models/model-table.js';
import {
  MNIST_EPOCHS,
  MNIST_SETTINGS,
  mnistConfig,
  mnistJobs,
  nearestEpoch,
} from '../../../../src/node/experiments/mnist-batchnorm/mnist-plan.js';

describe('the jobs of mnist-batchnorm', () => {
  it('are the course’s net and recipe, with an evaluation after every epoch', () => {
    const config = mnistConfig({ norm: 'batch', batchSize: 64 }, 7);
    expect(config).to.include({ dataset: 'mnist', pixels: 'symmetric', optimizer: 'sgd', seed: 7 });
    expect(config).to.include({ learningRate: 0.01, momentum: 0.9 });
    expect(config.model).to.include({ activation: 'relu', norm: 'batch', normPosition: 'before-activation' });
    expect([modelNamed('mlp', config).hidden, config.evalEvery, config.maxSteps]).to.deep.equal([
      [128, 64],
      938,
      MNIST_EPOCHS * 938,
    ]);
  });

  it('have distinct names, one for every seed', () => {
    const runs = mnistJobs([42, 0], false);
    expect(runs.length).to.equal(2 * (MNIST_SETTINGS.length + 1)); // one setting has a run before it
    expect(new Set(runs.map(({ name }) => name)).size).to.equal(runs.length);
    expect(runs[0].name).to.equal('plain-64-seed42');
  });

  it('go on with the weights of a run that comes first', () => {
    const runs = mnistJobs([42], false);
    const run = runs.find(({ name }) => name === 'batchnorm-64-then-32-seed42');
    const before = runs.find(({ name }) => name === run?.after);
    expect([before?.config.batchSize, before?.config.maxSteps]).to.deep.equal([64, 5 * 938]);
    expect([run?.config.batchSize, run?.config.maxSteps]).to.deep.equal([32, 5 * 1875]);
    const args = run?.command({ out: 'here', experiment: '', flags: [], resume: false }) ?? [];
    expect(args[args.indexOf('--weights') + 1]).to.equal(
      join('here', 'batchnorm-64-then-32-before-seed42', 'model.npz'),
    );
  });
});

describe('nearestEpoch', () => {
  const losses = [0.4, 0.2, 0.1, 0.05, 0.025, 0.0125];

  it('is 1 if the losses are those of a newly initialized net, and higher if they are those of a trained one', () => {
    expect(nearestEpoch(losses, [0.39, 0.21, 0.11])).to.equal(1);
    expect(nearestEpoch(losses, [0.11, 0.048, 0.026])).to.equal(3);
    expect(nearestEpoch(losses, [0.01, 0.005, 0.001])).to.equal(4); // the last ones there are
  });
});
