import { expect } from 'chai';
import { cutOut } from '../../../src/data/augment/cutout.js';
import { cutout } from '../../../src/node.js';
import { numbered, outcomes, rowsOf } from './images.js';

/** The rows of the numbered image with a square covered. */
function covered(x: number, y: number, size: number): (number | null)[][] {
  const image = numbered();
  cutOut(image, x, y, size);
  return rowsOf(image);
}

describe('cutout', () => {
  it('covers a square in every channel with the background', () => {
    expect(covered(2, 1, 2)).to.deep.equal([
      [0, null, null, 3],
      [4, null, null, 7],
      [8, 9, 10, 11],
      [100, null, null, 103],
      [104, null, null, 107],
      [108, 109, 110, 111],
    ]);
    expect(covered(1, 1, 1)[1]).to.deep.equal([4, null, 6, 7]);
  });

  it('covers only the part of the square that is inside the image', () => {
    expect(covered(0, 2, 3)).to.deep.equal([
      [0, 1, 2, 3],
      [null, null, 6, 7],
      [null, null, 10, 11],
      [100, 101, 102, 103],
      [null, null, 106, 107],
      [null, null, 110, 111],
    ]);
    expect(covered(3, 0, 3)[0]).to.deep.equal([0, 1, null, null]);
    expect(
      covered(0, 0, 100)
        .flat()
        .every((pixel) => pixel === null),
    ).to.equal(true);
  });

  it('is centered on every pixel about equally often', () => {
    const counts = [...outcomes(cutout(1), 12_000).values()];
    expect(counts).to.have.length(12);
    for (const count of counts) expect(count).to.be.within(850, 1150);
  });

  it('refuses an invalid size', () => {
    expect(() => cutout(0)).to.throw('cutout: expected a whole number of pixels from 1 up, got 0');
  });
});
