import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { array, decodeNpy, decodeNpz, encodeNpy, InputError, type Nested, toNested } from '../../src/index.js';
import { fixtureBytes, fixtureText } from '../support/fixtures.js';
import { arraysOf, shapes } from '../support/naive.js';

const grid = [
  [0, 1 / 7, 2 / 7],
  [3 / 7, 4 / 7, 5 / 7],
];

describe('the .npy format', () => {
  it('round-trips every shape, dtype and layout, bit for bit', () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) => arraysOf(shape)),
        (x) => {
          const back = decodeNpy(encodeNpy(x));
          expect(back.dtype).to.equal(x.dtype);
          expect(back.shape).to.deep.equal(x.shape);
          expect(toNested(back)).to.deep.equal(toNested(x));
        },
      ),
    );
  });

  it('writes the same bytes as NumPy', () => {
    const { grid: own } = decodeNpz(fixtureBytes('numpy.npz'));
    const inside = fixtureBytes('numpy.npz');
    const bytes = encodeNpy(own);
    expect(Buffer.from(inside).includes(Buffer.from(bytes))).to.equal(true);
    expect(bytes.length % 64).to.equal((6 * 8) % 64);
  });

  it('reads NumPy’s Fortran order and big-endian numbers', () => {
    expect(toNested(decodeNpy(fixtureBytes('fortran.npy')))).to.deep.equal(grid);
    const big = decodeNpy(fixtureBytes('big-endian.npy'));
    expect(big.dtype).to.equal('float32');
    expect(toNested(big)).to.deep.equal(grid.map((row) => row.map(Math.fround)));
  });

  it('throws for a file that is not .npy, incomplete, or of another type, and names it', () => {
    const bytes = encodeNpy(array(grid, 'float64'));
    expect(() => decodeNpy(new Uint8Array(20), 'w.npy')).to.throw(InputError, 'w.npy is not a NumPy .npy file');
    expect(() => decodeNpy(bytes.subarray(0, 30), 'w.npy')).to.throw('w.npy is incomplete');
    expect(() => decodeNpy(bytes.subarray(0, -1), 'w.npy')).to.throw(
      'w.npy should have 48 bytes of data for shape (2, 3), but has 47',
    );
    const damaged = bytes.slice();
    damaged.fill(0x21, 12, 40);
    expect(() => decodeNpy(damaged, 'w.npy')).to.throw('w.npy has a damaged .npy header');
    const two = Buffer.concat([bytes, bytes]);
    expect(() => decodeNpy(two, 'w.npy')).to.throw('w.npy holds more than one array');
    expect(() => decodeNpy(gzipSync(bytes), 'w.npy')).to.throw('not a NumPy .npy file: it begins like gzip data');
    expect(() => decodeNpy(new Uint8Array(0), 'w.npy')).to.throw('w.npy is not a NumPy .npy file: it is empty');
  });

  it('reads every numeric type of NumPy exactly, in both byte orders and in Fortran order', () => {
    const types: Record<string, string[][]> = JSON.parse(fixtureText('npy/types.json'));
    expect(Object.keys(types)).to.have.length(12);
    for (const [code, text] of Object.entries(types)) {
      const values = text.map((row) => row.map((digits) => Number(digits.replace('inf', 'Infinity'))));
      const { little, big, f } = decodeNpz(fixtureBytes(`npy/${code}.npz`));
      for (const x of [little, big, f]) {
        expect(toNested(x), code).to.deep.equal(values);
        expect(x.dtype, code).to.equal(code === 'f2' || code === 'f4' ? 'float32' : 'float64');
      }
    }
  });

  it('refuses only integers that no float64 equals', () => {
    const int64 = (values: bigint[]) => {
      const header = `{'descr': '<i8', 'fortran_order': False, 'shape': (${values.length},)}`;
      const text = Buffer.from(header, 'latin1');
      const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length, 0]);
      return Buffer.concat([start, text, new Uint8Array(BigInt64Array.from(values).buffer)]);
    };
    expect(toNested(decodeNpy(int64([2n ** 60n, -(2n ** 63n)])))).to.deep.equal([2 ** 60, -(2 ** 63)]);
    expect(() => decodeNpy(int64([0n, 2n ** 53n + 1n]), 'n.npy')).to.throw(
      InputError,
      'n.npy has the int64 9007199254740993 as element 1, and no float64 is exactly that number',
    );
  });

  it('reads each header that NumPy reads, and refuses each that NumPy refuses', () => {
    const headers: { text: string; hex: string; values?: Nested; error?: string }[] = JSON.parse(
      fixtureText('npy/headers.json'),
    );
    expect(headers.filter(({ values }) => values !== undefined)).to.have.length.above(30);
    expect(headers.filter(({ error }) => error !== undefined)).to.have.length.above(10);
    for (const { text, hex, values, error } of headers) {
      const bytes = Buffer.from(hex, 'hex');
      if (values !== undefined) expect(toNested(decodeNpy(bytes)), text).to.deep.equal(values);
      if (error !== undefined) expect(() => decodeNpy(bytes, 'h.npy'), text).to.throw(InputError, /^h\.npy has /);
    }
  });

  it('names the version of a file that NumPy does not have', () => {
    const later = encodeNpy(array(grid, 'float64'));
    later[6] = 4;
    expect(() => decodeNpy(later, 'w.npy')).to.throw('w.npy has version 4.0 of the .npy format');
  });
});
