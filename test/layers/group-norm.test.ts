import { expect } from 'chai';
import {
  add,
  array,
  assign,
  concatenate,
  GroupNorm,
  InstanceNorm,
  LayerNorm,
  mean,
  multiply,
  reshape,
  ShapeError,
  square,
  subtract,
  toNested,
  zeros,
} from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';

describe('GroupNorm', () => {
  it('computes an example worked by hand', () => {
    // Groups (1, 3) and (10, 30): means 2 and 20, variances 1 and 100; with eps = 3 the first deviation is 2.
    const layer = new GroupNorm(2, 4, { eps: 3, dtype });
    assign(layer.gamma.value, array([4, 10, Math.sqrt(103), Math.sqrt(103)], dtype));
    assign(layer.beta.value, array([1, 0, 0, 5], dtype));
    expectClose(layer.forward(array([[1, 3, 10, 30]], dtype)), [[-1, 5, -10, 15]], 1e-14);
    // First group: dxHat = (4, 20), of mean 12; mean(xHat ∘ dxHat) = 4; dx = ½ (dxHat − 12 − xHat · 4) = ½ (−6, 6).
    // Second group: dxHat = √103 (1, 1) is its own mean, and xHat has mean 0: dx = 0.
    expectClose(layer.backward(array([[1, 2, 1, 1]], dtype)), [[-3, 3, 0, 0]], 1e-14);
    expectClose(layer.gamma.grad, [-0.5, 1, -10 / Math.sqrt(103), 10 / Math.sqrt(103)], 1e-15);
    expect(toNested(layer.beta.grad)).to.deep.equal([1, 2, 1, 1]);
  });

  it('gives every group of every sample mean 0 and variance 1', () => {
    const out = new GroupNorm(3, 6, { dtype }).forward(add(multiply(normal([2, 6, 5, 4], 1), 30), 7));
    const groups = reshape(out, [2, 3, 40]);
    expectClose(mean(groups, 2), zeros([2, 3], dtype), 1e-14);
    expectClose(
      mean(square(subtract(groups, mean(groups, 2, true))), 2),
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
      1e-6,
    );
  });

  it('is layer normalization in one group, and instance normalization in as many groups as features', () => {
    const [flat, deep] = [normal([3, 6], 1), normal([2, 4, 5], 2)];
    expectClose(new GroupNorm(1, 6, { dtype }).forward(flat), new LayerNorm(6, { dtype }).forward(flat), 1e-14);
    expectClose(new GroupNorm(4, 4, { dtype }).forward(deep), new InstanceNorm(4, { dtype }).forward(deep), 1e-14);
  });

  it('treats samples independently, in training and in evaluation', () => {
    const [a, b] = [normal([2, 6], 2), normal([3, 6], 3)];
    const layer = new GroupNorm(2, 6, { dtype });
    const together = toNested(layer.forward(concatenate([a, b])));
    layer.eval();
    expect(toNested(concatenate([layer.forward(a), layer.forward(b)]))).to.deep.equal(together);
  });

  it('stays finite on a constant group, and keeps its digits on float32 values around 10,000', () => {
    const layer = new GroupNorm(2, 4, { dtype });
    expect(toNested(layer.forward(array([[5, 5, 7, 7]], dtype)))).to.deep.equal([[0, 0, 0, 0]]);
    expect([...layer.backward(normal([1, 4], 1)).data].every(Number.isFinite)).to.equal(true);
    const rows = [[10_000, 10_001, 10_002, 10_003, 1, 2, 3, 5]];
    const single = new GroupNorm(2, 8).forward(array(rows, 'float32'));
    expectClose(single, new GroupNorm(2, 8, { dtype }).forward(array(rows, dtype)), 1e-6);
  });

  it('refuses groups that do not divide the features, an invalid eps, and wrong shapes', () => {
    for (const [groups, features] of [
      [4, 6],
      [0, 6],
      [1.5, 3],
      [1, 0],
    ]) {
      expect(() => new GroupNorm(groups, features)).to.throw(
        `GroupNorm: expected a number of groups that divides the number of features, got ${groups} for ${features}`,
      );
    }
    expect(() => new GroupNorm(1, 2, { eps: 0 })).to.throw('GroupNorm: expected a positive eps, got 0');
    const layer = new GroupNorm(2, 4, { dtype });
    for (const shape of [[3, 5], [4], [1, 4, 2, 2, 2]]) {
      expect(() => layer.forward(normal(shape, 1))).to.throw(
        'GroupNorm.forward: expected x of shape (N, 4) or (N, 4, L) or (N, 4, H, W), got (',
      );
    }
    expect(() => layer.forward(zeros([2, 4, 0], dtype))).to.throw('with N, L ≥ 1, got (2, 4, 0)');
  });

  it('refuses groups of a single value', () => {
    const layer = new GroupNorm(4, 4, { dtype });
    for (const [shape, text] of [
      [[3, 4], '(3, 4)'],
      [[3, 4, 1], '(3, 4, 1)'],
    ] as const) {
      expect(() => layer.forward(normal(shape, 1))).to.throw(
        ShapeError,
        `GroupNorm.forward: expected more than one value per group, got x of shape ${text} in 4 groups. A single value is its own mean`,
      );
    }
    expect(layer.forward(normal([3, 4, 2], 1)).shape).to.deep.equal([3, 4, 2]);
  });
});
