import { expect } from 'chai';
import {
  Adam,
  array,
  astype,
  cosineSchedule,
  type Optimizer,
  oneHot,
  Parameter,
  SGD,
  smoothLabels,
  stepSchedule,
  WeightAverage,
  withWarmUp,
} from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const parameters = () => [new Parameter('x', array([1]))];
const sgd = (options: object) => new SGD(parameters(), { learningRate: 0.1, ...options });
const adam = (options: object) => new Adam(parameters(), { learningRate: 0.1, ...options });

/** Each option with values at the ends of its range, and values outside. */
const RANGES: readonly [name: string, make: (value: number) => unknown, valid: number[], invalid: number[]][] = [
  ['learningRate of SGD', (learningRate) => sgd({ learningRate }), [1e-9, 1e9], [0, -1, Infinity, Number.NaN]],
  ['momentum of SGD', (momentum) => sgd({ momentum }), [0, 0.999], [-0.1, 1, Number.NaN]],
  ['weightDecay of SGD', (weightDecay) => sgd({ weightDecay }), [0, 10], [-0.1, Infinity, Number.NaN]],
  ['beta1 of Adam', (beta1) => adam({ beta1 }), [0, 0.999], [-0.1, 1, Number.NaN]],
  ['beta2 of Adam', (beta2) => adam({ beta2 }), [0, 0.9999], [-0.1, 1, Number.NaN]],
  ['eps of Adam', (eps) => adam({ eps }), [1e-12, 1], [0, -1, Infinity, Number.NaN]],
  ['weightDecay of Adam', (weightDecay) => adam({ weightDecay }), [0, 10], [-0.1, Infinity, Number.NaN]],
  ['decay of WeightAverage', (decay) => new WeightAverage(sgd({}), { decay }), [0, 0.9999], [-0.1, 1, Number.NaN]],
  ['factor of stepSchedule', (factor) => stepSchedule(10, factor), [1e-9, 1], [0, -1, 1.1, Number.NaN]],
  ['last of cosineSchedule', (last) => cosineSchedule(10, last), [0, 1], [-0.1, 1.1, Number.NaN]],
  ['steps of withWarmUp', (steps) => withWarmUp(steps, cosineSchedule(10)), [0, 1], [-1, 0.5, Number.NaN]],
  ['smoothing of smoothLabels', (share) => smoothLabels(oneHot([0], 2), share), [0, 0.999], [-0.1, 1, Number.NaN]],
  ['steps of a state', (steps) => sgd({}).loadStateDict({ steps, arrays: {} }), [0, 3], [-1, 0.5, Number.NaN]],
];

describe('the range of an option', () => {
  for (const [name, make, valid, invalid] of RANGES) {
    it(`${name} includes ${valid.join(' and ')}, and excludes ${invalid.join(', ')}`, () => {
      for (const value of valid) expect(() => make(value), String(value)).not.to.throw();
      for (const value of invalid) expect(() => make(value), String(value)).to.throw(RangeError);
    });
  }
});

describe('withWarmUp', () => {
  it('ends at the first factor of the other schedule, also if that is not 1', () => {
    const schedule = withWarmUp(3, (step) => 0.5 / (step + 1));
    expect([0, 1, 2, 3, 4].map(schedule)).to.deep.equal([0.125, 0.25, 0.375, 0.5, 0.25]);
  });
});

describe('the fused update of an engine', () => {
  // 100 elements in float32 go to the engine; in float64 the equations of the class are computed.
  for (const [name, make] of [
    ['SGD', (x) => new SGD([x], { learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.3 })],
    ['Adam', (x) => new Adam([x], { learningRate: 0.1, beta1: 0.7, beta2: 0.8, eps: 0.01, weightDecay: 0.3 })],
  ] as [string, (x: Parameter) => Optimizer][]) {
    it(`of ${name} equals its equations`, () => {
      const run = (dtype: 'float32' | 'float64') => {
        const x = new Parameter('x', astype(normal([100], 1, 'float32'), dtype));
        const optimizer = make(x);
        for (let step = 0; step < 3; step++) {
          x.grad.data.set(normal([100], 2 + step, 'float32').data);
          optimizer.step();
        }
        return x.value;
      };
      expectClose(run('float32'), run('float64'), 1e-5);
    });
  }
});
