import { expect } from 'chai';
import {
  array,
  broadcastTo,
  type ElementUpdate,
  type NdArray,
  toNested,
  updateInPlace,
  zeros,
} from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';

/** Gradient descent with momentum, η = 0.1, μ = 0.5, λ = 0.2, in Nesterov's form. */
const momentum: ElementUpdate = (grad, value, velocity) => {
  const g = grad + 0.2 * value;
  const b = 0.5 * velocity + g;
  return [value - (0.1 * g + 0.05 * b), b];
};

/** Adam with β₁ = 0.8, β₂ = 0.9, a step size of 0.1, ε = 1e-3, and both kinds of decay. */
const adam: ElementUpdate = (grad, value, first, second) => {
  const g = grad + 0.2 * value;
  const m = 0.8 * first + (1 - 0.8) * g;
  const v = 0.9 * second + (1 - 0.9) * g * g;
  return [0.95 * value - (0.1 * m) / (Math.sqrt(v) + 1e-3), m, v];
};

function step(value: NdArray, grad: NdArray, velocity: NdArray, first: NdArray, second: NdArray): void {
  updateInPlace('test', { value, velocity }, grad, momentum, { name: 'momentum', numbers: [0.5, 0.2, 0.1, 0.05] });
  const numbers = [0.8, 1 - 0.8, 0.9, 1 - 0.9, 0.1, 1e-3, 0.2, 0.95];
  updateInPlace('test', { value, first, second }, grad, adam, { name: 'adam', numbers });
}

describe('updateInPlace', () => {
  it('gives the same in float32, with the engine’s fused version, as the update of one element in float64', () => {
    // More elements than the engine's threshold, so that the fused version runs.
    const results = (['float32', 'float64', 'float32'] as const).map((dtype) => {
      const [value, grad] = [normal([30, 50], 1, dtype), normal([30, 50], 2, dtype)];
      const [velocity, first, second] = [1, 2, 3].map(() => zeros([30, 50], dtype));
      step(value, grad, velocity, first, second);
      expect(toNested(grad)).to.deep.equal(toNested(normal([30, 50], 2, dtype)));
      return [value, velocity, first, second];
    });
    for (const [k, x] of results[0].entries()) {
      expectClose(x, results[1][k], 1e-6);
      expect(toNested(x)).to.deep.equal(toNested(results[2][k]));
    }
  });

  it('computes an example worked by hand', () => {
    const [value, velocity] = [array([1, -2], 'float64'), array([4, 0], 'float64')];
    updateInPlace('test', { value, velocity }, array([0.5, 1], 'float64'), (g, x, b) => [x - (b + g), 2 * g], {
      name: 'momentum',
      numbers: [],
    });
    expect(toNested(value)).to.deep.equal([1 - 4.5, -3]);
    expect(toNested(velocity)).to.deep.equal([1, 2]);
  });

  it('gives the same for views as for copies', () => {
    const make = () => [
      ...[1, 2, 3].map((seed) => normal([3, 5], seed)),
      ...[1, 2].map(() => zeros([3, 5], 'float64')),
    ];
    const [whole, views] = [make(), make().map(scattered)];
    for (const [value, grad, velocity, first, second] of [whole, views]) step(value, grad, velocity, first, second);
    for (const [k, x] of views.entries()) expect(toNested(x)).to.deep.equal(toNested(whole[k]));
  });

  it('throws for arrays of different shapes or dtypes, and for values that repeat', () => {
    const x = array([1, 2, 3]);
    const attempt = (changed: Record<string, NdArray>) => () =>
      updateInPlace('test', changed, x, adam, { name: 'adam', numbers: [] });
    expect(attempt({ value: x, velocity: zeros([2]) })).to.throw('test: expected velocity of shape (3,), got (2,)');
    expect(attempt({ value: x, second: zeros([3], 'float64') })).to.throw(
      'test: expected second of dtype float32, got float64',
    );
    expect(attempt({ value: broadcastTo(array([1]), [3]) })).to.throw('test: value repeats its elements');
    expect(toNested(x)).to.deep.equal([1, 2, 3]);
  });
});
