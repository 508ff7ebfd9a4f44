import { expect } from 'chai';
import { zipSync } from 'fflate';
import { readIdx } from '../../src/data/idx.js';
import {
  array,
  decodeNpy,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  InputError,
  listNpz,
  Random,
  toNested,
} from '../../src/index.js';
import { damaged } from '../support/damage.js';
import { fixtureBytes } from '../support/fixtures.js';

const MUTATIONS = 1000;
const grid = array(
  [
    [1, -2, 3],
    [0.5, 1 / 3, 7],
  ],
  'float64',
);

/** What `read` returns for a damaged file, or undefined if it refuses the file as it should: in one sentence. */
function resultOf<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).to.match(/^file\b.{10,400}$/u);
    expect(error.message).to.not.match(/undefined|NaN|\[object|\n/);
    return undefined;
  }
}

/** Checks 1,000 damaged copies of the files, in turn, and that no copy costs much time, and all cost little memory. */
function checkDamage(files: readonly Uint8Array[], check: (bytes: Uint8Array, original: number) => boolean): void {
  const rng = new Random(17);
  const most = process.resourceUsage().maxRSS;
  let read = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = damaged(files[i % files.length], rng);
    const start = performance.now();
    if (check(bytes, i % files.length)) read++;
    expect(performance.now() - start, `mutation ${i} in ms`).to.be.below(2000);
    expect(process.memoryUsage().arrayBuffers, `mutation ${i} in bytes`).to.be.below(200e6);
  }
  expect((process.resourceUsage().maxRSS - most) * 1024, 'growth of the memory in bytes').to.be.below(200e6);
  // Both happen: a change in a part that does not matter, and a change that is refused.
  expect(read).to.be.within(1, MUTATIONS - 1);
}

describe('1,000 damaged copies of a file are refused in one sentence or read right, in little time and memory', () => {
  it('.npz: an array that is read is one that the archive had', () => {
    const large = encodeNpy(array(Array.from({ length: 5000 }, (_, i) => i % 7)));
    const files = [
      fixtureBytes('numpy.npz'),
      fixtureBytes('numpy-compressed.npz'),
      encodeNpz({ γ: grid, bias: array([1, 2]) }),
      zipSync({ 'a.npy': large, 'b.npy': encodeNpy(grid) }),
      fixtureBytes('npy/mixed.npz'),
    ];
    const originals = files.map((bytes) => new Map(readable(bytes)));
    checkDamage(files, (bytes, original) => {
      resultOf(() => listNpz(bytes, 'file'));
      const arrays = resultOf(() => readable(bytes));
      for (const [key, value] of arrays ?? []) expect(value, key).to.equal(originals[original].get(key));
      return arrays !== undefined;
    });
  }).timeout(20_000);

  it('.npy: an array that is read has the elements that its header says', () => {
    const files = [encodeNpy(grid), fixtureBytes('fortran.npy'), fixtureBytes('big-endian.npy')];
    checkDamage(files, (bytes, original) => {
      const x = resultOf(() => decodeNpy(bytes, 'file'));
      if (x === undefined) return false;
      const start = 10 + Buffer.from(bytes).readUInt16LE(8);
      expect([1, 2, 4, 8].map((width) => x.size * width)).to.include(bytes.length - start);
      const untouched = Buffer.compare(bytes.subarray(0, start), files[original].subarray(0, start)) === 0;
      if (untouched && original === 0) {
        expect(Array.from(x.data)).to.deep.equal(
          Array.from({ length: 6 }, (_, i) => Buffer.from(bytes).readDoubleLE(start + 8 * i)),
        );
      }
      return true;
    });
  });

  it('IDX: an array that is read has the elements that its header says', () => {
    const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 40, ...Array(40).fill(7)]);
    const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 5, ...Array(30).fill(9)]);
    checkDamage([labels, images], (bytes) => {
      const idx = resultOf(() => readIdx(bytes, 'file'));
      if (idx === undefined) return false;
      expect(idx.data).to.have.length(idx.shape.reduce((product, size) => product * size));
      expect(Buffer.compare(idx.data, bytes.subarray(4 + 4 * idx.shape.length))).to.equal(0);
      return true;
    });
  });
});

/** Each array that can be read, as text, by name. */
function readable(bytes: Uint8Array): [string, string][] {
  const arrays = decodeNpz(bytes, 'file');
  return Object.keys(arrays).flatMap((key): [string, string][] => {
    const x = resultOf(() => arrays[key]);
    return x === undefined ? [] : [[key, `${x.dtype} ${JSON.stringify(toNested(x))}`]];
  });
}
