import { expect } from 'chai';
import { pairedInterval, ratioBelow, ratioText } from '../../../src/node/experiments/paired-ratio.js';

const values = (...list: number[]) => new Map(list.map((value, seed) => [seed, value]));

describe('pairedInterval', () => {
  it('is the geometric mean of the paired ratios, with Student’s interval of the logarithms', () => {
    // Logarithms ln 2 and ln 8: mean ln 4, deviation √2 ln 2, so that half the interval is 6.314 ln 2.
    const interval = pairedInterval(values(2, 80), values(1, 10));
    expect(interval?.ratio).to.be.closeTo(4, 1e-12);
    expect(interval?.low).to.be.closeTo(4 / 2 ** 6.314, 1e-9);
    expect(interval?.high).to.be.closeTo(4 * 2 ** 6.314, 1e-9);
  });

  it('compares runs with the same seed only', () => {
    const interval = pairedInterval(
      new Map([
        [7, 1],
        [8, 3],
        [9, 100],
      ]),
      new Map([
        [8, 6],
        [7, 2],
      ]),
    );
    expect(interval).to.deep.include({ seeds: 2 });
    expect(interval?.ratio).to.be.closeTo(0.5, 1e-12);
  });

  it('says nothing with one seed, or when only some runs diverged', () => {
    expect(pairedInterval(values(1), values(2))).to.equal(undefined);
    expect(pairedInterval(values(1, 1), values(2, Number.POSITIVE_INFINITY))).to.equal(undefined);
    expect(pairedInterval(values(Number.NaN, Number.NaN), values(2, 2))).to.equal(undefined);
    const both = values(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    expect(pairedInterval(both, both)).to.equal(undefined);
  });
});

describe('ratioBelow', () => {
  it('decides only when the bound is outside the interval', () => {
    const around = (low: number, high: number) => ({ ratio: (low + high) / 2, low, high, seeds: 2 });
    expect(ratioBelow(around(0.5, 0.9))).to.equal(true);
    expect(ratioBelow(around(0.5, 1.1))).to.equal(null);
    expect(ratioBelow(around(1.1, 2))).to.equal(false);
    expect(ratioBelow(around(0.85, 0.95), 0.8)).to.equal(false);
    expect(ratioBelow(undefined)).to.equal(null);
  });

  it('leaves seeds undecided that differ as in the deep linear net', () => {
    expect(ratioBelow(pairedInterval(values(2e5, 2e6), values(1e6, 2.2e8)))).to.equal(null);
  });

  it('knows a winner if every run of the other arm diverged', () => {
    const interval = pairedInterval(values(1, 2), values(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY));
    expect(ratioBelow(interval)).to.equal(true);
    expect(ratioText(interval)).to.equal('ratio 0 (0 to 0)');
  });
});
