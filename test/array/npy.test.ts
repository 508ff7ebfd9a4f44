import { expect } from 'chai';
import fc from 'fast-check';
import { array, decodeNpy, decodeNpz, encodeNpy, encodeNpz, InputError, toNested, transpose } from '../../src/index.js';
import { fixtureBytes } from '../support/fixtures.js';
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
    expect(() => decodeNpy(fixtureBytes('integers.npy'), 'i.npy')).to.throw("i.npy has elements of type '<i8'");
    const damaged = bytes.slice();
    damaged.fill(0x21, 12, 40);
    expect(() => decodeNpy(damaged, 'w.npy')).to.throw('w.npy has a damaged .npy header');
  });
});

describe('the .npz format', () => {
  it('reads archives of NumPy, stored or compressed', () => {
    const arrays = decodeNpz(fixtureBytes('numpy.npz'));
    expect(Object.keys(arrays)).to.deep.equal(['grid', 'single', 'scalar', 'vector']);
    expect(toNested(arrays.grid)).to.deep.equal(grid);
    expect(arrays.single.dtype).to.equal('float32');
    expect(toNested(arrays.scalar)).to.equal(2.5);
    expect(toNested(arrays.vector)).to.deep.equal([1.5, -0]);
    expect(toNested(decodeNpz(fixtureBytes('numpy-compressed.npz')).grid)).to.deep.equal(grid);
  });

  it('round-trips arrays by name, also views, and always writes the same bytes', () => {
    const arrays = { 'layers.0.weight': transpose(array(grid, 'float32')), bias: array([1], 'float64') };
    const bytes = encodeNpz(arrays);
    const back = decodeNpz(bytes);
    expect(Object.keys(back)).to.deep.equal(Object.keys(arrays));
    expect(toNested(back['layers.0.weight'])).to.deep.equal(toNested(arrays['layers.0.weight']));
    expect(encodeNpz(arrays)).to.deep.equal(bytes);
  });

  it('throws for an archive with one flipped bit, compressed or not', () => {
    for (const bytes of [encodeNpz({ w: array(grid, 'float64') }), Uint8Array.from(fixtureBytes('numpy.npz'))]) {
      const flipped = bytes.slice();
      flipped[170] ^= 16;
      expect(() => decodeNpz(flipped, 'model.npz')).to.throw(InputError, /^model\.npz/);
    }
  });

  it('throws for bytes that are not an archive, and names the file', () => {
    expect(() => decodeNpz(new Uint8Array(50), 'model.npz')).to.throw(
      InputError,
      'model.npz is not a readable .npz file',
    );
    expect(() => decodeNpz(encodeNpz({ a: array([1]) }).subarray(0, 60), 'model.npz')).to.throw('model.npz');
  });
});
