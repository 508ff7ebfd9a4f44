import { expect } from 'chai';
import { both, type Claim, claimsCells, clearlyBelow, not } from '../../../src/node/experiments/claims.js';

describe('the verdict on a claim', () => {
  const low = { mean: 1, deviation: 0.4 };

  it('holds if one mean is below another by more than both deviations', () => {
    expect(clearlyBelow(low, { mean: 2, deviation: 0.5 })).to.equal(true);
    expect(clearlyBelow(low, { mean: 2, deviation: 0.7 })).to.equal(false);
    expect(clearlyBelow({ mean: 2, deviation: 0.5 }, low)).to.equal(false);
  });

  it('is undecided if the spread is unknown, or a value is not a number', () => {
    expect(clearlyBelow(low, { mean: 2, deviation: null })).to.equal(null);
    expect(clearlyBelow(low, { mean: Number.POSITIVE_INFINITY, deviation: Number.NaN })).to.equal(null);
  });

  it('combines as a logic of three values', () => {
    expect([true, false, null].map(not)).to.deep.equal([false, true, null]);
    expect(both(true, true)).to.equal(true);
    expect(both(null, true)).to.equal(null);
    expect([both(false, null), both(null, false), both(false, true)]).to.deep.equal([false, false, false]);
  });

  it('is written in the table, except for runs that are not judged', () => {
    const claims = [true, false, null].map((holds): Claim => ({ claim: 'c', criterion: 'k', measured: 'm', holds }));
    const verdicts = (judged: boolean) => claimsCells(claims, judged).map((cells) => cells[3]);
    expect(verdicts(true)).to.deep.equal(['verdict', '**holds**', '**does not hold**', '**undecided**']);
    expect(verdicts(false)).to.deep.equal(['verdict', 'not judged', 'not judged', 'not judged']);
  });
});
