import { expect } from 'chai';
import ndarray from 'ndarray';
import { array, asArray, astype, copy, full, oneHot, ones, sum, toNested, zeros, zerosLike } from '../../src/index.js';
import { normal, scattered } from '../support/arrays.js';

describe('array', () => {
  it('takes nested lists, typed arrays with a shape, and single numbers', () => {
    expect(
      toNested(
        array([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
    ).to.deep.equal([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(toNested(array([1, 2, 3, 4, 5, 6], [3, 2]))).to.deep.equal([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(toNested(array(new Int8Array([1, -2]), [1, 2]))).to.deep.equal([[1, -2]]);
    expect(toNested(array(7))).to.equal(7);
    expect(array([]).shape).to.deep.equal([0]);
    expect(array([[], []]).shape).to.deep.equal([2, 0]);
  });

  it('is float32 by default, and keeps the dtype of a Float64Array', () => {
    expect(array([1]).dtype).to.equal('float32');
    expect(array([1], 'float64').dtype).to.equal('float64');
    expect(array([1], [1], 'float64').dtype).to.equal('float64');
    expect(array(new Float64Array(2)).dtype).to.equal('float64');
    expect(array(new Float64Array(2), [2], 'float32').dtype).to.equal('float32');
  });

  it('copies its input', () => {
    const data = new Float32Array([1, 2]);
    const x = array(data);
    data[0] = 9;
    expect(x.get(0)).to.equal(1);
  });

  it('throws one sentence for ragged lists, wrong lengths, and values that are not numbers', () => {
    expect(() => array([[1, 2], [3]])).to.throw(
      'array: the nested lists are ragged: expected a list of length 2 at depth 1, got length 1',
    );
    expect(() => array([[1], 2])).to.throw('got a number');
    expect(() => array([1, [2]])).to.throw('expected a number, got a list');
    expect(() => array([1, 2, 3], [2, 2])).to.throw('array: shape (2, 2) holds 4 elements, but the data has 3');
    expect(() => array([1, 'a' as never])).to.throw('array: expected numbers, got a (string)');
    expect(() => array([1], [-1])).to.throw('whole numbers from 0 up');
    expect(() => array([1], 'int8' as never)).to.throw('expected dtype float32 or float64, got int8');
  });
});

describe('asArray', () => {
  it('shares memory, and throws for data that does not fill the shape', () => {
    const data = new Float64Array(6);
    asArray(data, [2, 3]).set(1, 2, 5);
    expect(data[5]).to.equal(5);
    expect(() => asArray(data, [2, 2])).to.throw('asArray: shape (2, 2) holds 4 elements, but the data has 6');
  });
});

describe('zeros, ones, full, zerosLike', () => {
  it('fill a shape with one value', () => {
    expect(toNested(zeros([2, 1]))).to.deep.equal([[0], [0]]);
    expect(toNested(ones([2], 'float64'))).to.deep.equal([1, 1]);
    expect(toNested(full([1, 2], 2.5))).to.deep.equal([[2.5, 2.5]]);
    expect(zerosLike(full([3], 2, 'float64')).dtype).to.equal('float64');
    expect(() => zeros([1.5])).to.throw('zeros: expected a shape of whole numbers');
    expect(() => zeros(3 as never)).to.throw('zeros: expected a shape');
  });
});

describe('copy and astype', () => {
  it('make a contiguous array of a view, which shares no memory with it', () => {
    const x = normal([3, 4], 1);
    const view = scattered(x);
    const dense = copy(view);
    expect(toNested(dense)).to.deep.equal(toNested(x));
    dense.set(0, 0, 99);
    expect(view.get(0, 0)).to.equal(x.get(0, 0));
    expect(toNested(astype(view, 'float32'))).to.deep.equal(toNested(astype(x, 'float32')));
  });
});

describe('oneHot', () => {
  it('has a 1 in each label’s column', () => {
    expect(toNested(oneHot([2, 0], 3))).to.deep.equal([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(toNested(oneHot(new Uint8Array([1]), 2, 'float64'))).to.deep.equal([[0, 1]]);
    expect(toNested(oneHot(array([1], 'float64'), 2))).to.deep.equal([[0, 1]]);
  });

  it('throws for labels that are not classes', () => {
    expect(() => oneHot([0, 3], 3)).to.throw('oneHot: expected labels from 0 to 2, got 3 at position 1');
    expect(() => oneHot([-1], 3)).to.throw('got -1');
    expect(() => oneHot([0.5], 3)).to.throw('got 0.5');
  });
});

describe('the checks of every function', () => {
  it('throw for scijs arrays whose memory is too short, or that have another type', () => {
    const short = ndarray(new Float32Array(5), [2, 3]);
    expect(() => sum(short)).to.throw('sum: x of shape (2, 3) reaches element 5 of memory that holds 5');
    const before = ndarray(new Float32Array(6), [2, 3], [3, -1], 1);
    expect(() => sum(before)).to.throw('reaches element -1');
    const ints = ndarray(new Int32Array(6), [2, 3]);
    expect(() => sum(ints as never)).to.throw('sum: expected x of dtype float32 or float64, got int32');
    expect(() => sum([1, 2] as never)).to.throw('sum: expected x to be an ndarray, got a JavaScript array');
    expect(() => sum(undefined as never)).to.throw('got undefined');
    expect(() => toNested(short)).to.throw('toNested: x of shape (2, 3) reaches element 5');
    expect(() => array(short as never)).to.throw('array: the data is already an ndarray');
    expect(() => oneHot(undefined as never, 2)).to.throw(
      'oneHot: expected labels to be a list of whole numbers, got undefined',
    );
  });
});
