import { expect } from 'chai';
import {
  array,
  BatchNorm1d,
  checkLayer,
  Dropout,
  Linear,
  Random,
  Residual,
  Sequential,
  Tanh,
  toNested,
} from '../../src/index.js';

const dtype = 'float64';

describe('Residual', () => {
  it('computes an example worked by hand', () => {
    // f(x) = 3x + 1: y = 4x + 1, and its slope is 4.
    const inner = new Linear(1, 1, { init: 'zeros', dtype });
    inner.loadStateDict({ weight: array([[3]], dtype), bias: array([1], dtype) });
    const layer = new Residual(inner);
    expect(toNested(layer.forward(array([[2], [-5]], dtype)))).to.deep.equal([[9], [-19]]);
    expect(toNested(layer.backward(array([[1], [10]], dtype)))).to.deep.equal([[4], [40]]);
    expect(toNested(inner.weight.grad)).to.deep.equal([[2 - 50]]);
  });

  it('names what is inside it, parameters and statistics', () => {
    const layer = new Residual(new Sequential(new BatchNorm1d(2, { dtype }), new Linear(2, 2, { dtype })));
    expect(Object.keys(layer.stateDict())).to.deep.equal([
      ...['gamma', 'beta', 'runningMean', 'runningVar'].map((name) => `inner.layers.0.${name}`),
      ...['weight', 'bias'].map((name) => `inner.layers.1.${name}`),
    ]);
    expect(layer.parameters()).to.have.length(4);
    expect(layer.namedParameters().map(([name]) => name)).to.include('inner.layers.1.weight');
  });

  it('passes on whether it trains or is tested', () => {
    const layer = new Residual(new Dropout(0.5, { rng: new Random(1) }));
    const x = array([[1, 2, 3, 4, 5, 6, 7, 8]], dtype);
    layer.eval();
    expect(toNested(layer.forward(x))).to.deep.equal([[2, 4, 6, 8, 10, 12, 14, 16]]);
    layer.train();
    expect(toNested(layer.forward(x))).not.to.deep.equal([[2, 4, 6, 8, 10, 12, 14, 16]]);
  });

  it('adds what a shortcut layer computes, which may change the shape, and checks', () => {
    const linear = (seed: number) => new Linear(3, 2, { init: 'normal:1', rng: new Random(seed), dtype });
    const layer = new Residual(new Sequential(linear(1), new Tanh()), linear(2));
    expect(Object.keys(layer.stateDict())).to.deep.equal([
      'inner.layers.0.weight',
      'inner.layers.0.bias',
      'shortcut.weight',
      'shortcut.bias',
    ]);
    const x = new Random(3).normal([4, 3], { dtype });
    expect(layer.forward(x).shape).to.deep.equal([4, 2]);
    expect(checkLayer(layer, x).passed).equals(true);
  });

  it('refuses an inner layer that changes the shape', () => {
    const layer = new Residual(new Linear(3, 2, { dtype }));
    expect(() => layer.forward(array([[1, 2, 3]], dtype))).to.throw(
      'Residual.forward: expected the output of the inner layer',
    );
  });
});
