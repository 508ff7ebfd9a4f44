import { expect } from 'chai';
import {
  add,
  array,
  BatchNorm1d,
  CrossEntropy,
  checkLayer,
  checkLoss,
  copy,
  Dropout,
  ELU,
  type Layer,
  LayerNorm,
  Linear,
  map,
  multiply,
  type NdArray,
  NonFiniteError,
  oneHot,
  Random,
  Sequential,
  Softmax,
  toNested,
  zipWith,
} from '../../src/index.js';
import { normal } from '../support/arrays.js';
import { bare } from '../support/bare.js';

const dtype = 'float64';

/** A rectifier, with the kink that ELU has not. */
class Rectifier implements Layer {
  private x: NdArray | undefined;
  forward(x: NdArray): NdArray {
    this.x = x;
    return map(x, (v) => Math.max(v, 0));
  }
  backward(dout: NdArray): NdArray {
    if (!this.x) throw new Error('forward first');
    return zipWith(dout, this.x, (d, v) => (v > 0 ? d : 0));
  }
  parameters(): [] {
    return [];
  }
  train(): void {}
  eval(): void {}
}

describe('checkLayer', () => {
  it('does not change parameters and gradients', () => {
    const layer = new LayerNorm(4, { dtype });
    layer.gamma.grad.set(1, 5);
    const before = layer.parameters().map(({ value, grad }) => [toNested(value), toNested(grad)]);
    checkLayer(layer, normal([3, 4], 1));
    expect(layer.parameters().map(({ value, grad }) => [toNested(value), toNested(grad)])).to.deep.equal(before);
  });

  it('does not change running statistics', () => {
    const layer = new BatchNorm1d(3, { dtype });
    layer.forward(normal([4, 3], 1));
    const before = layer.stateDict();
    expect(checkLayer(layer, normal([5, 3], 2)).passed).to.equal(true);
    for (const [name, value] of Object.entries(layer.stateDict())) {
      expect(toNested(value), name).to.deep.equal(toNested(before[name]));
    }
  });

  it('does not change gradients if a backward throws', () => {
    const layer = new Linear(2, 2, { dtype });
    layer.weight.grad.set(0, 0, 5);
    const stub = {
      ...bare(layer),
      backward(): never {
        throw new Error('not yet');
      },
    };
    expect(() => checkLayer(stub, normal([1, 2], 1))).to.throw('not yet');
    expect(toNested(layer.weight.grad)).to.deep.equal([
      [5, 0],
      [0, 0],
    ]);
  });

  it('warns at every kink within the step, and never on a smooth curve', () => {
    for (const distance of [0, 1e-7, 9e-7, 1e-6, 3e-6, 10e-6 / 3, 5e-6, 8e-6, -2e-6]) {
      const report = checkLayer(new Rectifier(), array([[distance, 1]], dtype), { dout: array([[1, 1]], dtype) });
      expect(report.rows[0].kinks, String(distance)).to.deep.equal([[0, 0]]);
    }
    const close = array(
      [
        [1, 1.002],
        [0, 0.0005],
      ],
      dtype,
    ); // two features nearly equal: steep and curved, but smooth
    expect(checkLayer(new LayerNorm(2, { dtype }), close).warnings).to.deep.equal([]);
  });

  it('warns near a kink, and not if the function is smooth', () => {
    const x = array(
      [
        [1, -2],
        [3e-6, 0.5],
      ],
      dtype,
    );
    const report = checkLayer(new Rectifier(), x, { rng: new Random(1) });
    expect(report.rows[0].kinks).to.deep.equal([[1, 0]]);
    expect(report.warnings[0]).to.match(/^Rectifier: the output has a kink within a step of x\[1, 0\]: there/);
    expect(checkLayer(new ELU(), x).warnings).to.deep.equal([]);
    expect(checkLayer(new ELU({ alpha: 0.5 }), x).rows[0].kinks).to.deep.equal([[1, 0]]);
    expect(checkLayer(new Rectifier(), array([[1, -2]], dtype)).warnings).to.deep.equal([]);
  });

  it('names three kinks, and counts the others', () => {
    const warnings = (count: number) =>
      checkLayer(
        new Rectifier(),
        map(array([Array<number>(count).fill(0)], dtype), () => 1e-7),
        {
          dout: array([Array<number>(count).fill(1)], dtype),
        },
      ).warnings;
    expect(warnings(3)[0]).to.include('x[0, 0], [0, 1], [0, 2]: there');
    expect(warnings(5)[0]).to.include('x[0, 0], [0, 1], [0, 2] and 2 more: there');
  });

  it('refuses options of another kind, by name', () => {
    const check = (options: object) => () => checkLayer(new ELU(), normal([2, 3], 1), options);
    for (const step of [0, -1, Infinity, Number.NaN, '1e-5'])
      expect(check({ step }), String(step)).to.throw('checkLayer: expected');
    for (const tolerance of [{ absolute: -1 }, { relative: Number.NaN }, { absolute: 1, relative: -1 }])
      expect(check({ tolerance }), JSON.stringify(tolerance)).to.throw('checkLayer: expected tolerance.');
    for (const options of [{ name: 3 }, { dout: [1] }, { rng: {} }, { replay: {} }, { stepp: 1 }])
      expect(check(options), JSON.stringify(options)).to.throw('checkLayer');
    expect(check({ tolerance: { absolute: 0, relative: 1e-6 }, step: 1e-4 })).not.to.throw();
  });

  it('shows why dout is random: with ones, a softmax that is wrong by a factor of 17 passes', () => {
    const softmax = new Softmax();
    const steep = { ...bare(softmax), backward: (dout: NdArray) => multiply(softmax.backward(dout), 17) };
    const x = normal([3, 4], 1);
    expect(checkLayer(steep, x, { dout: map(x, () => 1) }).passed).to.equal(true);
    expect(checkLayer(steep, x).passed).to.equal(false);
  });

  it('notices a forward that changes its input, and a backward that returns nothing', () => {
    const layer = new ELU();
    const careless = {
      ...bare(layer),
      forward(v: NdArray) {
        const out = layer.forward(copy(v));
        v.set(0, 0, 7);
        return out;
      },
    };
    const x = normal([2, 3], 1);
    expect(checkLayer(careless, x, { name: 'ELU' }).problems).to.deep.equal(['ELU: x was changed']);
    expect(toNested(x)).to.deep.equal(toNested(normal([2, 3], 1)));
    const stub = { ...bare(layer), backward: () => undefined as never };
    expect(() => checkLayer(stub, x, { name: 'ELU' })).to.throw(
      'checkLayer: ELU.backward returned undefined, not an ndarray',
    );
  });

  it('refuses float32 and NaN', () => {
    expect(() => checkLayer(new Linear(2, 2), normal([1, 2], 1))).to.throw(
      'checkLayer: expected weight of dtype float64, got float32',
    );
    expect(() => checkLayer(new ELU(), [[1]] as never)).to.throw(
      'checkLayer: expected x to be an ndarray, got a JavaScript array',
    );
    expect(() => checkLayer(new ELU(), array([[1]]))).to.throw('checkLayer: expected x of dtype float64, got float32');
    const x = normal([2, 2], 1);
    x.set(1, 0, Number.NaN);
    expect(() => checkLayer(new ELU(), x)).to.throw(NonFiniteError, 'checkLayer: x is NaN at [1, 0]');
    expect(() => checkLoss(new CrossEntropy(), x, oneHot([0, 1], 2, dtype))).to.throw('checkLoss: x is NaN at [1, 0]');
  });

  it('refuses a forward that gives two different outputs, unless its generator is replayed', () => {
    const rng = new Random(1);
    const noisy: Layer = { ...bare(new ELU()), forward: (v: NdArray) => add(v, rng.nextNormal()), backward: copy };
    expect(() => checkLayer(noisy, normal([2, 2], 1), { name: 'Noise' })).to.throw(
      'Noise.forward gave two different outputs for the same x; if it draws from a Random, pass that as { replay }',
    );
    const before = rng.state();
    expect(checkLayer(noisy, normal([2, 2], 1), { replay: rng }).passed).to.equal(true);
    expect(rng.state()).to.deep.equal(before);
  });

  it('checks a net with dropout under one mask', () => {
    const draws = new Random(3);
    const linear = () => new Linear(6, 6, { init: 'normal:1', rng: draws, dtype });
    const net = new Sequential(linear(), new Dropout(0.5, { rng: draws }), linear(), new Dropout(0.2, { rng: draws }));
    const report = checkLayer(net, normal([4, 6], 1), { replay: draws });
    expect(report.passed, String(report)).to.equal(true);
    expect(report.rows.map(({ array }) => array)).to.include('layers.2.weight');
  });

  it('passes with a larger tolerance what fails with the default', () => {
    const layer = new ELU();
    const rough = { ...bare(layer), backward: (dout: NdArray) => multiply(layer.backward(dout), 1 + 1e-5) };
    expect(checkLayer(rough, normal([2, 3], 1)).passed).to.equal(false);
    expect(checkLayer(rough, normal([2, 3], 1), { tolerance: { absolute: 1e-7, relative: 1e-4 } }).passed).to.equal(
      true,
    );
  });
});
