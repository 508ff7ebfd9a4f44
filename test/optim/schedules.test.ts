import { expect } from 'chai';
import { constantSchedule, cosineSchedule, stepSchedule, withWarmUp } from '../../src/index.js';

describe('the schedules', () => {
  const shares = (schedule: (step: number) => number, count: number) =>
    Array.from({ length: count }, (_, step) => Math.round(schedule(step) * 1e12) / 1e12);

  it('constant is 1', () => {
    expect(shares(constantSchedule(), 3)).to.deep.equal([1, 1, 1]);
  });

  it('step is multiplied by its factor after every given number of steps', () => {
    expect(shares(stepSchedule(2, 0.5), 7)).to.deep.equal([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]);
  });

  it('cosine decreases from 1 to its last value, is halfway at half of the steps, and then stays', () => {
    expect(shares(cosineSchedule(4), 7)).to.deep.equal([1, 0.853553390593, 0.5, 0.146446609407, 0, 0, 0]);
    expect(shares(cosineSchedule(2, 0.2), 4)).to.deep.equal([1, 0.6, 0.2, 0.2]);
  });

  it('warm-up grows linearly from above 0 to the start of the other schedule', () => {
    expect(shares(withWarmUp(3, stepSchedule(2, 0.5)), 7)).to.deep.equal([0.25, 0.5, 0.75, 1, 1, 0.5, 0.5]);
    expect(shares(withWarmUp(0, stepSchedule(1, 0.5)), 3)).to.deep.equal([1, 0.5, 0.25]);
  });

  it('refuse invalid arguments', () => {
    expect(() => stepSchedule(0, 0.5)).to.throw('stepSchedule: expected every to be a whole number from 1 up, got 0');
    expect(() => stepSchedule(1, 1.5)).to.throw('stepSchedule: expected factor to be above 0 and at most 1, got 1.5');
    expect(() => cosineSchedule(2.5)).to.throw(
      'cosineSchedule: expected steps to be a whole number from 1 up, got 2.5',
    );
    expect(() => cosineSchedule(5, -1)).to.throw('cosineSchedule: expected last to be from 0 to 1, got -1');
    expect(() => withWarmUp(-1, constantSchedule())).to.throw('withWarmUp: expected steps to be a whole number');
  });
});
