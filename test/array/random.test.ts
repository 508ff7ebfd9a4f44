import { expect } from 'chai';
import fc from 'fast-check';
import { mean, multiply, Random, slice, square, subtract, sum, toNested } from '../../src/index.js';

describe('Random', () => {
  it('gives the same numbers for the same seed, and different ones for another seed', () => {
    const draw = (seed: number | string) => toNested(new Random(seed).normal([5], { dtype: 'float64' }));
    expect(draw(42)).to.deep.equal(draw(42));
    expect(draw(42)).to.deep.equal(draw('42'));
    expect(draw(42)).not.to.deep.equal(draw(43));
  });

  it('still draws the numbers of the first version', () => {
    const rng = new Random(42);
    expect([...rng.permutation(8)]).to.deep.equal([7, 6, 4, 3, 2, 5, 1, 0]);
    expect(rng.nextNormal()).to.equal(0.6513469798422586);
    expect(toNested(rng.bernoulli([8], { p: 0.5 }))).to.deep.equal([0, 1, 0, 0, 1, 1, 0, 0]);
  });

  it('draws normal numbers with the given mean and standard deviation', () => {
    const x = new Random(1).normal([200, 500], { mean: 3, std: 2, dtype: 'float64' });
    const center = mean(x);
    const variance = mean(square(subtract(x, center)));
    expect(center).to.be.closeTo(3, 4 * (2 / Math.sqrt(100_000)));
    expect(Math.sqrt(variance)).to.be.closeTo(2, 0.02);
    const beyond = [...x.data].filter((v) => Math.abs(v - 3) > 2 * 1.96).length / 100_000;
    expect(beyond).to.be.closeTo(0.05, 0.003);
  });

  it('draws uniform numbers within their bounds', () => {
    const x = new Random(2).uniform([10_000], { low: -1, high: 3 });
    expect([...x.data].every((v) => v >= -1 && v < 3)).to.equal(true);
    expect(mean(x)).to.be.closeTo(1, 0.05);
    expect(x.dtype).to.equal('float32');
  });

  for (const p of [0.2, 0.5, 0.85]) {
    it(`throws coins: zeros and ones, as many ones as ${p} says, each coin by itself, the first as well`, () => {
      const x = new Random(5).bernoulli([300, 400], { p, dtype: 'float64' });
      expect(new Set(x.data)).to.deep.equal(new Set([0, 1]));
      expect(mean(x)).to.be.closeTo(p, 4 * Math.sqrt((p * (1 - p)) / 120_000));
      for (const apart of [1, 2]) {
        const both = multiply(slice(x, null, [0, 400 - apart]), slice(x, null, [apart, 400]));
        expect(mean(both)).to.be.closeTo(p ** 2, 5 * Math.sqrt((p ** 2 * (1 - p ** 2)) / 119_000));
      }
      const first = Array.from({ length: 2000 }, (_, seed) => new Random(seed).bernoulli([3], { p }).get(0));
      expect(first.filter((coin) => coin === 1).length / 2000).to.be.closeTo(p, 4 * Math.sqrt((p * (1 - p)) / 2000));
    });
  }

  it('draws only zeros for p = 0 and only ones for p = 1', () => {
    expect(sum(new Random(6).bernoulli([1000], { p: 0 }))).to.equal(0);
    expect(sum(new Random(6).bernoulli([1000], { p: 1 }))).to.equal(1000);
    expect(sum(new Random(6).bernoulli([1000], { p: 1e-12 }))).to.equal(0);
  });

  it('permutes: every number once, and every order about equally often', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 50 }), (seed, n) => {
        const order = [...new Random(seed).permutation(n)];
        expect(order.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: n }, (_, i) => i));
      }),
    );
    const counts = new Map<string, number>();
    const rng = new Random(3);
    for (let i = 0; i < 6000; i++) {
      const key = rng.permutation(3).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).to.equal(6);
    for (const count of counts.values()) expect(count).to.be.within(870, 1130);
  });

  it('continues from a saved state, which survives JSON, also between the two numbers of a normal pair', () => {
    const rng = new Random(4);
    rng.normal([3]);
    const saved = JSON.parse(JSON.stringify(rng.state()));
    const next = toNested(rng.normal([4], { dtype: 'float64' }));
    const other = new Random(999);
    other.restore(saved);
    expect(toNested(other.normal([4], { dtype: 'float64' }))).to.deep.equal(next);
    rng.restore(saved);
    expect(toNested(rng.normal([4], { dtype: 'float64' }))).to.deep.equal(next);
  });

  it('throws without a seed', () => {
    expect(() => new Random(Number.NaN)).to.throw('Random: expected a seed');
    expect(() => new Random(undefined as never)).to.throw('Random: expected a seed');
    expect(() => new Random(1).permutation(-1)).to.throw('Random.permutation');
    expect(() => new Random(1).normal([1.5])).to.throw('Random.normal');
    expect(() => new Random(1).normal([1], { std: -1 })).to.throw(
      'Random.normal: expected a standard deviation from 0 up, got -1',
    );
    expect(() => new Random(1).bernoulli([1], { p: 1.5 })).to.throw(
      'Random.bernoulli: expected a probability p from 0 to 1, got 1.5',
    );
    expect(() => new Random(1).uniform([1], { dtype: 'int32' as never })).to.throw('expected dtype float32 or float64');
  });
});
