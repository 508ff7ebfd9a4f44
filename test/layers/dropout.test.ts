import { expect } from 'chai';
import { array, assign, Dropout, mean, multiply, ones, Random, square, sum, toNested } from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';

const dtype = 'float64';

describe('Dropout', () => {
  it('computes an example worked by hand', () => {
    // A quarter is dropped, so what is kept counts 4/3; the coins are those that the generator throws.
    const coins = toNested(new Random(3).bernoulli([6], { p: 0.75 })) as number[];
    expect(new Set(coins)).to.deep.equal(new Set([0, 1]));
    const layer = new Dropout(0.25, { rng: new Random(3) });
    const x = [3, -6, 9, 12, 15, -18];
    const out = layer.forward(array(x, dtype));
    expectClose(
      out,
      coins.map((coin, i) => (coin * x[i] * 4) / 3),
      1e-15,
    );
    expectClose(
      layer.backward(array([6, 6, 6, 6, 6, 6], dtype)),
      coins.map((coin) => 8 * coin),
      1e-15,
    );
  });

  it('drops the given fraction, and keeps the mean', () => {
    for (const p of [0.1, 0.8]) {
      const out = new Dropout(p, { rng: new Random(1) }).forward(ones([300, 400], dtype));
      const dropped = out.data.filter((value) => value === 0).length / out.size;
      const deviation = Math.sqrt((p * (1 - p)) / out.size);
      expect(dropped).to.be.closeTo(p, 4 * deviation);
      expect(mean(out)).to.be.closeTo(1, (4 * deviation) / (1 - p));
    }
  });

  it('draws a new mask for each forward, from the given generator', () => {
    const [one, other] = [1, 1].map((seed) => new Dropout(0.5, { rng: new Random(seed) }));
    const x = ones([5, 6]);
    const first = toNested(one.forward(x));
    expect(toNested(other.forward(x))).to.deep.equal(first);
    expect(toNested(one.forward(x))).not.to.deep.equal(first);
  });

  it('is the identity in evaluation, forward and backward, and draws nothing', () => {
    const rng = new Random(1);
    const layer = new Dropout(0.5, { rng });
    const before = rng.state();
    layer.eval();
    const x = normal([3, 4], 1);
    expect(toNested(layer.forward(x))).to.deep.equal(toNested(x));
    expect(toNested(layer.backward(x))).to.deep.equal(toNested(x));
    expect(rng.state()).to.deep.equal(before);
    layer.train();
    expect(sum(square(layer.forward(x)))).not.to.equal(sum(square(x)));
  });

  it('drops nothing with p = 0', () => {
    const x = normal([3, 4], 1);
    expect(toNested(new Dropout(0, { rng: new Random(1) }).forward(x))).to.deep.equal(toNested(x));
  });

  it('gives the same for a view as for its copy, for any rank, and does not depend on later changes of its input', () => {
    for (const shape of [
      [3, 4],
      [2, 3, 5],
    ]) {
      const [one, other] = [1, 1].map((seed) => new Dropout(0.5, { rng: new Random(seed) }));
      const out = one.forward(scattered(normal(shape, 1)));
      expect(toNested(out)).to.deep.equal(toNested(other.forward(normal(shape, 1))));
      assign(out, 0);
      expect(toNested(one.backward(scattered(normal(shape, 2))))).to.deep.equal(
        toNested(other.backward(normal(shape, 2))),
      );
    }
  });

  it('is finite for the largest numbers that the scale allows', () => {
    const layer = new Dropout(0.5, { rng: new Random(1) });
    const out = layer.forward(multiply(ones([4, 4], dtype), Number.MAX_VALUE / 2));
    expect(new Set(out.data)).to.deep.equal(new Set([0, Number.MAX_VALUE]));
  });

  it('refuses an invalid probability, and requires a generator', () => {
    for (const p of [-0.1, 1, Number.NaN]) {
      expect(() => new Dropout(p, { rng: new Random(1) })).to.throw(
        `Dropout: expected a probability p from 0 up and below 1, got ${p}`,
      );
    }
    for (const options of [{}, undefined]) {
      expect(() => new Dropout(0.5, options as never)).to.throw(
        'Dropout: expected { rng }, the Random that draws its masks',
      );
    }
  });
});
