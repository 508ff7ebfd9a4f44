import { expect } from 'chai';
import { array, assign, Linear, Random, toNested } from '../../src/index.js';

describe('Linear', () => {
  it('computes an example worked by hand', () => {
    // One sample, two features, three outputs: out = x Wᵀ + b.
    const layer = new Linear(2, 3, { dtype: 'float64' });
    assign(
      layer.weight.value,
      array(
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        'float64',
      ),
    );
    assign(layer.parameters()[1].value, array([0.5, 0, -1], 'float64'));
    const out = layer.forward(array([[10, 20]], 'float64'));
    expect(toNested(out)).to.deep.equal([[50.5, 110, 169]]);
    // dx = dout W, dW = doutᵀ x, db = the sum of the rows of dout.
    expect(toNested(layer.backward(array([[1, -1, 2]], 'float64')))).to.deep.equal([[8, 10]]);
    expect(toNested(layer.weight.grad)).to.deep.equal([
      [10, 20],
      [-10, -20],
      [20, 40],
    ]);
    expect(toNested(layer.parameters()[1].grad)).to.deep.equal([1, -1, 2]);
  });

  it('draws its weights from the given generator with the given deviation, and starts with a bias of 0', () => {
    const draw = (seed: number) => toNested(new Linear(4, 3, { rng: new Random(seed) }).weight.value);
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).not.to.deep.equal(draw(2));
    const { weight, bias } = new Linear(100, 100, { init: 'normal:0.02', rng: new Random(1) });
    const deviation = Math.sqrt([...weight.value.data].reduce((total, w) => total + w * w, 0) / 10_000);
    expect(deviation).to.be.closeTo(0.02, 0.0005);
    expect([...(bias?.value.data ?? [1])].every((b) => b === 0)).to.equal(true);
    expect(toNested(new Linear(1, 2, { init: 'zeros' }).weight.value)).to.deep.equal([[0], [0]]);
  });

  it('has no bias with bias: false', () => {
    const layer = new Linear(2, 3, { bias: false });
    expect(layer.parameters().map(({ name }) => name)).to.deep.equal(['weight']);
    expect(layer.bias).to.equal(undefined);
  });

  it('refuses invalid widths, and an unknown init', () => {
    expect(() => new Linear(0, 3)).to.throw('Linear: expected positive whole numbers of features, got 0 and 3');
    expect(() => new Linear(2, 1.5)).to.throw('got 2 and 1.5');
    expect(() => new Linear(2, 3, { init: 'normal:much' as never })).to.throw(
      "Linear: expected init to be 'normal:STD'",
    );
    expect(() => new Linear(2, 3, { init: 'normal:-1' })).to.throw('init');
  });
});
