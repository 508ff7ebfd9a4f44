import { expect } from 'chai';
import { adamUpdateInPlace, array, broadcastTo, momentumUpdateInPlace, toNested, zeros } from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';

const descent = { learningRate: 0.1, momentum: 0.5, nesterov: true, weightDecay: 0.2 };
const adam = { beta1: 0.8, beta2: 0.9, stepSize: 0.1, eps: 1e-3, gradientDecay: 0.2, valueDecay: 0.05 };

describe('the updates in one pass', () => {
  it('change values and what is remembered, and not the gradient; float32 and float64 alike', () => {
    const results = (['float32', 'float64', 'float32'] as const).map((dtype) => {
      const [value, grad] = [normal([3, 5], 1, dtype), normal([3, 5], 2, dtype)];
      const [velocity, first, second] = [1, 2, 3].map(() => zeros([3, 5], dtype));
      momentumUpdateInPlace(value, grad, velocity, descent);
      adamUpdateInPlace(value, grad, first, second, adam);
      expect(toNested(grad)).to.deep.equal(toNested(normal([3, 5], 2, dtype)));
      return [value, velocity, first, second];
    });
    for (const [k, x] of results[0].entries()) {
      expectClose(x, results[1][k], 1e-6);
      expect(toNested(x)).to.deep.equal(toNested(results[2][k]));
    }
  });

  it('read and write views as they read and write copies', () => {
    const make = () => [normal([3, 5], 1), normal([3, 5], 2), normal([3, 5], 3), zeros([3, 5], 'float64')];
    const [whole, views] = [make(), make().map(scattered)];
    for (const [value, grad, first, second] of [whole, views]) {
      momentumUpdateInPlace(value, grad, first, descent);
      adamUpdateInPlace(value, grad, first, second, adam);
    }
    for (const [k, x] of views.entries()) expect(toNested(x)).to.deep.equal(toNested(whole[k]));
  });

  it('refuse arrays of different shapes or dtypes, and values that repeat', () => {
    const x = array([1, 2, 3]);
    const calls = [
      () => momentumUpdateInPlace(x, x, zeros([2]), descent),
      () => adamUpdateInPlace(x, x, x, zeros([3], 'float64'), adam),
      () => adamUpdateInPlace(broadcastTo(array([1]), [3]), x, x, x, adam),
    ];
    expect(calls[0]).to.throw('momentumUpdateInPlace: expected velocity of shape (3,), got (2,)');
    expect(calls[1]).to.throw('adamUpdateInPlace: expected second of dtype float32, got float64');
    expect(calls[2]).to.throw('adamUpdateInPlace: value repeats its elements');
    expect(toNested(x)).to.deep.equal([1, 2, 3]);
  });
});
