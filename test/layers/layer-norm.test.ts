import { expect } from 'chai';
import {
  add,
  array,
  assign,
  concatenate,
  LayerNorm,
  mean,
  multiply,
  square,
  subtract,
  toNested,
} from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';

describe('LayerNorm', () => {
  it('computes an example worked by hand', () => {
    // Row (1, 3): mean 2, variance 1, and with eps = 3 the deviation is 2: xHat = (−1/2, 1/2).
    const layer = new LayerNorm(2, { eps: 3, dtype });
    assign(layer.gamma.value, array([4, 10], dtype));
    assign(layer.beta.value, array([1, 0], dtype));
    expect(toNested(layer.forward(array([[1, 3]], dtype)))).to.deep.equal([[-1, 5]]);
    // dxHat = (4, 20), of mean 12; mean(xHat ∘ dxHat) = 4; dx = ½ (dxHat − 12 − xHat · 4) = ½ (−6, 6).
    expect(toNested(layer.backward(array([[1, 2]], dtype)))).to.deep.equal([[-3, 3]]);
    expect(toNested(layer.gamma.grad)).to.deep.equal([-0.5, 1]);
    expect(toNested(layer.beta.grad)).to.deep.equal([1, 2]);
  });

  it('gives every row mean 0 and variance 1', () => {
    const out = new LayerNorm(50, { dtype }).forward(add(multiply(normal([4, 50], 1), 30), 7));
    expectClose(mean(out, 1), [0, 0, 0, 0], 1e-14);
    expectClose(mean(square(subtract(out, mean(out, 1, true))), 1), [1, 1, 1, 1], 1e-6);
  });

  it('treats samples independently, in training and in evaluation', () => {
    const [a, b] = [normal([2, 6], 2), normal([3, 6], 3)];
    const layer = new LayerNorm(6, { dtype });
    const together = toNested(layer.forward(concatenate([a, b])));
    layer.eval();
    expect(toNested(concatenate([layer.forward(a), layer.forward(b)]))).to.deep.equal(together);
  });

  it('stays finite on a constant row and on a single feature', () => {
    const layer = new LayerNorm(3, { dtype });
    expect(toNested(layer.forward(array([[5, 5, 5]], dtype)))).to.deep.equal([[0, 0, 0]]);
    expect([...layer.backward(normal([1, 3], 1)).data].every(Number.isFinite)).to.equal(true);
    expect(toNested(new LayerNorm(1, { dtype }).forward(array([[9]], dtype)))).to.deep.equal([[0]]);
  });

  it('keeps its digits on float32 rows around 10,000', () => {
    // The squares are near 1e8, where float32 cannot tell neighbors less than 8 apart.
    const rows = [[10_000, 10_001, 10_002, 10_003]];
    const out = new LayerNorm(4).forward(array(rows, 'float32'));
    expectClose(out, new LayerNorm(4, { dtype }).forward(array(rows, dtype)), 1e-6);
  });

  it('refuses invalid widths and eps', () => {
    expect(() => new LayerNorm(0)).to.throw('LayerNorm: expected a whole number of features from 1 up, got 0');
    expect(() => new LayerNorm(2, { eps: 0 })).to.throw('LayerNorm: expected a positive eps, got 0');
  });
});
