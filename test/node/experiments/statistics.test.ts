import { expect } from 'chai';
import { summary, summaryText, timeText } from '../../../src/node/experiments/summary.js';

describe('a summary of figures', () => {
  it('is their mean and the standard deviation of the sample, worked by hand', () => {
    // Mean 4, squares 4 + 0 + 4, over 3 − 1.
    expect(summary([2, 4, 6])).to.deep.equal({ mean: 4, deviation: 2 });
  });

  it('has no deviation where there is one figure, and is nothing where there is none', () => {
    expect(summary([0.5])).to.deep.equal({ mean: 0.5, deviation: null });
    expect(() => summary([])).to.throw(RangeError, 'expected at least one figure');
  });

  it('is written with four digits', () => {
    expect(summaryText({ mean: 0.49121, deviation: 0.00534 })).to.equal('0.4912 ± 0.0053');
    expect(summaryText({ mean: 0.5, deviation: null })).to.equal('0.5000');
  });

  it('has times in seconds, minutes or hours', () => {
    expect([48.2, 312, 7200].map(timeText)).to.deep.equal(['48 s', '5.2 min', '2.0 h']);
  });
});
