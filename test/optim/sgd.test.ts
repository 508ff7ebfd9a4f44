import { expect } from 'chai';
import { array, assign, ELU, Parameter, SGD, toNested } from '../../src/index.js';

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

  it('refuses options that it does not have, instead of ignoring them', () => {
    const options = { learningRate: 1, momentum: 0.9 };
    expect(() => new SGD([], options)).to.throw("SGD: there is no option 'momentum' in this version");
    expect(() => new SGD(new ELU() as never, { learningRate: 1 })).to.throw('SGD: expected a list of parameters');
  });

  it('refuses a learning rate that is not positive', () => {
    expect(() => new SGD([], { learningRate: 0 })).to.throw('SGD: expected learningRate to be a number above 0, got 0');
    expect(() => new SGD([], { learningRate: Number.NaN })).to.throw('SGD');
  });
});
