import { expect } from 'chai';
import {
  abs,
  type Init,
  Linear,
  matmul,
  max,
  mean,
  type NdArray,
  Random,
  ReLU,
  square,
  toNested,
  transpose,
} from '../../src/index.js';
import { initialBias, initializer } from '../../src/layers/init.js';

const dtype = 'float64';
const drawn = (init: Init, shape: readonly number[]) => initializer(init)(shape, new Random(1), dtype);
const largest = (x: NdArray) => max(abs(x));

describe('the initialization of weights', () => {
  // 200 inputs and 300 outputs: 60,000 numbers, whose variance is within 2 % of that of their distribution.
  for (const [init, variance, bound] of [
    ['normal:0.02', 0.02 ** 2, undefined],
    ['pytorch', 1 / (3 * 200), 1 / Math.sqrt(200)],
    ['xavier', 2 / (200 + 300), Math.sqrt(6 / (200 + 300))],
    ['kaiming', 2 / 200, undefined],
  ] as const) {
    it(`${init} has mean 0 and a variance of ${variance.toPrecision(3)} for 200 inputs and 300 outputs`, () => {
      const weight = drawn(init, [300, 200]);
      expect(mean(weight)).to.be.closeTo(0, 4 * Math.sqrt(variance / 60_000));
      expect(mean(square(weight)) / variance).to.be.closeTo(1, 0.02);
      if (bound === undefined) expect(largest(weight)).to.be.greaterThan(3 * Math.sqrt(variance));
      else expect(largest(weight)).to.be.within(0.999 * bound, bound);
    });
  }

  it('zeros are zeros, and a function can draw any weights', () => {
    expect(toNested(drawn('zeros', [1, 2]))).to.deep.equal([[0, 0]]);
    const seven: Init = (shape, rng, dtype) => rng.normal(shape, { mean: 7, std: 0, dtype });
    expect(toNested(drawn(seven, [1, 2]))).to.deep.equal([[7, 7]]);
  });

  it('counts the positions of weights with more axes among the inputs and outputs', () => {
    expect(largest(drawn('pytorch', [8, 5, 4, 10]))).to.be.within(0.99 / Math.sqrt(200), 1 / Math.sqrt(200));
    const bound = Math.sqrt(6 / (200 + 320));
    expect(largest(drawn('xavier', [8, 5, 4, 10]))).to.be.within(0.99 * bound, bound);
  });

  it('of pytorch also draws the bias, after the weights, from the range of the weights; all others set it to 0', () => {
    const rng = new Random(3);
    const layer = new Linear(100, 500, { init: 'pytorch', rng: new Random(3), dtype });
    const { weight, bias } = layer;
    expect(toNested(weight.value)).to.deep.equal(toNested(initializer('pytorch')([500, 100], rng, dtype)));
    expect(bias && toNested(bias.value)).to.deep.equal(toNested(initialBias('pytorch', [500, 100], rng, dtype)));
    expect(bias && largest(bias.value)).to.be.within(0.098, 0.1);
    expect(bias && mean(square(bias.value)) * 300).to.be.closeTo(1, 0.15);
    for (const init of ['normal:1', 'xavier', 'kaiming', 'zeros'] as const) {
      expect(toNested(initialBias(init, [2, 3], rng, dtype))).to.deep.equal([0, 0]);
    }
  });

  it('keeps the size of activations: xavier through linear layers, kaiming through ReLU, and pytorch shrinks them', () => {
    const size = (init: Init, activation: (x: NdArray) => NdArray) => {
      const rng = new Random(init as string);
      let x = rng.normal([50, 400], { dtype });
      for (let i = 0; i < 6; i++) x = activation(matmul(x, transpose(initializer(init)([400, 400], rng, dtype))));
      return mean(square(x));
    };
    expect(size('xavier', (x) => x)).to.be.within(0.7, 1.4);
    expect(size('kaiming', (x) => new ReLU().forward(x))).to.be.within(0.7, 1.4);
    expect(size('pytorch', (x) => x) * 3 ** 6).to.be.within(0.7, 1.4);
  });

  it('refuses a name it does not know', () => {
    for (const init of ['magic', 'normal:', 'normal:-1', 'normal:Infinity', 'toString']) {
      expect(() => initializer(init as Init)).to.throw(
        "initializer: expected init to be 'normal:STD' with a standard deviation from 0 up, or one of 'pytorch', 'xavier', 'kaiming', " +
          `'zeros', got '${init}'`,
      );
    }
  });
});
