import { expect } from 'chai';
import {
  checkLayer,
  checkLoss,
  Dropout,
  ELU,
  GELU,
  Linear,
  oneHot,
  Random,
  ReLU,
  Residual,
  Softmax,
  Tanh,
} from '../../src/index.js';
import { normal } from '../support/arrays.js';
import { RIGHT_CONVOLUTIONS } from './conv-mutants.js';
import { WRONG_LAYERS, WRONG_LOSSES } from './mutants.js';
import { RIGHT_NORMS } from './norm-mutants.js';

describe('checkLayer catches a wrong backward, at every one of ten seeds', () => {
  for (const [name, { make, shape }] of Object.entries(WRONG_LAYERS)) {
    it(name, () => {
      for (let seed = 0; seed < 10; seed++) {
        const rng = new Random(`${name} ${seed}`);
        const draws = new Random(seed);
        const report = checkLayer(make(rng, draws), normal(shape, seed), { rng, replay: draws, name });
        expect(report.passed, `${name} at seed ${seed}:\n${report}`).to.equal(false);
      }
    });
  }

  it('and passes the right ones with the same inputs', () => {
    for (let seed = 0; seed < 10; seed++) {
      const [rng, draws] = [new Random(seed), new Random(`draws ${seed}`)];
      for (const layer of [
        new Linear(4, 4, { init: 'normal:1', rng, dtype: 'float64' }),
        new ELU({ alpha: 0.7 }),
        new GELU(),
        new ReLU(),
        new Residual(new Tanh()),
        new Tanh(),
        new Softmax(),
        new Dropout(0.4, { rng: draws }),
      ]) {
        expect(checkLayer(layer, normal([3, 4], seed), { rng, replay: draws }).passed).to.equal(true);
      }
      for (const { make, shape } of [...RIGHT_NORMS, ...RIGHT_CONVOLUTIONS]) {
        const report = checkLayer(make(rng, rng), normal(shape, seed), { rng });
        expect(report.passed, String(report)).to.equal(true);
      }
    }
  });
});

describe('checkLoss catches a wrong backward, at every one of ten seeds', () => {
  for (const [name, make] of Object.entries(WRONG_LOSSES)) {
    it(name, () => {
      for (let seed = 0; seed < 10; seed++) {
        const logits = normal([3, 4], seed);
        const x = name.startsWith('Softmax') ? logits : new Softmax().forward(logits);
        const report = checkLoss(make(), x, oneHot([seed % 4, 2, 0], 4, 'float64'), { name });
        expect(report.passed, `${name} at seed ${seed}:\n${report}`).to.equal(false);
      }
    });
  }
});
