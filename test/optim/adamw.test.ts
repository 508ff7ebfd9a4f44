import { expect } from 'chai';
import { Adam, AdamW, array, assign, Parameter } from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

function parameterOf(values: number[], gradients: number[]): Parameter {
  const parameter = new Parameter('weight', array(values, 'float64'));
  assign(parameter.grad, array(gradients, 'float64'));
  return parameter;
}

describe('AdamW', () => {
  it('shrinks weights by ηλ per step for all gradients; Adam does not', () => {
    const p = parameterOf([8, 8], [0, 1000]);
    const plain = parameterOf([8, 8], [0, 1000]);
    const options = { learningRate: 0.1, weightDecay: 0.5 };
    new AdamW([p], options).step();
    new Adam([plain], { learningRate: 0.1 }).step();
    expectClose(p.value, [8 * 0.95, 8 * 0.95 - 0.1], 1e-10);
    expectClose(plain.value, [8, 8 - 0.1], 1e-10);
    const inGradient = parameterOf([8, 8], [0, 1000]);
    new Adam([inGradient], options).step();
    expectClose(inGradient.value, [8 - 0.1, 8 - 0.1], 1e-8);
  });

  it('is Adam if weightDecay is 0, and decays by 0.01 by default', () => {
    const [a, b, c] = [1, 2, 3].map(() => parameterOf([2, -3], [0.5, 4]));
    new Adam([a], { learningRate: 0.1 }).step();
    new AdamW([b], { learningRate: 0.1, weightDecay: 0 }).step();
    new AdamW([c], { learningRate: 0.1 }).step();
    expectClose(b.value, a.value, 0);
    expectClose(c.value, [a.value.get(0) - 0.1 * 0.01 * 2, a.value.get(1) + 0.1 * 0.01 * 3], 1e-15);
  });

  it('decays with the learning rate of the step', () => {
    const p = parameterOf([1], [0]);
    const adam = new AdamW([p], { learningRate: 1, weightDecay: 0.5 });
    adam.learningRate = 0.2;
    adam.step();
    expectClose(p.value, [0.9], 1e-15);
  });

  it('names itself in errors', () => {
    expect(() => new AdamW([], { learningRate: 0 })).to.throw('AdamW: expected learningRate to be a number above 0');
    const adam = new AdamW([new Parameter('weight', normal([2], 1))], { learningRate: 1 });
    expect(() => adam.loadStateDict({ steps: 1, arrays: {} })).to.throw('do not fit this AdamW');
  });
});
