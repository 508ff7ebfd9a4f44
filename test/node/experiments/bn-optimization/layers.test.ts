import { expect } from 'chai';
import {
  add,
  array,
  checkLayer,
  numericalGradient,
  ones,
  Random,
  reshape,
  square,
  subtract,
  sum,
  toNested,
  zeros,
} from '../../../../src/index.js';
import {
  ActivationNoise,
  NOISE,
  noisePool,
} from '../../../../src/node/experiments/bn-optimization/activation-noise.js';
import { LpNorm, type Power } from '../../../../src/node/experiments/bn-optimization/lp-norm.js';
import {
  NORM_VARIANTS,
  renewNoise,
  variantLayers,
} from '../../../../src/node/experiments/bn-optimization/norm-variants.js';
import { SquaredError } from '../../../../src/node/experiments/bn-optimization/squared-error.js';
import { expectClose, normal } from '../../../support/arrays.js';

describe('LpNorm', () => {
  for (const power of [1, 2, 'infinity'] as const) {
    it(`with p = ${power} has gradients that match finite differences`, () => {
      for (let seed = 0; seed < 10; seed++) {
        const layer = new LpNorm(4, power, { dtype: 'float64' });
        const rng = new Random(`lp ${seed}`);
        layer.gamma.value.data.set(rng.normal([4], { dtype: 'float64' }).data);
        const report = checkLayer(layer, rng.normal([7, 4], { mean: 0.7, dtype: 'float64' }));
        expect(report.passed, String(report)).to.equal(true);
      }
    });
  }

  it('divides the centered feature by the average norm that it had before centering', () => {
    const x = array([[3], [-1], [-1], [3]], 'float64'); // mean 1
    const sizes: [Power, number][] = [
      [1, 2],
      [2, Math.sqrt(5)],
      ['infinity', 3],
    ];
    for (const [power, size] of sizes)
      expectClose(
        new LpNorm(1, power, { eps: 1e-300, dtype: 'float64' }).forward(x),
        [[2 / size], [-2 / size], [-2 / size], [2 / size]],
        1e-12,
      );
  });

  it('shares the slope of the maximum among equal values', () => {
    const layer = new LpNorm(1, 'infinity', { eps: 1e-300, dtype: 'float64' });
    layer.forward(array([[2], [-2], [1]], 'float64'));
    const dx = layer.backward(array([[1], [0], [0]], 'float64')); // xHat = (5, −7, 2)/6, r = ½
    const [mean, along] = [1 / 3, 5 / 6];
    expectClose(dx, [[0.5 * (1 - mean - along / 2)], [0.5 * (-mean + along / 2)], [0.5 * -mean]], 1e-12);
  });
});

describe('ActivationNoise', () => {
  const made = () => {
    const rng = new Random('noise');
    return new ActivationNoise(50, noisePool(2 ** 17, rng, 'float64'), rng, 'float64');
  };

  it('takes images, whose units are their pixels, and gives them the noise of the same rows', () => {
    const [images, flat] = [made(), made()];
    const x = normal([3, 2, 5, 5], 'x');
    const rows = reshape(x, [3, 50]);
    expectClose(images.forward(x), reshape(flat.forward(rows), [3, 2, 5, 5]), 1e-12);
    expectClose(images.backward(x), reshape(flat.backward(rows), [3, 2, 5, 5]), 1e-12);
    expect(() => made().forward(normal([3, 2, 5, 4], 'x'))).to.throw(RangeError, /ActivationNoise.forward/);
  });

  it('scales and shifts in the same way until it is renewed', () => {
    const layer = made();
    const shift = layer.forward(zeros([3, 50], 'float64'));
    const both = layer.forward(ones([3, 50], 'float64'));
    expectClose(both, add(layer.backward(ones([3, 50], 'float64')), shift), 1e-12);
    expect(checkLayer(layer, normal([3, 50], 'x')).passed).to.equal(true);
    layer.renew();
    expect(toNested(layer.forward(zeros([3, 50], 'float64')))).not.to.deep.equal(toNested(shift));
  });

  it('has the specified distribution in every unit', () => {
    const layer = made();
    const [shift, scale] = [layer.forward(zeros([1000, 50], 'float64')), layer.backward(ones([1000, 50], 'float64'))];
    const mus: number[] = [];
    for (let d = 0; d < 50; d++) {
      const column = (x: typeof shift) => Array.from({ length: 1000 }, (_, s) => x.get(s, d));
      const m = column(shift);
      const s = column(scale);
      expect(Math.max(...m) - Math.min(...m)).to.be.within(1.9 * NOISE.ownShift, 2 * NOISE.ownShift);
      mus.push((Math.max(...m) + Math.min(...m)) / 2);
      const mean = s.reduce((total, value) => total + value, 0) / 1000;
      const deviation = Math.sqrt(s.reduce((total, value) => total + (value - mean) ** 2, 0) / 1000);
      expect(mean).to.be.within(1 - 0.02, 1.25 + 0.02);
      expect(deviation).to.be.closeTo(NOISE.ownScale, 0.015);
    }
    expect(Math.min(...mus)).to.be.within(-0.51, -0.35);
    expect(Math.max(...mus)).to.be.within(0.35, 0.51);
  });
});

describe('SquaredError', () => {
  it('is the sum of squares over outputs and samples, and its gradient matches finite differences', () => {
    const loss = new SquaredError();
    const [x, targets] = [normal([3, 5], 'x'), normal([3, 5], 't')];
    const total = sum(square(subtract(x, targets)));
    expect(loss.forward(x, targets)).to.be.closeTo(total, 1e-12);
    const numeric = numericalGradient((at) => loss.forward(at, targets), x);
    loss.forward(x, targets);
    expectClose(loss.backward(), numeric, 1e-7);
  });
});

describe('the norm variants', () => {
  it('make layers for any width, with noise that changes only when it is renewed', () => {
    const x = normal([6, 4], 'x');
    for (const variant of NORM_VARIANTS) {
      const layers = variantLayers(variant, new Random(1), 'float64')(4);
      const through = () => toNested(layers.reduce((out, layer) => layer.forward(out), x));
      const first = through();
      expect(through()).to.deep.equal(first);
      renewNoise(layers);
      if (variant.startsWith('nois')) expect(through()).not.to.deep.equal(first);
      else expect(through()).to.deep.equal(first);
    }
  });
});
