import { expect } from 'chai';
import {
  AvgPool2d,
  array,
  arraySource,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  CrossEntropy,
  checkLayer,
  checkLoss,
  Dropout,
  ELU,
  GroupNorm,
  InstanceNorm,
  LayerNorm,
  Linear,
  MaxPool2d,
  MLP,
  oneHot,
  Random,
  SGD,
  Trainer,
} from '../../src/index.js';

const typo = { epsilon: 1e-3 } as object;
const rng = new Random(1);
const source = arraySource(array([[1], [2]]), oneHot([0, 1], 2));

function trainer(change: object): Trainer {
  const model = new MLP({ inputs: 1, hidden: [], classes: 2 });
  const parts = { model, loss: model.loss(), optimizer: new SGD(model.parameters(), { learningRate: 1 }), rng };
  return new Trainer({ ...parts, train: source, test: source, batchSize: 2, maxSteps: 1, evalEvery: 1, ...change });
}

/** Everything that takes options by name. */
const CALLS: Record<string, () => unknown> = {
  Linear: () => new Linear(2, 3, typo),
  ELU: () => new ELU(typo),
  LayerNorm: () => new LayerNorm(3, typo),
  BatchNorm1d: () => new BatchNorm1d(3, typo),
  BatchNorm2d: () => new BatchNorm2d(3, typo),
  Conv2d: () => new Conv2d(2, 3, 3, typo),
  MaxPool2d: () => new MaxPool2d(2, typo),
  AvgPool2d: () => new AvgPool2d(2, typo),
  GroupNorm: () => new GroupNorm(1, 3, typo),
  InstanceNorm: () => new InstanceNorm(3, typo),
  Dropout: () => new Dropout(0.5, { rng, ...typo }),
  MLP: () => new MLP({ inputs: 1, hidden: [], classes: 2, ...typo }),
  SGD: () => new SGD([], { learningRate: 1, ...typo }),
  Trainer: () => trainer(typo),
  'Random.normal': () => rng.normal([2], typo),
  'Random.uniform': () => rng.uniform([2], typo),
  'Random.bernoulli': () => rng.bernoulli([2], { p: 0.5, ...typo }),
  checkLayer: () => checkLayer(new ELU(), array([[1]], 'float64'), typo),
  checkLoss: () => checkLoss(new CrossEntropy(), array([[1]], 'float64'), array([[1]], 'float64'), typo),
};

describe('a misspelled option', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(`of ${name} is an error that names it`, () => {
      expect(call).to.throw(RangeError, `${name}: there is no option 'epsilon'`);
    });
  }
});

describe('a missing option', () => {
  for (const name of ['model', 'loss', 'optimizer', 'train', 'test', 'batchSize', 'maxSteps', 'evalEvery', 'rng']) {
    it(`${name} of Trainer is an error that names it`, () => {
      expect(() => trainer({ [name]: undefined })).to.throw(TypeError, `Trainer: the option ${name} is missing`);
    });
  }
});
