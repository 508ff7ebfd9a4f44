import { expect } from 'chai';
import {
  formatMagnitude,
  formatMean,
  formatTime,
  meanDeviation,
  median,
} from '../../../src/node/experiments/statistics.js';

describe('the statistics of a sample', () => {
  it('are its mean and its standard deviation, in an example worked by hand', () => {
    // Mean 4, squares 4 + 0 + 4, over 3 − 1.
    expect(meanDeviation([2, 4, 6])).to.deep.equal({ mean: 4, deviation: 2 });
  });

  it('have no deviation for one value, and throw without values', () => {
    expect(meanDeviation([0.5])).to.deep.equal({ mean: 0.5, deviation: null });
    expect(() => meanDeviation([])).to.throw(RangeError, 'expected at least one value');
  });

  it('are written with four digits', () => {
    expect(formatMean({ mean: 0.49121, deviation: 0.00534 })).to.equal('0.4912 ± 0.0053');
    expect(formatMean({ mean: 0.5, deviation: null })).to.equal('0.5000');
  });

  it('include times in seconds, minutes or hours', () => {
    expect([48.2, 312, 7200].map(formatTime)).to.deep.equal(['48 s', '5.2 min', '2.0 h']);
  });

  it('are written with three significant digits for any magnitude', () => {
    expect(formatMagnitude({ mean: 0.000321, deviation: 12.345 })).to.equal('3.2e-4 ± 12.3');
    expect(formatMagnitude({ mean: 123456, deviation: null })).to.equal('1.2e5');
    expect(formatMagnitude({ mean: Number.POSITIVE_INFINITY, deviation: Number.NaN })).to.equal('not finite ± none');
  });

  it('include the median, the upper one of two in the middle, without values that are not numbers', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, Number.NaN, 3, 2])).to.equal(3);
    expect(median([])).to.be.NaN;
  });
});
