import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import ndarray from 'ndarray';
import {
  argmax,
  array,
  type FormatOptions,
  format,
  type IndexArray,
  Linear,
  type NdArray,
  ones,
  slice,
  transpose,
  zeros,
} from '../../src/index.js';

interface Printed {
  readonly dtype: 'float32' | 'float64' | 'int32';
  readonly shape: number[];
  readonly data: string;
  readonly options: FormatOptions;
  readonly text: string;
  readonly repr: string | null;
}

const printed: readonly Printed[] = JSON.parse(
  readFileSync(new URL('../fixtures/format.json', import.meta.url), 'utf8'),
);

function decoded({ dtype, shape, data }: Printed): NdArray | IndexArray {
  const bytes = inflateSync(Buffer.from(data, 'base64'));
  const memory = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  if (dtype === 'int32') return ndarray(new Int32Array(memory), shape);
  return array(dtype === 'float32' ? new Float32Array(memory) : new Float64Array(memory), shape);
}

describe('format', () => {
  it('gives the text that NumPy prints', () => {
    expect(printed.length).to.be.at.least(500);
    for (const one of printed) {
      expect(format(decoded(one), one.options), JSON.stringify(one.options)).to.equal(one.text);
    }
  });

  it('prints a view as its copy', () => {
    const x = array([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(format(transpose(x))).to.equal('[[1. 4.]\n [2. 5.]\n [3. 6.]]');
    expect(format(slice(x, [1, 2], [0, 2]))).to.equal('[[4. 5.]]');
  });

  it('prints the indices of argmax as whole numbers', () => {
    expect(format(argmax(array([[1, 9]]), { axis: 1 }))).to.equal('[1]');
  });

  it('refuses wrong options', () => {
    const x = ones([2]);
    expect(() => format(x, { digits: -1 })).to.throw(
      'format: expected digits to be a whole number from 0 to 20, got -1',
    );
    expect(() => format(x, { digits: 2.5 })).to.throw('format: expected digits');
    expect(() => format(x, { lineWidth: Number.NaN })).to.throw('format: expected lineWidth');
    expect(() => format(x, { precision: 3 } as object)).to.throw("format: there is no option 'precision'");
    expect(() => format(x, 3 as never)).to.throw('format: expected an object of options, got 3');
  });
});

describe("Node's inspection", () => {
  it('shows an array as NumPy does', () => {
    let compared = 0;
    for (const one of printed) {
      const x = decoded(one);
      if (one.repr === null || (x.dtype as string) === 'int32') continue;
      expect(inspect(x), JSON.stringify(one.options)).to.equal(one.repr);
      compared++;
    }
    expect(compared).to.be.at.least(110);
  });

  it('says the shape of an array that is too large to show', () => {
    expect(inspect(zeros([200, 3072]))).to.equal(
      [
        'array([[0., 0., 0., ..., 0., 0., 0.],',
        '       [0., 0., 0., ..., 0., 0., 0.],',
        '       [0., 0., 0., ..., 0., 0., 0.],',
        '       ...,',
        '       [0., 0., 0., ..., 0., 0., 0.],',
        '       [0., 0., 0., ..., 0., 0., 0.],',
        '       [0., 0., 0., ..., 0., 0., 0.]], shape=(200, 3072), dtype=float32)',
      ].join('\n'),
    );
  });

  it('shows views, rows of views and indices', () => {
    const x = array(
      [
        [1, 2],
        [3, 4],
      ],
      'float64',
    );
    expect(inspect(transpose(x))).to.equal('array([[1., 3.],\n       [2., 4.]])');
    expect(inspect(x.pick(1))).to.equal('array([3., 4.])');
    expect(inspect(argmax(x, { axis: 0 }))).to.equal('array([1, 1], dtype=int32)');
  });

  it('indents an array within an object, and leaves it out where Node leaves out objects', () => {
    const x = array(
      [
        [1, 2],
        [3, 4],
      ],
      'float64',
    );
    expect(inspect({ x })).to.equal('{\n  x: array([[1., 2.],\n         [3., 4.]])\n}');
    expect(inspect({ a: { b: { c: { x } } } })).to.match(/\[Object\]/);
    expect(inspect({ a: { b: { c: x } } })).to.match(/\[array \(2, 2\)\]/);
    expect(inspect(new Linear(2, 1))).to.match(/grad: array\(\[\[0\., 0\.\]\], dtype=float32\)/);
  });

  it('changes nothing else about an array, and keeps a method that somebody else defined', () => {
    const x = ones([2]);
    expect(Object.keys(x)).to.not.include.members(['inspect']);
    expect(Object.getOwnPropertySymbols(x)).to.deep.equal([]);
    const prototype: object = Object.getPrototypeOf(ndarray(new Float32Array(1), new Array(9).fill(1)));
    const own = () => 'own';
    Object.defineProperty(prototype, inspect.custom, { value: own, configurable: true });
    expect(inspect(ones(new Array(9).fill(1)))).to.equal('own');
  });

  it('survives an array whose memory is too short', () => {
    const x = Object.assign(ones([2]), { data: new Float32Array(1) });
    expect(inspect(x)).to.equal('[damaged array (2)]');
  });
});
