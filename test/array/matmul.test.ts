import { expect } from 'chai';
import fc from 'fast-check';
import {
  add,
  addMatmulInPlace,
  array,
  matmul,
  type NdArray,
  setBackend,
  toNested,
  transpose,
  zeros,
} from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';
import { arraysOf, values } from '../support/naive.js';

const sizes = fc.integer({ min: 0, max: 6 });

function naive(a: NdArray, b: NdArray): number[][] {
  return Array.from({ length: a.shape[0] }, (_, i) =>
    Array.from({ length: b.shape[1] }, (_, j) => {
      let total = 0;
      for (let k = 0; k < a.shape[1]; k++) total += a.get(i, k) * b.get(k, j);
      return total;
    }),
  );
}

describe('matmul', () => {
  it('equals the naive triple loop over random shapes, layouts and dtypes, NaN and infinities included', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(sizes, sizes, sizes)
          .chain(([n, k, m]) => fc.tuple(arraysOf([n, k], values), arraysOf([k, m], values))),
        ([a, b]) => {
          const out = matmul(a, b);
          expect(out.shape).to.deep.equal([a.shape[0], b.shape[1]]);
          expect(out.dtype).to.equal(a.dtype === b.dtype ? a.dtype : 'float64');
          const expected = naive(a, b);
          for (let i = 0; i < out.shape[0]; i++) {
            for (let j = 0; j < out.shape[1]; j++) expect(out.get(i, j)).to.deep.equal(expected[i][j]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives the same for transposed and strided views as for copies, beyond the engine’s block size', () => {
    const [a, b] = [normal([37, 70], 1), normal([70, 41], 2)];
    const expected = naive(a, b);
    const copyOfTranspose = transpose(array(toNested(transpose(b)), 'float64'));
    for (const [left, right] of [
      [a, b],
      [scattered(a), b],
      [a, copyOfTranspose],
      [scattered(a), scattered(b)],
    ]) {
      expectClose(matmul(left, right), expected, 1e-12);
    }
  });

  it('gives zeros if the inner size is 0, and an empty array if an outer size is 0', () => {
    expect(toNested(matmul(zeros([2, 0]), zeros([0, 3])))).to.deep.equal([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(matmul(zeros([0, 2]), zeros([2, 3])).shape).to.deep.equal([0, 3]);
  });

  it('throws for shapes that do not match, and names them', () => {
    expect(() => matmul(zeros([2, 3]), zeros([2, 3]))).to.throw(
      'matmul: expected shapes (N, K) and (K, M), got (2, 3) and (2, 3)',
    );
    expect(() => matmul(zeros([3]), zeros([3, 1]))).to.throw('got (3,) and (3, 1)');
  });

  it('addMatmulInPlace adds the product to the target, in any layout', () => {
    const [a, b] = [normal([5, 7], 1), normal([7, 3], 2)];
    const expected = add(matmul(a, b), normal([5, 3], 3));
    for (const target of [normal([5, 3], 3), scattered(normal([5, 3], 3))]) {
      addMatmulInPlace(target, transpose(array(toNested(transpose(a)), 'float64')), scattered(b));
      expectClose(target, expected, 1e-14);
    }
    expect(() => addMatmulInPlace(zeros([5, 4]), zeros([5, 7]), zeros([7, 3]))).to.throw(
      'addMatmulInPlace: expected target of shape (5, 3), got (5, 4)',
    );
    expect(() => addMatmulInPlace(zeros([5, 3]), a, b)).to.throw(
      'addMatmulInPlace: expected a of dtype float32, got float64',
    );
    expect(() => addMatmulInPlace(zeros([5, 3]), zeros([5, 7]), b)).to.throw(
      'expected b of dtype float32, got float64',
    );
  });

  it('runs on the engine that setBackend chose, and throws for an unknown one', () => {
    setBackend('reference');
    expect(toNested(matmul(array([[1, 2]]), array([[3], [4]])))).to.deep.equal([[11]]);
    expect(() => setBackend('abacus' as never)).to.throw("setBackend: no engine 'abacus'");
    expect(() => setBackend('toString' as never)).to.throw("no engine 'toString'");
    setBackend('auto');
  });
});
