import { expect } from 'chai';
import { flipHorizontally } from '../../../src/data/augment/flip.js';
import { flip } from '../../../src/node.js';
import { numbered, outcomes, rowsOf } from './images.js';

describe('flip', () => {
  it('mirrors every row of every channel', () => {
    const image = numbered();
    flipHorizontally(image);
    expect(rowsOf(image)).to.deep.equal([
      [3, 2, 1, 0],
      [7, 6, 5, 4],
      [11, 10, 9, 8],
      [103, 102, 101, 100],
      [107, 106, 105, 104],
      [111, 110, 109, 108],
    ]);
    flipHorizontally(image);
    expect(rowsOf(image)).to.deep.equal(rowsOf(numbered()));
  });

  it('leaves the middle of an odd row in its place', () => {
    const pixels = Float32Array.of(1, 2, 3);
    flipHorizontally({ pixels, background: new Float32Array(3), shape: { channels: 1, height: 1, width: 3 } });
    expect([...pixels]).to.deep.equal([3, 2, 1]);
  });

  it('mirrors every second image, at random', () => {
    const counts = [...outcomes(flip(), 1000).values()];
    expect(counts).to.have.length(2);
    for (const count of counts) expect(count).to.be.within(450, 550);
  });
});
