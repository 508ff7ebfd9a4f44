import { expect } from 'chai';
import { rankCorrelation } from '../../../src/node/experiments/rank-correlation.js';

describe('rankCorrelation', () => {
  it('is 1 for a rising curve of any shape, and −1 for a falling one', () => {
    const xs = [3, 0.1, 20, 7];
    expect(rankCorrelation(xs.map((x) => [x, Math.exp(x)]))).to.be.closeTo(1, 1e-12);
    expect(rankCorrelation(xs.map((x) => [x, 1 / x]))).to.be.closeTo(-1, 1e-12);
  });

  it('computes an example worked by hand: 1 − 6 Σd² / (n (n² − 1)), with d = 0, 1, −1, 0', () => {
    const pairs = [
      [1, 10],
      [2, 30],
      [3, 20],
      [4, 40],
    ] as const;
    expect(rankCorrelation(pairs)).to.be.closeTo(1 - (6 * 2) / (4 * 15), 1e-12);
  });

  it('gives equal values the mean of their ranks, and is NaN if all are equal', () => {
    const pairs = [
      [1, 1],
      [1, 2],
      [2, 3],
    ] as const;
    expect(rankCorrelation(pairs)).to.be.closeTo(Math.sqrt(3) / 2, 1e-12);
    expect(rankCorrelation(pairs.map(([, y]) => [5, y]))).to.be.NaN;
  });
});
