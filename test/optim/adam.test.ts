import { expect } from 'chai';
import { Adam, type AdamOptions, array, assign, copy, type Dtype, Parameter, toNested } from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';

function parameterOf(values: number[], gradients: number[], dtype: Dtype = 'float64'): Parameter {
  const parameter = new Parameter('weight', array(values, dtype));
  assign(parameter.grad, array(gradients, dtype));
  return parameter;
}

describe('Adam', () => {
  it('makes a first step of the length of the learning rate for large and small gradients', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const p = parameterOf([1, 1, 1], [1e3, -1e-3, 0], dtype);
      new Adam([p], { learningRate: 0.5, beta1: 0.7, beta2: 0.9 }).step();
      expectClose(p.value, [0.5, 1.5, 1], dtype === 'float32' ? 1e-5 : 1e-4);
    }
  });

  it('divides by 1 − βᵗ: while gradients are constant, no step is longer or shorter than the first', () => {
    const p = parameterOf([0], [3]);
    const adam = new Adam([p], { learningRate: 1, beta1: 0.9, beta2: 0.999, eps: 1e-12 });
    for (let step = 1; step <= 30; step++) {
      adam.step();
      expectClose(p.value, [-step], 1e-11);
    }
  });

  it('computes two steps worked by hand', () => {
    const p = parameterOf([1], [2]);
    const adam = new Adam([p], { learningRate: 0.1, beta1: 0.5, beta2: 0.75, eps: 1, weightDecay: 0.5 });
    adam.step(); // g = 2.5, m = 1.25, v = 6.25/4; corrected 2.5 and 6.25
    const first = 1 - (0.1 * 2.5) / (2.5 + 1);
    expectClose(p.value, [first], 1e-15);
    assign(p.grad, array([-1], 'float64'));
    adam.step();
    const g = -1 + 0.5 * first;
    const m = (0.5 * 1.25 + 0.5 * g) / (1 - 0.5 ** 2);
    const v = (0.75 * (6.25 / 4) + 0.25 * g * g) / (1 - 0.75 ** 2);
    expectClose(p.value, [first - (0.1 * m) / (Math.sqrt(v) + 1)], 1e-15);
  });

  it('follows a learning rate that changes between steps', () => {
    const p = parameterOf([0], [1]);
    const adam = new Adam([p], { learningRate: 1, eps: 1e-12 });
    adam.step();
    adam.learningRate = 0.25;
    adam.step();
    expectClose(p.value, [-1.25], 1e-11);
  });

  it('updates a view as it updates a copy', () => {
    const whole = new Parameter('weight', normal([3, 5], 1));
    const view = new Parameter('weight', scattered(normal([3, 5], 1)));
    const adam = new Adam([whole, view], { learningRate: 0.1 });
    for (let step = 0; step < 3; step++) {
      for (const { grad } of [whole, view]) assign(grad, normal([3, 5], `gradient ${step}`));
      adam.step();
    }
    expect(toNested(view.value)).to.deep.equal(toNested(whole.value));
  });

  it('does not change the gradients', () => {
    const p = parameterOf([1, 2], [3, 4]);
    new Adam([p], { learningRate: 0.1, weightDecay: 0.1 }).step();
    expect(toNested(p.grad)).to.deep.equal([3, 4]);
  });

  it('continues from its stateDict to the last bit', () => {
    const options: AdamOptions = { learningRate: 0.1, beta1: 0.8, weightDecay: 0.01 };
    const run = (adam: Adam, p: Parameter, from: number, to: number) => {
      for (let step = from; step < to; step++) {
        assign(p.grad, normal([2, 3], `gradient ${step}`, 'float32'));
        adam.step();
      }
    };
    const p = new Parameter('weight', normal([2, 3], 1, 'float32'));
    const adam = new Adam([p], options);
    run(adam, p, 0, 4);
    const [state, resumed] = [adam.stateDict(), new Parameter('weight', copy(p.value))];
    run(adam, p, 4, 10); // the state is a copy, which this does not reach
    expect(state.steps).to.equal(4);
    expect(Object.keys(state.arrays)).to.deep.equal(['firstMoment.0.weight', 'secondMoment.0.weight']);
    const again = new Adam([resumed], options);
    again.loadStateDict(state);
    run(again, resumed, 4, 10);
    expect(toNested(resumed.value)).to.deep.equal(toNested(p.value));
    expect(again.stateDict()).to.deep.equal(adam.stateDict());
  });

  it('refuses the state of another optimizer, and keeps its own', () => {
    const adam = new Adam([parameterOf([1], [1])], { learningRate: 0.1 });
    adam.step();
    const state = adam.stateDict();
    expect(() => adam.loadStateDict({ steps: 1.5, arrays: state.arrays })).to.throw(
      'loadStateDict: expected a whole number of steps from 0 up, got 1.5',
    );
    expect(() => adam.loadStateDict({ steps: 7, arrays: {} })).to.throw(
      'loadStateDict: the names do not fit this Adam: missing firstMoment.0.weight, secondMoment.0.weight',
    );
    const wrong = { ...state.arrays, 'secondMoment.0.weight': array([1, 2], 'float64') };
    expect(() => adam.loadStateDict({ steps: 7, arrays: wrong })).to.throw(
      'expected secondMoment.0.weight of shape (1,), got (2,)',
    );
    expect(adam.stateDict()).to.deep.equal(state);
  });

  it('refuses unknown and invalid options', () => {
    const make = (options: object) => () => new Adam([], { learningRate: 1, ...options });
    expect(make({ momentum: 0.9 })).to.throw("Adam: there is no option 'momentum' in this version");
    expect(make({ beta1: 1 })).to.throw('Adam: expected beta1 to be from 0 to below 1, got 1');
    expect(make({ beta2: -0.1 })).to.throw('Adam: expected beta2 to be from 0 to below 1, got -0.1');
    expect(make({ eps: 0 })).to.throw('Adam: expected eps to be a number above 0, got 0');
    expect(make({ weightDecay: Number.NaN })).to.throw('Adam: expected weightDecay to be a number from 0 up, got NaN');
    expect(make({ learningRate: -1 })).to.throw('Adam: expected learningRate to be a number above 0, got -1');
  });
});
