import { expect } from 'chai';
import { mixUp, symmetricBeta } from '../../../src/data/augment/mixup.js';
import { array, oneHot, Random, toNested } from '../../../src/index.js';
import { arraySource, mixed } from '../../../src/node.js';
import { expectClose, normal } from '../../support/arrays.js';

describe('mixup', () => {
  it('mixes inputs and targets alike, in fresh memory', () => {
    const batch = {
      x: array(
        [
          [0, 8],
          [4, 0],
          [1, 1],
        ],
        'float64',
      ),
      targets: oneHot([0, 2, 2], 3, 'float64'),
    };
    const { x, targets } = mixUp(batch, [1, 0, 2], [0.75, 1, 0.3]);
    expectClose(
      x,
      [
        [1, 6],
        [4, 0],
        [1, 1],
      ],
      1e-15,
    );
    expectClose(
      targets,
      [
        [0.75, 0, 0.25],
        [0, 0, 1],
        [0, 0, 1],
      ],
      1e-15,
    );
    expect(toNested(batch.targets)).to.deep.equal(toNested(oneHot([0, 2, 2], 3, 'float64')));
  });

  it('mixes samples of any shape, with one weight per sample', () => {
    const x = normal([2, 3, 4], 1);
    const { x: out } = mixUp({ x, targets: oneHot([0, 1], 2, 'float64') }, [1, 0], [0.5, 0]);
    expect(out.get(0, 2, 3)).to.be.closeTo((x.get(0, 2, 3) + x.get(1, 2, 3)) / 2, 1e-15);
    expect(out.get(1, 2, 3)).to.equal(x.get(0, 2, 3));
  });

  it('draws batches whose targets are distributions, always the same for the same seed', () => {
    const source = arraySource(normal([6, 5], 1, 'float32'), oneHot([0, 1, 2, 0, 1, 2], 3));
    const draw = (seed: number) => {
      const batches = mixed(source, 0.4, new Random(seed));
      return [batches.batch([0, 1, 2, 3, 4, 5]), batches.batch([3, 1])].map(({ x, targets }) => [x, targets]);
    };
    expect(draw(1).map((arrays) => arrays.map(toNested))).to.deep.equal(draw(1).map((arrays) => arrays.map(toNested)));
    expect(toNested(draw(1)[0][0])).not.to.deep.equal(toNested(draw(2)[0][0]));
    const targets = draw(1)[0][1];
    for (let n = 0; n < 6; n++) {
      const row = [0, 1, 2].map((c) => targets.get(n, c));
      expect(row.reduce((a, b) => a + b)).to.be.closeTo(1, 1e-6);
      expect(row[n % 3]).to.be.greaterThan(0);
    }
  });

  it('draws weights with the mean and the variance of Beta(α, α)', () => {
    for (const alpha of [0.05, 0.3, 1, 4]) {
      const rng = new Random(`beta ${alpha}`);
      const draws = Array.from({ length: 20_000 }, () => symmetricBeta(alpha, rng));
      const mean = draws.reduce((a, b) => a + b) / draws.length;
      const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
      expect(mean).to.be.closeTo(1 / 2, 0.015);
      expect(variance).to.be.closeTo(1 / (4 * (2 * alpha + 1)), 0.005);
      expect(draws.every((share) => share >= 0 && share <= 1)).to.equal(true);
    }
  });

  it('refuses an invalid alpha', () => {
    const source = arraySource(normal([2, 2], 1), oneHot([0, 1], 2, 'float64'));
    expect(() => mixed(source, 0, new Random(1))).to.throw('mixed: expected alpha to be a number above 0, got 0');
  });
});
