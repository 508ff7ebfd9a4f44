import { expect } from 'chai';
import { array, assign, Parameter, SGD, toNested } from '../../src/index.js';

describe('SGD', () => {
  const parameter = () => {
    const p = new Parameter('weight', array([1, 2], 'float64'));
    assign(p.grad, array([10, -20], 'float64'));
    return p;
  };

  it('steps down the gradient by the learning rate, which may change', () => {
    const p = parameter();
    const optimizer = new SGD([p], { learningRate: 0.1 });
    optimizer.step();
    expect(toNested(p.value)).to.deep.equal([0, 4]);
    optimizer.learningRate = 0.5;
    optimizer.step();
    expect(toNested(p.value)).to.deep.equal([-5, 14]);
  });

  it('zeroGrad forgets the gradients and leaves the values', () => {
    const p = parameter();
    new SGD([p], { learningRate: 0.1 }).zeroGrad();
    expect(toNested(p.grad)).to.deep.equal([0, 0]);
    expect(toNested(p.value)).to.deep.equal([1, 2]);
  });

  it('refuses a learning rate that is not positive', () => {
    expect(() => new SGD([], { learningRate: 0 })).to.throw('SGD: expected a positive learningRate, got 0');
    expect(() => new SGD([], { learningRate: Number.NaN })).to.throw('SGD');
  });
});
