import { expect } from 'chai';
import { array, assign, ELU, Parameter, SGD, toNested } from '../../src/index.js';
import { expectClose } from '../support/arrays.js';

describe('SGD', () => {
  const parameter = () => {
    const p = new Parameter('weight', array([1, 2], 'float64'));
    assign(p.grad, array([10, -20], 'float64'));
    return p;
  };

  it('makes steps down the gradient, also with a changing learning rate', () => {
    const p = parameter();
    const optimizer = new SGD([p], { learningRate: 0.1 });
    optimizer.step();
    expect(toNested(p.value)).to.deep.equal([0, 4]);
    optimizer.learningRate = 0.5;
    optimizer.step();
    expect(toNested(p.value)).to.deep.equal([-5, 14]);
  });

  it('zeroGrad sets the gradients to 0 and does not change the values', () => {
    const p = parameter();
    new SGD([p], { learningRate: 0.1 }).zeroGrad();
    expect(toNested(p.grad)).to.deep.equal([0, 0]);
    expect(toNested(p.value)).to.deep.equal([1, 2]);
  });

  it('computes three steps with momentum worked by hand', () => {
    const p = parameter();
    const optimizer = new SGD([p], { learningRate: 0.1, momentum: 0.5 });
    for (const expected of [
      [0, 4], // b = 10, −20
      [-1.5, 7], // b = 15, −30
      [-3.25, 10.5], // b = 17.5, −35
    ]) {
      optimizer.step();
      expectClose(p.value, expected, 1e-15);
    }
  });

  it('with nesterov makes a step of the gradient plus one more velocity', () => {
    const p = parameter();
    const optimizer = new SGD([p], { learningRate: 0.1, momentum: 0.5, nesterov: true });
    for (const expected of [
      [-0.5, 5], // b = 10, −20
      [-2.25, 8.5], // b = 15, −30
    ]) {
      optimizer.step();
      expectClose(p.value, expected, 1e-15);
    }
  });

  it('pulls toward 0 with weightDecay if the gradient is 0', () => {
    const p = parameter();
    const optimizer = new SGD([p], { learningRate: 0.5, weightDecay: 0.1 });
    optimizer.zeroGrad();
    optimizer.step();
    expectClose(p.value, [0.95, 1.9], 1e-15);
  });

  it('continues from its stateDict', () => {
    const options = { learningRate: 0.1, momentum: 0.5, nesterov: true, weightDecay: 0.01 };
    const p = parameter();
    const optimizer = new SGD([p], options);
    optimizer.step();
    const [state, resumed] = [optimizer.stateDict(), parameter()];
    expect(Object.keys(state.arrays)).to.deep.equal(['velocity.0.weight']);
    assign(resumed.value, p.value);
    const again = new SGD([resumed], options);
    again.loadStateDict(state);
    for (const each of [optimizer, again]) each.step();
    expect(toNested(resumed.value)).to.deep.equal(toNested(p.value));
    expect(again.stateDict()).to.deep.equal(optimizer.stateDict());
  });

  it('refuses the state of another optimizer', () => {
    const momentum = new SGD([parameter()], { learningRate: 1, momentum: 0.9 });
    const plain = new SGD([parameter()], { learningRate: 1 });
    expect(plain.stateDict()).to.deep.equal({ steps: 0, arrays: {} });
    expect(() => plain.loadStateDict(momentum.stateDict())).to.throw('do not fit this SGD: unknown velocity.0.weight');
    expect(() => momentum.loadStateDict(plain.stateDict())).to.throw('do not fit this SGD: missing velocity.0.weight');
  });

  it('refuses unknown and invalid options', () => {
    const make = (options: object) => () => new SGD([], { learningRate: 1, ...options });
    expect(make({ beta1: 0.9 })).to.throw("SGD: there is no option 'beta1' in this version");
    expect(make({ momentum: 1 })).to.throw('SGD: expected momentum to be from 0 to below 1, got 1');
    expect(make({ weightDecay: -1 })).to.throw('SGD: expected weightDecay to be a number from 0 up, got -1');
    expect(make({ nesterov: true })).to.throw('SGD: nesterov needs a momentum above 0');
    expect(() => new SGD(new ELU() as never, { learningRate: 1 })).to.throw('SGD: expected a list of parameters');
  });

  it('refuses a learning rate that is not positive', () => {
    expect(() => new SGD([], { learningRate: 0 })).to.throw('SGD: expected learningRate to be a number above 0, got 0');
    expect(() => new SGD([], { learningRate: Number.NaN })).to.throw('SGD');
  });
});
