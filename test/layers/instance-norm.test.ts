import { expect } from 'chai';
import {
  add,
  array,
  assign,
  InstanceNorm,
  mean,
  multiply,
  ShapeError,
  slice,
  square,
  subtract,
  toNested,
  zeros,
} from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';

describe('InstanceNorm', () => {
  it('computes an example worked by hand', () => {
    // Feature (1, 3): mean 2, variance 1, and with eps = 3 the deviation is 2: xHat = (−1/2, 1/2).
    const layer = new InstanceNorm(2, { eps: 3, dtype });
    assign(layer.gamma.value, array([4, 2], dtype));
    assign(layer.beta.value, array([1, 0], dtype));
    const x = array(
      [
        [
          [1, 3],
          [7, 7],
        ],
      ],
      dtype,
    );
    expect(toNested(layer.forward(x))).to.deep.equal([
      [
        [-1, 3],
        [0, 0],
      ],
    ]);
    // dxHat = (4, 20), of mean 12; mean(xHat ∘ dxHat) = 4; dx = ½ (dxHat − 12 − xHat · 4) = ½ (−6, 6).
    // The constant feature: xHat = 0 and rstd = 1/√3, so dx = 2 (dout − its mean)/√3.
    const dout = array(
      [
        [
          [1, 5],
          [0, 2],
        ],
      ],
      dtype,
    );
    const third = 2 / Math.sqrt(3);
    expectClose(
      layer.backward(dout),
      [
        [
          [-3, 3],
          [-third, third],
        ],
      ],
      1e-15,
    );
    expect(toNested(layer.gamma.grad)).to.deep.equal([2, 0]);
    expect(toNested(layer.beta.grad)).to.deep.equal([6, 2]);
  });

  it('gives every feature of every sample mean 0 and variance 1', () => {
    for (const [shape, axes] of [
      [[2, 3, 20], [2]],
      [
        [2, 3, 5, 4],
        [2, 3],
      ],
    ]) {
      const out = new InstanceNorm(3, { dtype }).forward(add(multiply(normal(shape, 1), 30), 7));
      expectClose(mean(out, axes), zeros([2, 3], dtype), 1e-14);
      const variance = mean(square(subtract(out, mean(out, axes, true))), axes);
      expectClose(subtract(variance, 1), zeros([2, 3], dtype), 1e-6);
    }
  });

  it('treats samples independently, in training and in evaluation', () => {
    const x = normal([3, 2, 5], 1);
    const layer = new InstanceNorm(2, { dtype });
    const together = layer.forward(x);
    layer.eval();
    expect(toNested(layer.forward(slice(x, [1, 2])))).to.deep.equal(toNested(slice(together, [1, 2])));
  });

  it('does not depend on the contrast and the brightness of an image', () => {
    const x = normal([2, 3, 4, 5], 2);
    const layer = new InstanceNorm(3, { dtype });
    expectClose(layer.forward(add(multiply(x, 40), 100)), layer.forward(x), 1e-4); // but for eps
  });

  it('stays finite on a constant feature, and keeps its digits on float32 values around 10,000', () => {
    const layer = new InstanceNorm(1, { dtype });
    expect(toNested(layer.forward(array([[[5, 5, 5]]], dtype)))).to.deep.equal([[[0, 0, 0]]]);
    expect([...layer.backward(normal([1, 1, 3], 1)).data].every(Number.isFinite)).to.equal(true);
    const values = [[[10_000, 10_001, 10_002, 10_003]]];
    const single = new InstanceNorm(1).forward(array(values, 'float32'));
    expectClose(single, layer.forward(array(values, dtype)), 1e-6);
  });

  it('refuses an x without positions, or with a single one: an instance would be one number', () => {
    const layer = new InstanceNorm(4, { dtype });
    for (const [shape, text] of [
      [[3, 4], '(3, 4)'],
      [[3, 4, 1], '(3, 4, 1)'],
      [[3, 4, 1, 1], '(3, 4, 1, 1)'],
    ] as const) {
      expect(() => layer.forward(normal(shape, 1))).to.throw(
        ShapeError,
        'InstanceNorm.forward: expected x of shape (N, 4, L) or (N, 4, H, W) with more than one position, ' +
          `got ${text}. A single value is its own mean`,
      );
    }
  });

  it('refuses invalid widths and eps, and wrong shapes', () => {
    expect(() => new InstanceNorm(0)).to.throw('InstanceNorm: expected a whole number of features from 1 up, got 0');
    expect(() => new InstanceNorm(2, { eps: 0 })).to.throw('InstanceNorm: expected a positive eps, got 0');
    expect(() => new InstanceNorm(2, { eps: -1 })).to.throw('InstanceNorm: expected a positive eps, got -1');
    const layer = new InstanceNorm(4, { dtype });
    for (const shape of [[4], [3, 5, 2], [1, 4, 2, 2, 2]]) {
      expect(() => layer.forward(normal(shape, 1))).to.throw(
        'InstanceNorm.forward: expected x of shape (N, 4, L) or (N, 4, H, W), got (',
      );
    }
    expect(() => layer.forward(zeros([2, 4, 0], dtype))).to.throw('with N, L ≥ 1, got (2, 4, 0)');
  });
});
