import { expect } from 'chai';
import { strToU8, type Zippable, zipSync } from 'fflate';
import {
  array,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  InputError,
  Linear,
  listNpz,
  type NdArray,
  Random,
  toNested,
  transpose,
} from '../../src/index.js';
import { fixtureBytes } from '../support/fixtures.js';

const grid = [
  [0, 1 / 7, 2 / 7],
  [3 / 7, 4 / 7, 5 / 7],
];

describe('the .npz format', () => {
  it('reads archives of NumPy, stored or compressed', () => {
    const arrays = decodeNpz(fixtureBytes('numpy.npz'));
    expect(Object.keys(arrays)).to.deep.equal(['grid', 'single', 'scalar', 'vector']);
    expect(toNested(arrays.grid)).to.deep.equal(grid);
    expect(arrays.single.dtype).to.equal('float32');
    expect(toNested(arrays.scalar)).to.equal(2.5);
    expect(toNested(arrays.vector)).to.deep.equal([1.5, -0]);
    expect(toNested(decodeNpz(fixtureBytes('numpy-compressed.npz')).grid)).to.deep.equal(grid);
    expect(decodeNpz(fixtureBytes('npy/none.npz'))).to.deep.equal({});
  });

  it('reads an archive whose sizes are in zip64', () => {
    const { a, b } = decodeNpz(fixtureBytes('npy/zip64.npz'));
    expect([toNested(a), toNested(b)]).to.deep.equal([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('round-trips arrays by name, also views, and always writes the same bytes', () => {
    const arrays = { 'layers.0.weight': transpose(array(grid, 'float32')), bias: array([1], 'float64') };
    const bytes = encodeNpz(arrays);
    const back = decodeNpz(bytes);
    expect(Object.keys(back)).to.deep.equal(Object.keys(arrays));
    expect(toNested(back['layers.0.weight'])).to.deep.equal(toNested(arrays['layers.0.weight']));
    expect(encodeNpz(arrays)).to.deep.equal(bytes);
  });

  it('writes the same bytes as fflate', () => {
    const arrays = { 'layers.0.weight': array(grid, 'float32'), γ: array([1], 'float64'), '': array(2) };
    const files: Zippable = {};
    for (const [name, x] of Object.entries(arrays)) files[`${name}.npy`] = encodeNpy(x);
    const mtime = new Date(1980, 0, 1);
    expect(Buffer.from(encodeNpz(arrays)).equals(zipSync(files, { level: 0, mtime }))).to.equal(true);
    expect(Buffer.from(encodeNpz({})).equals(zipSync({}))).to.equal(true);
  });

  it('keeps names in any script, its own and those that NumPy wrote', () => {
    const names = ['γ', '層.0/weight', 'é b', '0', '__proto__'];
    const written = decodeNpz(fixtureBytes('npy/names.npz'));
    expect(names.map((name) => written[name].size)).to.deep.equal([1, 2, 3, 4, 5]);
    const own = decodeNpz(encodeNpz(written));
    expect(names.map((name) => own[name].size)).to.deep.equal([1, 2, 3, 4, 5]);
    expect(Object.keys(own)).to.have.members(names);
    expect(Object.keys(decodeNpz(fixtureBytes('npy/cp437.npz')))).to.deep.equal(['éΓ']);
    for (const name of ['\ud800', 'a\0b']) {
      expect(() => encodeNpz({ [name]: array(1) })).to.throw(InputError, 'encodeNpz: the name');
    }
  });

  it('round-trips 70,000 arrays', () => {
    const x = array(1, 'float32');
    const arrays: Record<string, NdArray> = {};
    for (let i = 0; i < 70_000; i++) arrays[`a${i}`] = x;
    const back = decodeNpz(encodeNpz(arrays));
    expect(Object.keys(back)).to.deep.equal(Object.keys(arrays));
  });

  it('reads the other arrays of an archive with arrays that cannot be read, which say what they are', () => {
    const arrays = decodeNpz(fixtureBytes('npy/mixed.npz'), 'm.npz');
    expect(toNested(arrays.weight)).to.deep.equal([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(toNested(arrays.num_batches_tracked)).to.equal(7);
    expect(toNested(arrays.bare)).to.deep.equal([1, 1]);
    const sentences: Record<string, string> = {
      huge: 'm.npz, array huge.npy has the int64 9007199254740993 as element 1',
      words: "m.npz, array words.npy has elements of type '<U3' (text)",
      complex: "m.npz, array complex.npy has elements of type '<c16' (complex)",
      objects: "m.npz, array objects.npy has elements of type '|O' (Python objects (a pickle))",
      table: 'm.npz, array table.npy has structured elements',
      dates: "m.npz, array dates.npy has elements of type '<M8[D]' (dates)",
      spans: "m.npz, array spans.npy has elements of type '<m8[s]' (time differences)",
      extended: "m.npz, array extended.npy has elements of type '<f16' (long double numbers)",
      bzip2: 'm.npz, array bzip2.npy cannot be read: it is compressed with bzip2',
      cut: 'm.npz, array cut.npy should have 16 bytes of data for shape (2,), but has 15',
    };
    expect(Object.keys(arrays)).to.have.members(['weight', 'num_batches_tracked', 'bare', ...Object.keys(sentences)]);
    for (const [key, sentence] of Object.entries(sentences)) {
      expect(() => arrays[key], key).to.throw(InputError, sentence);
    }
  });

  it('lists what an archive contains', () => {
    const entries = listNpz(fixtureBytes('npy/mixed.npz'), 'm.npz');
    expect(entries[0]).to.deep.equal({ file: 'weight.npy', dtype: 'float32', shape: [2, 3] });
    expect(entries[1]).to.deep.equal({ file: 'num_batches_tracked.npy', dtype: 'int64', shape: [] });
    const text = entries.find(({ file }) => file === 'readme.txt');
    expect(text).to.deep.equal({ file: 'readme.txt', problem: 'm.npz, file readme.txt is not an array' });
    expect(entries.filter(({ problem }) => problem === undefined)).to.have.length(3);
  });

  it('gives a net its arrays from an archive that also has the counter of a batch norm', () => {
    const net = new Linear(3, 2, { rng: new Random(1) });
    const { weight, num_batches_tracked } = decodeNpz(fixtureBytes('npy/mixed.npz'));
    net.loadStateDict({ ...net.stateDict(), weight, num_batches_tracked, 'norm.num_batches_tracked': array(3) });
    expect(toNested(net.weight.value)).to.deep.equal(toNested(weight));
    expect(() => net.loadStateDict({ ...net.stateDict(), extra: array(3) })).to.throw('unknown extra');
  });

  it('refuses to give a net an array that cannot be read', () => {
    const net = new Linear(3, 2, { rng: new Random(1) });
    const files = { 'weight.npy': encodeNpy(array(grid)).subarray(0, -1), 'bias.npy': encodeNpy(array([1, 2])) };
    const before = toNested(net.bias?.value ?? array(0));
    expect(() => net.loadStateDict(decodeNpz(zipSync(files), 'm.npz'))).to.throw(InputError, 'm.npz, array weight.npy');
    expect(toNested(net.bias?.value ?? array(0))).to.deep.equal(before);
  });

  it('throws for an archive with one flipped bit, compressed or not', () => {
    for (const bytes of [encodeNpz({ w: array(grid, 'float64') }), Uint8Array.from(fixtureBytes('numpy.npz'))]) {
      const flipped = bytes.slice();
      flipped[170] ^= 16;
      expect(() => decodeNpz(flipped, 'model.npz')).to.throw(InputError, /^model\.npz/);
    }
  });

  it('throws for bytes that are not an archive of arrays, and says what they are', () => {
    const refused: [Uint8Array, string][] = [
      [new Uint8Array(50), 'model.npz is not a readable .npz file'],
      [new Uint8Array(0), 'model.npz is not a readable .npz file (a zip archive of arrays): it is empty'],
      [encodeNpy(array([1])), 'it begins like a NumPy .npy file'],
      [
        encodeNpz({ a: array([1]) }).subarray(0, 60),
        'model.npz is incomplete or damaged: it begins like a zip archive',
      ],
      [zipSync({ 'data.pkl': strToU8('x'), b: strToU8('y') }), 'model.npz contains no NumPy arrays, only data.pkl, b'],
    ];
    for (const [bytes, sentence] of refused) {
      expect(() => decodeNpz(bytes, 'model.npz')).to.throw(InputError, sentence);
    }
  });

  it('reads an archive after other bytes and before a comment, as NumPy does', () => {
    const bytes = encodeNpz({ a: array([1, 2]) });
    expect(toNested(decodeNpz(Buffer.concat([Buffer.from('#!/bin/sh\n'), bytes])).a)).to.deep.equal([1, 2]);
    const commented = Buffer.concat([bytes, Buffer.from('hello')]);
    commented.writeUInt16LE(5, bytes.length - 2);
    expect(toNested(decodeNpz(commented).a)).to.deep.equal([1, 2]);
  });

  it('allocates nothing for a size that the archive cannot have', () => {
    const bytes = Buffer.from(zipSync({ 'a.npy': encodeNpy(array([1, 2])) }));
    const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes.writeUInt32LE(0xfffffff0, entry + 24);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodeNpz(bytes, 'a.npz')).to.throw(InputError, 'a.npz is damaged: the size of a.npy is wrong');
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(1e6);
  });
});
