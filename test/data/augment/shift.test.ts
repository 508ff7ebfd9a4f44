import { expect } from 'chai';
import { shiftBy } from '../../../src/data/augment/shift.js';
import { shift } from '../../../src/node.js';
import { numbered, outcomes, rowsOf } from './images.js';

/** The rows of the numbered image, moved. */
function moved(right: number, down: number): (number | null)[][] {
  const image = numbered();
  shiftBy(image, right, down);
  return rowsOf(image);
}

describe('shift', () => {
  it('moves every channel, and fills with the background', () => {
    expect(moved(1, 0)).to.deep.equal([
      [null, 0, 1, 2],
      [null, 4, 5, 6],
      [null, 8, 9, 10],
      [null, 100, 101, 102],
      [null, 104, 105, 106],
      [null, 108, 109, 110],
    ]);
    expect(moved(-2, 1)).to.deep.equal([
      [null, null, null, null],
      [2, 3, null, null],
      [6, 7, null, null],
      [null, null, null, null],
      [102, 103, null, null],
      [106, 107, null, null],
    ]);
    expect(moved(3, -2)).to.deep.equal([
      [null, null, null, 8],
      [null, null, null, null],
      [null, null, null, null],
      [null, null, null, 108],
      [null, null, null, null],
      [null, null, null, null],
    ]);
    expect(moved(0, 0)).to.deep.equal(rowsOf(numbered()));
  });

  it('equals padding and cropping, for every shift', () => {
    const rows = rowsOf(numbered());
    for (let right = -4; right <= 4; right++) {
      for (let down = -3; down <= 3; down++) {
        const expected = rows.map((row, at) =>
          row.map((_, x) => {
            const [y, channel] = [at % 3, Math.floor(at / 3)];
            return y - down >= 0 && y - down < 3 ? (rows[channel * 3 + y - down][x - right] ?? null) : null;
          }),
        );
        expect(moved(right, down), `${right}, ${down}`).to.deep.equal(expected);
      }
    }
  });

  it('moves by every distance up to the maximum, each about equally often', () => {
    const counts = [...outcomes(shift(1), 9000).values()];
    expect(counts).to.have.length(9);
    for (const count of counts) expect(count).to.be.within(850, 1150);
  });

  it('refuses an invalid distance', () => {
    expect(() => shift(0)).to.throw('shift: expected a whole number of pixels from 1 up, got 0');
    expect(() => shift(1.5)).to.throw('got 1.5');
  });
});
