import { expect } from 'chai';
import {
  add,
  array,
  assign,
  BatchNorm1d,
  concatenate,
  Linear,
  max,
  mean,
  multiply,
  reshape,
  Sequential,
  ShapeError,
  slice,
  square,
  subtract,
  toNested,
  transpose,
  zeros,
} from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';

/** A batch that has taught a layer of two features running statistics off 0 and 1. */
function trained(): BatchNorm1d {
  const layer = new BatchNorm1d(2, { dtype });
  layer.forward(add(multiply(normal([9, 2], 1), 3), 5));
  return layer;
}

describe('BatchNorm1d', () => {
  it('computes an example worked by hand, in training', () => {
    // Column (1, 3): mean 2, variance 1, and with eps = 3 the deviation is 2: xHat = (−1/2, 1/2).
    const layer = new BatchNorm1d(1, { eps: 3, momentum: 0.25, dtype });
    assign(layer.gamma.value, 4);
    assign(layer.beta.value, 1);
    expect(toNested(layer.forward(array([[1], [3]], dtype)))).to.deep.equal([[-1], [3]]);
    // The unbiased variance is 2: a quarter of the way from 0 to 2, and from 1 to 2.
    expect(toNested(layer.runningMean)).to.deep.equal([0.5]);
    expect(toNested(layer.runningVar)).to.deep.equal([1.25]);
    // dxHat = (4, 20), of mean 12; mean(xHat ∘ dxHat) = 4; dx = ½ (dxHat − 12 − xHat · 4) = ½ (−6, 6).
    expect(toNested(layer.backward(array([[1], [5]], dtype)))).to.deep.equal([[-3], [3]]);
    expect(toNested(layer.gamma.grad)).to.deep.equal([2]);
    expect(toNested(layer.beta.grad)).to.deep.equal([6]);
  });

  it('computes an example worked by hand, in evaluation', () => {
    const layer = new BatchNorm1d(1, { eps: 3, dtype });
    assign(layer.gamma.value, 4);
    assign(layer.runningMean, 7);
    layer.eval();
    expect(toNested(layer.forward(array([[1], [3]], dtype)))).to.deep.equal([[-12], [-8]]); // 4 (x − 7)/√(1 + 3)
    expect(toNested(layer.backward(array([[1], [5]], dtype)))).to.deep.equal([[2], [10]]); // 4 dout/2
    expect(toNested(layer.gamma.grad)).to.deep.equal([-13]); // −3 · 1 − 2 · 5
    expect(toNested(layer.beta.grad)).to.deep.equal([6]);
    expect(toNested(layer.runningMean)).to.deep.equal([7]);
    expect(toNested(layer.runningVar)).to.deep.equal([1]);
  });

  it('gives every feature mean 0 and variance 1 over the batch, and over the positions if there are any', () => {
    for (const [shape, axes] of [
      [[50, 4], [0]],
      [
        [10, 4, 5],
        [0, 2],
      ],
    ]) {
      const out = new BatchNorm1d(4, { dtype }).forward(add(multiply(normal(shape, 1), 30), 7));
      expectClose(mean(out, axes), [0, 0, 0, 0], 1e-14);
      expectClose(mean(square(subtract(out, mean(out, axes, true))), axes), [1, 1, 1, 1], 1e-6);
    }
  });

  it('treats positions as samples: (N, D, L) is (N · L, D)', () => {
    const [flat, deep] = [new BatchNorm1d(3, { dtype }), new BatchNorm1d(3, { dtype })];
    const samples = normal([4, 3], 1);
    const out = deep.forward(reshape(transpose(samples), [1, 3, 4])); // one sample of 3 features and 4 positions
    expectClose(transpose(reshape(out, [3, 4])), flat.forward(samples), 1e-14);
    expectClose(deep.runningVar, flat.runningVar, 1e-14);
  });

  it('makes samples depend on each other in training and not in evaluation', () => {
    const [a, b] = [normal([3, 2], 2), normal([4, 2], 3)];
    const layer = trained();
    expect(max(subtract(slice(layer.forward(concatenate([a, b])), [0, 3]), layer.forward(a)))).to.be.greaterThan(0.01);
    layer.eval();
    expect(toNested(concatenate([layer.forward(a), layer.forward(b)]))).to.deep.equal(
      toNested(layer.forward(concatenate([a, b]))),
    );
  });

  it('converges to the mean and the unbiased variance of the data', () => {
    const layer = new BatchNorm1d(2, { dtype });
    const batch = multiply(normal([5, 2], 4), array([[1, 10]], dtype));
    for (let i = 0; i < 400; i++) layer.forward(batch);
    expectClose(layer.runningMean, mean(batch, 0), 1e-12);
    expectClose(layer.runningVar, multiply(mean(square(subtract(batch, mean(batch, 0))), 0), 5 / 4), 1e-12);
  });

  it('uses the mode of its forward in backward, also if the mode was changed in between', () => {
    const [straight, changed] = [trained(), trained()];
    const [x, dout] = [normal([4, 2], 5), normal([4, 2], 6)];
    for (const layer of [straight, changed]) layer.forward(x);
    changed.eval();
    expect(toNested(changed.backward(dout))).to.deep.equal(toNested(straight.backward(dout)));
  });

  it('has its running statistics in the stateDict, not in the parameters', () => {
    const net = new Sequential(trained(), new Linear(2, 3, { dtype }));
    expect(net.namedParameters().map(([name]) => name)).to.deep.equal([
      'layers.0.gamma',
      'layers.0.beta',
      'layers.1.weight',
      'layers.1.bias',
    ]);
    const state = net.stateDict();
    expect(Object.keys(state).slice(0, 4)).to.deep.equal([
      'layers.0.gamma',
      'layers.0.beta',
      'layers.0.runningMean',
      'layers.0.runningVar',
    ]);
    const fresh = new Sequential(new BatchNorm1d(2, { dtype }), new Linear(2, 3, { dtype }));
    fresh.loadStateDict(state);
    for (const loaded of [net, fresh]) loaded.eval();
    const x = normal([3, 2], 7);
    expect(toNested(fresh.forward(x))).to.deep.equal(toNested(net.forward(x)));
    const { 'layers.0.runningVar': _, ...without } = state;
    expect(() => fresh.loadStateDict(without)).to.throw('missing layers.0.runningVar');
  });

  it('refuses a single value per feature in training, and then changes nothing', () => {
    const layer = trained();
    const before = toNested(layer.runningMean);
    expect(() => layer.forward(normal([1, 2], 1))).to.throw(
      ShapeError,
      'BatchNorm1d.forward: expected more than one value per feature in training, got x of shape (1, 2). ' +
        'A single value has no variance. Use a larger batch, or eval(), which uses the running statistics',
    );
    expect(() => layer.forward(normal([1, 2, 1], 1))).to.throw('got x of shape (1, 2, 1)');
    expect(toNested(layer.runningMean)).to.deep.equal(before);
    layer.eval();
    expect(layer.forward(normal([1, 2], 1)).shape).to.deep.equal([1, 2]);
    layer.train();
    expect(layer.forward(normal([1, 2, 3], 1)).shape).to.deep.equal([1, 2, 3]);
  });

  it('stays finite on a constant feature', () => {
    const layer = new BatchNorm1d(1, { dtype });
    expect(toNested(layer.forward(array([[5], [5], [5]], dtype)))).to.deep.equal([[0], [0], [0]]);
    expect([...layer.backward(normal([3, 1], 1)).data].every(Number.isFinite)).to.equal(true);
  });

  it('keeps its digits on float32 columns around 10,000', () => {
    const column = [[10_000], [10_001], [10_002], [10_003]];
    const out = new BatchNorm1d(1).forward(array(column, 'float32'));
    expectClose(out, new BatchNorm1d(1, { dtype }).forward(array(column, dtype)), 1e-6);
  });

  it('refuses invalid widths, eps and momentum, and wrong shapes', () => {
    expect(() => new BatchNorm1d(0)).to.throw('BatchNorm1d: expected a whole number of features from 1 up, got 0');
    expect(() => new BatchNorm1d(2, { eps: 0 })).to.throw('BatchNorm1d: expected a positive eps, got 0');
    expect(() => new BatchNorm1d(2, { momentum: -0.1 })).to.throw('expected a momentum from 0 to 1, got -0.1');
    for (const momentum of [0, 1]) expect(() => new BatchNorm1d(2, { momentum })).not.to.throw();
    expect(() => new BatchNorm1d(2, { momentum: 1.1 })).to.throw(
      'BatchNorm1d: expected a momentum from 0 to 1, got 1.1',
    );
    const expected = 'BatchNorm1d.forward: expected x of shape (N, 2) or (N, 2, L)';
    expect(() => trained().forward(normal([4, 3], 1))).to.throw(`${expected}, got (4, 3)`);
    expect(() => trained().forward(normal([4, 3, 2], 1))).to.throw(`${expected}, got (4, 3, 2)`);
    expect(() => trained().forward(zeros([0, 2, 3], dtype))).to.throw(`${expected} with N, L ≥ 1, got (0, 2, 3)`);
    expect(() => trained().forward(normal([2], 1))).to.throw(`${expected}, got (2,)`);
  });
});
