import { expect } from 'chai';
import fc from 'fast-check';
import {
  argmax,
  array,
  at,
  concatenate,
  reshape,
  setAt,
  slice,
  take,
  toNested,
  transpose,
  zeros,
} from '../../src/index.js';
import { arraysOf, fullShapes, indicesOf } from '../support/naive.js';

const grid = () =>
  array([
    [1, 2, 3],
    [4, 5, 6],
  ]);

describe('reshape', () => {
  it('keeps the row-major order of a view', () => {
    fc.assert(
      fc.property(
        fullShapes.chain((shape) => arraysOf(shape)),
        (x) => {
          const flat = reshape(x, [-1]);
          expect(flat.shape).to.deep.equal([x.size]);
          for (const [i, index] of indicesOf(x.shape).entries()) expect(flat.get(i)).to.deep.equal(x.get(...index));
          expect(reshape(x, x.shape).shape).to.deep.equal(x.shape);
        },
      ),
    );
  });

  it('computes one size, shares memory if possible, and throws if the elements do not fill the shape', () => {
    const x = grid();
    expect(toNested(reshape(x, [3, -1]))).to.deep.equal([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(reshape(x, [6]).data).to.equal(x.data);
    expect(reshape(slice(x, [1, 2], [0, 2]), [2, 1]).data).to.equal(x.data);
    expect(toNested(reshape(transpose(x), [6]))).to.deep.equal([1, 4, 2, 5, 3, 6]);
    expect(() => reshape(x, [4, -1])).to.throw('reshape: 6 elements of shape (2, 3) do not fill (4, -1)');
    expect(() => reshape(x, [-1, -1])).to.throw('do not fill');
    expect(() => reshape(x, [7])).to.throw('do not fill (7,)');
  });
});

describe('transpose', () => {
  it('reverses or permutes the axes, and the inverse gives the original', () => {
    fc.assert(
      fc.property(
        fullShapes.chain((shape) =>
          fc.tuple(
            arraysOf(shape),
            fc.shuffledSubarray(
              shape.map((_, axis) => axis),
              { minLength: shape.length },
            ),
          ),
        ),
        ([x, order]) => {
          const y = transpose(x, order);
          for (const index of indicesOf(x.shape))
            expect(y.get(...order.map((axis) => index[axis]))).to.deep.equal(x.get(...index));
          expect(toNested(transpose(transpose(x)))).to.deep.equal(toNested(x));
        },
      ),
    );
    expect(toNested(transpose(grid()))).to.deep.equal([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  it('throws unless every axis is named once', () => {
    expect(() => transpose(grid(), [0, 0])).to.throw('transpose: expected each of 2 axes once');
    expect(() => transpose(grid(), [0])).to.throw('each of 2 axes once');
    expect(() => transpose(grid(), [0, 2])).to.throw('axis 2 is out of range');
  });
});

describe('slice', () => {
  it('is a view of the given ranges', () => {
    const x = grid();
    const view = slice(x, null, [1, 3]);
    expect(toNested(view)).to.deep.equal([
      [2, 3],
      [5, 6],
    ]);
    setAt(view, [0, 0], 20);
    expect(x.get(0, 1)).to.equal(20);
    expect(toNested(slice(x, [-1, 2]))).to.deep.equal([[4, 5, 6]]);
    expect(slice(x, [1, 1]).shape).to.deep.equal([0, 3]);
  });

  it('throws for positions out of range', () => {
    expect(() => slice(grid(), [0, 3])).to.throw('slice: [0, 3] is not a range of axis 0, which has 2 elements');
    expect(() => slice(grid(), [1, 0])).to.throw('not a range');
    expect(() => slice(grid(), null, null, null)).to.throw('got 3 ranges for an array of shape (2, 3)');
  });
});

describe('take', () => {
  it('copies rows in the given order, also from a view', () => {
    fc.assert(
      fc.property(
        fullShapes.chain((shape) =>
          fc.tuple(arraysOf(shape), fc.array(fc.integer({ min: -shape[0], max: shape[0] - 1 }), { maxLength: 5 })),
        ),
        ([x, rows]) => {
          const out = take(x, rows);
          expect(out.shape).to.deep.equal([rows.length, ...x.shape.slice(1)]);
          for (const [i, ...rest] of indicesOf(out.shape)) {
            const row = rows[i] < 0 ? rows[i] + x.shape[0] : rows[i];
            expect(out.get(i, ...rest)).to.deep.equal(x.get(row, ...rest));
          }
        },
      ),
    );
  });

  it('accepts the result of argmax, and throws for rows out of range', () => {
    const rows = argmax(
      array([
        [0, 1],
        [1, 0],
        [0, 1],
      ]),
      1,
    );
    expect(toNested(take(grid(), rows))).to.deep.equal([
      [4, 5, 6],
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(() => take(grid(), [2])).to.throw('take: index 2 is out of range for 2 rows');
    expect(() => take(grid(), [0.5])).to.throw('index 0.5');
    expect(() => take(array(1), [0])).to.throw('at least one axis');
  });
});

describe('concatenate', () => {
  it('joins along either axis, and promotes float32 to float64', () => {
    const wide = array([[7, 8, 9]], 'float64');
    const joined = concatenate([grid(), transpose(transpose(wide))]);
    expect(toNested(joined)).to.deep.equal([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    expect(joined.dtype).to.equal('float64');
    const column = transpose(array([[10, 20]]));
    expect(toNested(concatenate([grid(), column, grid()], -1))).to.deep.equal([
      [1, 2, 3, 10, 1, 2, 3],
      [4, 5, 6, 20, 4, 5, 6],
    ]);
    expect(concatenate([zeros([0, 3]), grid()]).shape).to.deep.equal([2, 3]);
  });

  it('throws for shapes that differ on another axis', () => {
    expect(() => concatenate([grid(), zeros([2, 2])])).to.throw(
      'concatenate: shapes (2, 3) and (2, 2) differ outside axis 0',
    );
    expect(() => concatenate([])).to.throw('at least one array');
  });
});

describe('at and setAt', () => {
  it('throw where scijs reads another row or does nothing', () => {
    const x = grid();
    expect(at(x, 1, -1)).to.equal(6);
    expect(() => at(x, 0, 3)).to.throw('at: index (0, 3) is out of range for an array of shape (2, 3)');
    expect(() => at(x, 0)).to.throw('at: index (0,) is out of range');
    expect(() => setAt(x, [1], 5)).to.throw('setAt: index (1,)');
    expect(() => setAt(x, [2, 0], 5)).to.throw('setAt: index (2, 0)');
  });
});
