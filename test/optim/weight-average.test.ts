import { expect } from 'chai';
import { Adam, array, assign, Parameter, SGD, WeightAverage } from '../../src/index.js';
import { expectClose } from '../support/arrays.js';

/** A parameter whose gradient of −1 makes every step of SGD at learning rate 1 add 1. */
function counting(start: number): Parameter {
  const parameter = new Parameter('weight', array([start], 'float64'));
  assign(parameter.grad, -1);
  return parameter;
}

function stepped(optimizer: WeightAverage, steps: number): void {
  for (let step = 0; step < steps; step++) optimizer.step();
}

describe('WeightAverage', () => {
  it('updates the average at every tenth step, with the decay of ten steps and the bound of the first steps', () => {
    const p = counting(0);
    const optimizer = new WeightAverage(new SGD([p], { learningRate: 1 }), { decay: 0.9 });
    stepped(optimizer, 39);
    expectClose(p.value, [39], 0);
    optimizer.exchange();
    // min(0.9, 11/20)^10, min(0.9, 21/30)^10, min(0.9, 31/40)^10 are what 10, 20 and 30 steps keep.
    const keeps = [0.55, 0.7, 0.775].map((decay) => decay ** 10);
    const expected = keeps.reduce((mean, keep, i) => keep * mean + (1 - keep) * 10 * (i + 1), 0);
    expectClose(p.value, [expected], 1e-14);
  });

  it('keeps the given fraction after many steps', () => {
    const p = counting(0);
    const optimizer = new WeightAverage(new SGD([p], { learningRate: 1 }), { decay: 0.5 });
    stepped(optimizer, 10_000);
    optimizer.exchange();
    const keep = 0.5 ** 10; // the mean lags by 10 · keep / (1 − keep) steps
    expectClose(p.value, [10_000 - (10 * keep) / (1 - keep)], 1e-12);
  });

  it('exchanges weights and average, and reverses it to the bit', () => {
    const p = counting(1 / 3);
    const optimizer = new WeightAverage(new SGD([p], { learningRate: 0.1 }), { decay: 0.9 });
    stepped(optimizer, 25);
    const before = p.value.get(0);
    optimizer.exchange();
    expect(p.value.get(0)).to.not.equal(before);
    optimizer.exchange();
    expect(p.value.get(0)).to.equal(before);
  });

  it('does not change the training, also if its learning rate changes', () => {
    const [plain, averaged] = [counting(2), counting(2)];
    const adam = new Adam([plain], { learningRate: 0.1 });
    const optimizer = new WeightAverage(new Adam([averaged], { learningRate: 0.1 }), { decay: 0.99 });
    for (let step = 0; step < 12; step++) {
      adam.learningRate = optimizer.learningRate = 0.1 / (step + 1);
      adam.step();
      optimizer.step();
    }
    expect(averaged.value.get(0)).to.equal(plain.value.get(0));
  });

  it('continues from a stateDict with the average and the state of the inner optimizer', () => {
    const make = (p: Parameter) => new WeightAverage(new Adam([p], { learningRate: 0.1 }), { decay: 0.9 });
    const [p, q] = [counting(2), counting(7)];
    const [whole, second] = [make(p), make(q)];
    stepped(whole, 15);
    assign(q.value, p.value);
    second.loadStateDict(whole.stateDict());
    for (const optimizer of [whole, second]) {
      stepped(optimizer, 15);
      optimizer.exchange();
    }
    expect(q.value.get(0)).to.equal(p.value.get(0));
    expect(() => second.loadStateDict(new Adam([p], { learningRate: 1 }).stateDict())).to.throw('WeightAverage');
  });

  it('expects a decay from 0 to below 1', () => {
    const inner = new SGD([counting(0)], { learningRate: 1 });
    for (const decay of [-0.1, 1, Number.NaN]) {
      expect(() => new WeightAverage(inner, { decay })).to.throw('WeightAverage: expected decay to be a number from 0');
    }
  });
});
