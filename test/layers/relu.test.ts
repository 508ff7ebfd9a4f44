import { expect } from 'chai';
import { abs, array, ReLU, toNested } from '../../src/index.js';

const values = (nested: number[]) => array(nested, 'float64');

describe('ReLU', () => {
  it('computes an example worked by hand', () => {
    const layer = new ReLU();
    expect(toNested(layer.forward(values([3, -2, 0.5])))).to.deep.equal([3, 0, 0.5]);
    expect(toNested(layer.backward(values([5, 7, -4])))).to.deep.equal([5, 0, -4]);
  });

  it('has the slope 0 at the kink, for both zeros', () => {
    const layer = new ReLU();
    expect(toNested(abs(layer.forward(values([0, -0]))))).to.deep.equal([0, 0]);
    expect(toNested(layer.backward(values([5, 5])))).to.deep.equal([0, 0]);
  });

  it('is exact far out and just beside 0', () => {
    const layer = new ReLU();
    const x = values([1000, -1000, Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE]);
    expect(toNested(layer.forward(x))).to.deep.equal([1000, 0, Number.MAX_VALUE, Number.MIN_VALUE, 0]);
    expect(toNested(layer.backward(values([1, 1, 1, 1, 1])))).to.deep.equal([1, 0, 1, 1, 0]);
  });

  it('propagates NaN, forward and backward', () => {
    const layer = new ReLU();
    expect(toNested(layer.forward(values([Number.NaN])))).to.deep.equal([Number.NaN]);
    expect(toNested(layer.backward(values([2])))).to.deep.equal([2]);
  });
});
