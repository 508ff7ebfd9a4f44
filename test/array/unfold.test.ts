import { expect } from 'chai';
import fc from 'fast-check';
import { array, fold, multiply, sum, toNested, unfold, zeros } from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';
import { dtypes, indicesOf } from '../support/naive.js';
import { addAt, CORNERS, images, meetings, options, type Setup, setups, windowCount } from '../support/windows.js';

/** Every pixel that unfold copies, with the element that it goes to. */
function copies(setup: Setup): { from: number[]; to: number[] }[] {
  const [, OW] = windowCount(setup);
  const [KH, KW] = setup.kernel;
  return indicesOf([setup.N, setup.I]).flatMap(([n, c]) =>
    meetings(setup).map(({ window, position, pixel }) => ({
      from: [n, c, ...pixel],
      to: [n, (c * KH + position[0]) * KW + position[1], window[0] * OW + window[1]],
    })),
  );
}

const columnsShape = (setup: Setup) => {
  const [OH, OW] = windowCount(setup);
  return [setup.N, setup.I * setup.kernel[0] * setup.kernel[1], OH * OW];
};

describe('unfold', () => {
  it('copies every window into a column, with 0 for padding, for any size, stride, padding, layout and dtype', () => {
    const cases = fc
      .tuple(setups, dtypes)
      .chain(([setup, dtype]) => fc.tuple(fc.constant(setup), images([setup.N, setup.I, ...setup.size], dtype)));
    fc.assert(
      fc.property(cases, ([setup, x]) => {
        const expected = zeros(columnsShape(setup), x.dtype);
        for (const { from, to } of copies(setup)) expected.set(...to, x.get(...from));
        const columns = unfold(x, setup.kernel, options(setup));
        expectClose(columns, expected, 0);
        expect(columns.dtype).to.equal(x.dtype);
      }),
    );
  });

  it('gives the four windows of a 3 × 3 image in reading order', () => {
    const x = array([
      [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
    ]);
    expect(toNested(unfold(x, 2))).to.deep.equal([
      [
        [1, 2, 4, 5],
        [2, 3, 5, 6],
        [4, 5, 7, 8],
        [5, 6, 8, 9],
      ],
    ]);
  });

  it('refuses an x that is not a batch of images', () => {
    expect(() => unfold(zeros([3, 4, 5]), 2)).to.throw('unfold: expected x of shape (N, C, H, W), got (3, 4, 5)');
    expect(() => unfold(zeros([1, 1, 4, 5]), 1.5)).to.throw(
      'unfold: expected kernelSize to be a whole number from 1 up',
    );
  });
});

describe('fold', () => {
  it('adds every column back to the pixels that it came from', () => {
    const cases = fc
      .tuple(setups, dtypes)
      .chain(([setup, dtype]) => fc.tuple(fc.constant(setup), images(columnsShape(setup), dtype)));
    fc.assert(
      fc.property(cases, ([setup, columns]) => {
        const expected = zeros([setup.N, setup.I, ...setup.size], columns.dtype);
        for (const { from, to } of copies(setup)) addAt(expected, from, columns.get(...to));
        expectClose(fold(columns, setup.size, setup.kernel, options(setup)), expected, 1e-6);
      }),
    );
  });

  it('is the transpose of unfold: ⟨unfold(x), c⟩ = ⟨x, fold(c)⟩', () => {
    for (const setup of Object.values(CORNERS)) {
      const x = scattered(normal([setup.N, setup.I, ...setup.size], 1));
      const columns = scattered(normal(columnsShape(setup), 2));
      const left = sum(multiply(unfold(x, setup.kernel, options(setup)), columns));
      const right = sum(multiply(x, fold(columns, setup.size, setup.kernel, options(setup))));
      expect(left).to.be.closeTo(right, 1e-12);
    }
  });

  it('refuses columns that no image of the size has', () => {
    expect(() => fold(zeros([1, 8, 5]), 3, 2)).to.throw('fold: expected columns of shape (N, C · 4, 4), got (1, 8, 5)');
    expect(() => fold(zeros([1, 6, 4]), 3, 2)).to.throw('fold: expected columns of shape (N, C · 4, 4), got (1, 6, 4)');
  });
});
