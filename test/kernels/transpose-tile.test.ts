import { expect } from 'chai';
import { isCheaperTransposed } from '../../src/kernels/transpose-tile.js';

describe('isCheaperTransposed', () => {
  it('transposes a product with wasted tiles: 200 × 100 has 40 × 13 tiles of 5 × 8, 100 × 200 has 20 × 25', () => {
    expect(isCheaperTransposed(200, 100, 3072)).to.equal(true);
    expect(isCheaperTransposed(100, 200, 3072)).to.equal(false);
    expect(isCheaperTransposed(200, 10, 100)).to.equal(true);
  });

  it('does not transpose if the number of tiles is the same, or if transposing C costs more than it saves', () => {
    expect(isCheaperTransposed(1024, 1024, 1024)).to.equal(false);
    expect(isCheaperTransposed(130, 1000, 3072)).to.equal(false);
    expect(isCheaperTransposed(200, 100, 64)).to.equal(false);
  });

  it('never transposes both a product and its transpose', () => {
    for (let n = 1; n <= 40; n++) {
      for (let m = 1; m <= 40; m++)
        expect(isCheaperTransposed(n, m, 500) && isCheaperTransposed(m, n, 500)).to.equal(false);
    }
  });
});
