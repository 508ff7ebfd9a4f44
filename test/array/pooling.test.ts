import { expect } from 'chai';
import fc from 'fast-check';
import { array, avgPool2d, avgPool2dGradient, maxPool2d, maxPool2dGradient, toNested, zeros } from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';
import { dtypes, indicesOf } from '../support/naive.js';
import { addAt, images, type Meeting, meetings, options, type Setup, setups, windowCount } from '../support/windows.js';

/** Poolings of every kind. Of the few different numbers in an image, many are equal. */
const poolings = setups.filter(({ kernel, padding }) => [0, 1].every((a) => padding[a] <= kernel[a] / 2));

const cases = fc
  .tuple(poolings, dtypes)
  .chain(([setup, dtype]) =>
    fc.tuple(
      fc.constant(setup),
      images([setup.N, setup.I, ...setup.size], dtype),
      images([setup.N, setup.I, ...windowCount(setup)], dtype),
    ),
  );

/** The pixels of each window, in row-major order. */
function windowsOf(setup: Setup): { index: number[]; pixels: Meeting['pixel'][] }[] {
  const all = meetings(setup);
  return indicesOf([setup.N, setup.I, ...windowCount(setup)]).map((index) => ({
    index,
    pixels: all.filter(({ window }) => window[0] === index[2] && window[1] === index[3]).map(({ pixel }) => pixel),
  }));
}

describe('maxPool2d', () => {
  it('finds the first maximum of each window, padding aside, and its gradient goes there', () => {
    fc.assert(
      fc.property(cases, ([setup, x, dout]) => {
        const { out, indices } = maxPool2d(x, setup.kernel, options(setup));
        expect(out.dtype).to.equal(x.dtype);
        const dx = zeros(x.shape, 'float64');
        for (const { index, pixels } of windowsOf(setup)) {
          const plane = index.slice(0, 2);
          const values = pixels.map((pixel) => x.get(...plane, ...pixel));
          const most = Math.max(...values);
          const pixel = pixels[values.indexOf(most)];
          expect(out.get(...index)).to.equal(most);
          expect(indices.get(...index)).to.equal(pixel[0] * setup.size[1] + pixel[1]);
          addAt(dx, [...plane, ...pixel], dout.get(...index));
        }
        expect(out.shape).to.deep.equal(dout.shape);
        expectClose(maxPool2dGradient(dout, indices, setup.size), dx, 1e-6);
      }),
    );
  });

  it('breaks ties in favor of the first in row-major order', () => {
    const { out, indices } = maxPool2d(
      array([
        [
          [
            [1, 7, 7],
            [7, 7, 0],
          ],
        ],
      ]),
      [2, 3],
    );
    expect([out.get(0, 0, 0, 0), indices.get(0, 0, 0, 0)]).to.deep.equal([7, 1]);
  });

  it('never takes the padding: a window of negative numbers has a negative maximum', () => {
    expect(toNested(maxPool2d(array([[[[-5, -3]]]]), 3, { stride: 1, padding: 1 }).out)).to.deep.equal([[[[-3, -3]]]]);
    const { out, indices } = maxPool2d(array([[[[-Infinity, -Infinity]]]]), [1, 2]);
    expect([out.get(0, 0, 0, 0), indices.get(0, 0, 0, 0)]).to.deep.equal([-Infinity, 0]);
  });

  it('has the stride of its window by default, and leaves out an end that no window reaches', () => {
    expect(maxPool2d(zeros([1, 2, 5, 8]), [2, 3]).out.shape).to.deep.equal([1, 2, 2, 2]);
    const dx = maxPool2dGradient(array([[[[1]]]]), maxPool2d(array([[[[1, 2, 9]]]]), [1, 2]).indices, [1, 3]);
    expect(toNested(dx)).to.deep.equal([[[[0, 1, 0]]]]);
  });

  it('gives NaN to each window that contains it', () => {
    const x = array([[[[1, Number.NaN, 3, 4]]]]);
    expect(toNested(maxPool2d(x, [1, 2]).out)).to.deep.equal([[[[Number.NaN, 4]]]]);
  });

  it('refuses a padding of more than half a window, and gradients and positions that do not fit', () => {
    expect(() => maxPool2d(zeros([1, 1, 5, 5]), 3, { padding: 2 })).to.throw(
      'maxPool2d: expected a padding of at most half a window of 3 × 3, got 2 × 2',
    );
    const { indices } = maxPool2d(normal([1, 1, 4, 4], 1), 2);
    expect(() => maxPool2dGradient(zeros([1, 1, 2, 3]), indices, 4)).to.throw(
      'maxPool2dGradient: expected indices of shape (1, 1, 2, 3), got (1, 1, 2, 2)',
    );
    expect(() => maxPool2dGradient(zeros([1, 1, 2, 2]), indices, 2)).to.throw(
      'maxPool2dGradient: an image of 2 × 2 has no position',
    );
  });

  it('reads dout and positions through their strides', () => {
    const { indices } = maxPool2d(normal([2, 3, 5, 6], 1), 2);
    const dout = normal([2, 3, 2, 3], 2);
    const expected = maxPool2dGradient(dout, indices, [5, 6]);
    const flipped = indices.step(1, 1, -1, 1);
    expectClose(maxPool2dGradient(scattered(dout).step(1, 1, -1, 1), flipped, [5, 6]), expected, 1e-12);
  });
});

describe('avgPool2d', () => {
  it('divides the sum of each window by its size, padding included, and shares the gradient in the same way', () => {
    fc.assert(
      fc.property(cases, ([setup, x, dout]) => {
        const size = setup.kernel[0] * setup.kernel[1];
        const [expected, dx] = [zeros(dout.shape, 'float64'), zeros(x.shape, 'float64')];
        for (const { index, pixels } of windowsOf(setup)) {
          for (const pixel of pixels) {
            const at = [...index.slice(0, 2), ...pixel];
            addAt(expected, index, x.get(...at) / size);
            addAt(dx, at, dout.get(...index) / size);
          }
        }
        expectClose(avgPool2d(x, setup.kernel, options(setup)), expected, 1e-6);
        expectClose(avgPool2dGradient(dout, setup.size, setup.kernel, options(setup)), dx, 1e-6);
      }),
    );
  });

  it('refuses a padding of more than half a window, and a dout that does not fit', () => {
    expect(() => avgPool2d(zeros([1, 1, 5, 5]), [2, 3], { padding: [0, 2] })).to.throw(
      'avgPool2d: expected a padding of at most half a window of 2 × 3, got 0 × 2',
    );
    expect(() => avgPool2dGradient(zeros([1, 2, 2, 3]), 5, 2)).to.throw(
      'avgPool2dGradient: expected dout of shape (1, 2, 2, 2), got (1, 2, 2, 3)',
    );
    expect(() => avgPool2d(zeros([1, 1, 2, 2]), 3)).to.throw(
      'avgPool2d: a window of 3 × 3 does not fit into an image of',
    );
  });
});
