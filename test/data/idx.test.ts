import { expect } from 'chai';
import { readIdx } from '../../src/data/idx.js';
import { InputError } from '../../src/index.js';

describe('readIdx', () => {
  const matrix = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

  it('reads the sizes as big-endian numbers, and the elements in the memory of the file', () => {
    const bytes = Uint8Array.from(matrix);
    const { shape, data } = readIdx(bytes, 'matrix');
    expect(shape).to.deep.equal([2, 3]);
    expect([...data]).to.deep.equal([1, 2, 3, 4, 5, 255]);
    expect(data.buffer).to.equal(bytes.buffer);
    expect(readIdx(Uint8Array.from([0, 0, 8, 1, 0, 0, 1, 0, ...Array(256).fill(7)]), 'long').shape).to.deep.equal([
      256,
    ]);
  });

  it('reads bytes that begin in the middle of a buffer', () => {
    const bytes = Uint8Array.from([9, 9, 9, ...matrix]).subarray(3);
    expect([...readIdx(bytes, 'matrix').data]).to.deep.equal([1, 2, 3, 4, 5, 255]);
  });

  for (const [what, bytes, sentence] of [
    ['other files', [80, 75, 3, 4, 0, 0, 0, 0], 'file is not an IDX file: it begins like a zip archive'],
    ['an empty file', [], 'file is not an IDX file: it is empty'],
    ['gzip data', [31, 139, 8, 0, 0, 0, 0, 0], 'file is not an IDX file: it begins like gzip data'],
    ['a type that IDX does not have', [0, 0, 7, ...matrix.slice(3)], 'file is not an IDX file: its header is wrong'],
    ['an incomplete header', matrix.slice(0, 9), 'file is incomplete: it ends inside its header'],
    ['other types', [0, 0, 13, ...matrix.slice(3)], 'file has numbers of type float32, not unsigned bytes'],
    ['too few elements', matrix.slice(0, -1), 'file is incomplete: its shape is (2, 3), and it has 5 elements'],
    ['too many', [...matrix, 0], 'file is too long: its shape is (2, 3), and it has 7 elements'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => readIdx(Uint8Array.from(bytes), 'file')).to.throw(InputError, sentence);
    });
  }
});
