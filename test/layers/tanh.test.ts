import { expect } from 'chai';
import { array, assign, Tanh, toNested } from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const values = (nested: number[]) => array(nested, 'float64');

describe('Tanh', () => {
  it('computes an example worked by hand', () => {
    // At x = ln 2: (2 − 1/2)/(2 + 1/2) = 3/5, and the slope is 1 − 9/25 = 16/25.
    const layer = new Tanh();
    expectClose(layer.forward(values([Math.LN2, -Math.LN2, 0])), [0.6, -0.6, 0], 1e-15);
    expectClose(layer.backward(values([25, 25, 25])), [16, 16, 25], 1e-14);
  });

  it('stays finite for large inputs, where eˣ overflows', () => {
    const layer = new Tanh();
    expect(toNested(layer.forward(values([1000, -1000])))).to.deep.equal([1, -1]);
    expect(toNested(layer.backward(values([1, 1])))).to.deep.equal([0, 0]);
  });

  it('keeps the slope’s digits where it is nearly flat', () => {
    // 1/cosh²(15) to the digits that an output so near 1 still holds.
    const layer = new Tanh();
    layer.forward(values([15]));
    const slope = layer.backward(values([1])).get(0);
    expect(slope / Math.cosh(15) ** -2).to.be.closeTo(1, 1e-3);
  });

  it('does not depend on what the caller does with its output', () => {
    const [layer, expected] = [new Tanh(), new Tanh()];
    expected.forward(normal([2, 3], 1));
    assign(layer.forward(normal([2, 3], 1)), 0);
    expectClose(layer.backward(normal([2, 3], 2)), expected.backward(normal([2, 3], 2)), 0);
  });
});
