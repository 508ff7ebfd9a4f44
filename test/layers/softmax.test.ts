import { expect } from 'chai';
import { add, array, assign, Softmax, sum, toNested, transpose } from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

describe('Softmax', () => {
  it('computes an example worked by hand', () => {
    const layer = new Softmax();
    const x = array([[0, Math.log(2), Math.log(5)]], 'float64');
    expectClose(layer.forward(x), [[1 / 8, 2 / 8, 5 / 8]], 1e-15);
    // inner = 8 · 1/8 = 1; dx = probs ∘ (dout − inner).
    expectClose(layer.backward(array([[8, 0, 0]], 'float64')), [[7 / 8, -2 / 8, -5 / 8]], 1e-15);
  });

  it('gives rows with sum 1, and gradients with sum 0, for every input', () => {
    const layer = new Softmax();
    const out = layer.forward(normal([4, 6], 1));
    expectClose(sum(out, 1), [1, 1, 1, 1], 1e-15);
    expectClose(sum(layer.backward(normal([4, 6], 2)), 1), [0, 0, 0, 0], 1e-15);
  });

  it('does not move when a constant is added to a row', () => {
    const x = normal([3, 4], 3);
    expectClose(new Softmax().forward(add(x, array([[100], [-100], [0]], 'float64'))), new Softmax().forward(x), 1e-14);
  });

  it('does not depend on what the caller does with its output', () => {
    const layer = new Softmax();
    const expected = new Softmax();
    expected.forward(normal([2, 3], 1));
    assign(layer.forward(normal([2, 3], 1)), 0);
    expectClose(layer.backward(normal([2, 3], 2)), expected.backward(normal([2, 3], 2)), 0);
  });

  it('is exact on logits of ±1000', () => {
    expect(
      toNested(
        new Softmax().forward(
          array(
            [
              [1000, -1000],
              [-1000, -1000],
            ],
            'float64',
          ),
        ),
      ),
    ).to.deep.equal([
      [1, 0],
      [0.5, 0.5],
    ]);
  });

  it('normalizes along the last axis of any rank', () => {
    const x = normal([2, 3, 4], 4);
    const cube = new Softmax().forward(x);
    expectClose(
      sum(cube, -1),
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
      1e-15,
    );
    expectClose(
      new Softmax().forward(transpose(normal([4, 3], 5))),
      new Softmax().forward(array(toNested(transpose(normal([4, 3], 5))), 'float64')),
      0,
    );
    expect(sum(new Softmax().forward(normal([5], 6)))).to.be.closeTo(1, 1e-15);
  });
});
