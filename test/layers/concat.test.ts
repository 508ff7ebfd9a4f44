import { expect } from 'chai';
import { array, Concat, Conv2d, Linear, MaxPool2d, Tanh, toNested, zeros } from '../../src/index.js';

const dtype = 'float64';

describe('Concat', () => {
  it('keeps its input and adds the features of the inner layer behind it', () => {
    const inner = new Linear(2, 1, { dtype });
    inner.loadStateDict({ weight: array([[10, 100]], dtype), bias: array([0], dtype) });
    const layer = new Concat(inner);
    expect(toNested(layer.forward(array([[1, 2]], dtype)))).to.deep.equal([[1, 2, 210]]);
    expect(toNested(layer.backward(array([[3, 4, 5]], dtype)))).to.deep.equal([[53, 504]]);
    expect(layer.namedParameters().map(([path]) => path)).to.deep.equal(['inner.weight', 'inner.bias']);
  });

  it('joins the channels of images', () => {
    const layer = new Concat(new Conv2d(3, 4, 3, { padding: 1, dtype }));
    expect(layer.forward(zeros([2, 3, 5, 6], dtype)).shape).to.deep.equal([2, 7, 5, 6]);
  });

  it('refuses an inner layer that changes more than the features', () => {
    expect(() => new Concat(new MaxPool2d(2)).forward(zeros([2, 3, 4, 6]))).to.throw(
      'Concat.forward: expected the output of the inner layer of shape (2, D, 4, 6), got (2, 3, 2, 3)',
    );
    expect(() => new Concat(new Tanh()).forward(zeros([3]))).to.throw('Concat.forward: expected x of shape (N, C, …)');
  });
});
