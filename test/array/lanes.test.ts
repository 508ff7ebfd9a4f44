import { expect } from 'chai';
import { lanesInFours } from '../../src/array/lanes.js';

describe('lanesInFours', () => {
  it('is the largest multiple of four, and 0 if the lanes are not contiguous', () => {
    for (const outer of [0, 1, 3, 4, 5, 7, 8, 11]) {
      expect(lanesInFours({ outer, inner: 1 })).to.equal(4 * Math.floor(outer / 4));
      expect(lanesInFours({ outer, inner: 2 })).to.equal(0);
    }
  });
});
