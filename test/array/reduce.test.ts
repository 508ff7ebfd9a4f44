import { expect } from 'chai';
import fc from 'fast-check';
import { argmax, array, max, mean, min, type NdArray, Random, sum, toNested, zeros } from '../../src/index.js';
import { arraysOf, fullShapes, indicesOf, rounded } from '../support/naive.js';

const total = (lane: number[]) => lane.reduce((a, b) => a + b, 0);
const largest = (lane: number[]) => Math.max(...lane); // NaN where there is one
const smallest = (lane: number[]) => Math.min(...lane); // NaN where there is one
const first = (lane: number[]) => {
  const nan = lane.findIndex(Number.isNaN);
  return nan === -1 ? lane.indexOf(Math.max(...lane)) : nan;
};

/** Arrays of any layout with one of their axes, counted from either end. */
const withAxis = fullShapes.chain((shape) =>
  fc.tuple(arraysOf(shape), fc.integer({ min: -shape.length, max: shape.length - 1 })),
);

function lanes(x: NdArray, axis: number): { index: number[]; lane: number[] }[] {
  const along = axis < 0 ? axis + x.shape.length : axis;
  const outer = x.shape.map((size, a) => (a === along ? 1 : size));
  return indicesOf(outer).map((index) => ({
    index,
    lane: Array.from({ length: x.shape[along] }, (_, i) => x.get(...index.map((v, a) => (a === along ? i : v)))),
  }));
}

describe('reductions along an axis', () => {
  const reductions = { sum, mean, max, min };
  const expected = { sum: total, mean: (lane: number[]) => total(lane) / lane.length, max: largest, min: smallest };
  for (const name of ['sum', 'mean', 'max', 'min'] as const) {
    it(`${name} equals the naive loop over any layout, with and without keepDims`, () => {
      fc.assert(
        fc.property(withAxis, ([x, axis]) => {
          const kept = reductions[name](x, { axis, keepDims: true });
          const dropped = reductions[name](x, axis);
          expect(kept.shape.length).to.equal(x.shape.length);
          expect(dropped.shape.length).to.equal(x.shape.length - 1);
          for (const { index, lane } of lanes(x, axis)) {
            expect(kept.get(...index)).to.deep.equal(rounded(expected[name](lane), x.dtype));
          }
          expect([...dropped.data]).to.deep.equal([...kept.data]);
        }),
      );
    });
  }

  it('give each of many rows the same bits as a single row, and NaN only to rows that contain NaN', () => {
    for (const rows of [1, 3, 4, 5, 8, 11]) {
      const x = new Random(rows).normal([rows, 7], { std: 1000 });
      if (rows > 2) x.set(2, 6, Number.NaN);
      for (const name of ['sum', 'mean', 'max', 'min'] as const) {
        const alone = Array.from({ length: rows }, (_, i) =>
          rounded(expected[name]([...x.data.subarray(7 * i, 7 * i + 7)]), x.dtype),
        );
        expect(toNested(reductions[name](x, 1)), `${name} of ${rows} rows`).to.deep.equal(alone);
      }
    }
  });

  it('reduce the middle axis of five matrices', () => {
    const x = new Random(2).normal([5, 3, 2]);
    for (const name of ['sum', 'mean', 'max', 'min'] as const) {
      const out = reductions[name](x, 1);
      for (const { index, lane } of lanes(x, 1)) {
        expect(out.get(index[0], index[2]), name).to.equal(rounded(expected[name](lane), x.dtype));
      }
    }
  });

  it('argmax finds the first largest element, or the first NaN, of each lane', () => {
    fc.assert(
      fc.property(withAxis, ([x, axis]) => {
        const kept = argmax(x, axis, true);
        for (const { index, lane } of lanes(x, axis)) expect(kept.get(...index)).to.equal(first(lane));
        expect(argmax(x, { axis }).shape).to.deep.equal(sum(x, axis).shape);
      }),
    );
  });
});

/** Arrays of any layout with one of their axes or several, in any order, counted from either end. */
const withAxes = fullShapes.chain((shape) =>
  fc.tuple(
    arraysOf(shape),
    fc.shuffledSubarray(
      shape.map((_, axis) => axis),
      { minLength: 1 },
    ),
    fc.boolean(),
  ),
);

describe('reductions along several axes', () => {
  for (const [name, reduction, expected] of [
    ['sum', sum, total],
    ['mean', mean, (lane: number[]) => total(lane) / lane.length],
    ['max', max, largest],
  ] as const) {
    it(`${name} equals the naive loop over any layout, with and without keepDims`, () => {
      fc.assert(
        fc.property(withAxes, ([x, axes, fromTheEnd]) => {
          const axis = axes.map((a) => (fromTheEnd ? a - x.shape.length : a));
          const kept = reduction(x, { axis, keepDims: true });
          expect(kept.shape).to.deep.equal(x.shape.map((size, a) => (axes.includes(a) ? 1 : size)));
          for (const index of indicesOf(kept.shape)) {
            const box = x.shape.map((size, a) => (axes.includes(a) ? size : 1));
            const lane = indicesOf(box).map((offset) => x.get(...offset.map((i, a) => i + index[a])));
            expect(kept.get(...index)).to.deep.equal(rounded(expected(lane), x.dtype));
          }
          const dropped = reduction(x, axis);
          expect(dropped.shape).to.deep.equal(x.shape.filter((_, a) => !axes.includes(a)));
          expect([...dropped.data]).to.deep.equal([...kept.data]);
        }),
      );
    });
  }

  it('add up in row-major order, for any order of the axes', () => {
    const x = new Random(3).normal([70, 50], { std: 1000, dtype: 'float64' });
    for (const axes of [
      [0, 1],
      [1, 0],
    ]) {
      expect(toNested(sum(x, axes))).to.equal(sum(x));
    }
  });

  it('add up the pixels of every channel in the order of memory, for any number of channels', () => {
    for (const channels of [1, 3, 4, 6, 8]) {
      const x = new Random(channels).normal([3, channels, 5, 4], { std: 1000, dtype: 'float64' });
      const expected = Array.from({ length: channels }, (_, c) => {
        let total = 0;
        for (const [n, y, p] of indicesOf([3, 5, 4])) total += x.get(n, c, y, p);
        return total;
      });
      expect(toNested(sum(x, [0, 2, 3]))).to.deep.equal(expected);
      expect(toNested(mean(x, { axis: [-1, 0, 2] }))).to.deep.equal(expected.map((value) => value / 60));
      expect(sum(x, { axis: [0, 2, 3], keepDims: true }).shape).to.deep.equal([1, channels, 1, 1]);
    }
  });

  it('throw for no axis, for the same axis twice, and argmax along several', () => {
    expect(() => sum(zeros([2, 3]), [])).to.throw('sum: expected at least one axis, got []');
    expect(() => mean(zeros([2, 3]), { axis: [1, -1] })).to.throw('mean: expected each axis once, got [1, -1]');
    expect(() => max(zeros([2, 3]), [0, 2])).to.throw('max: axis 2 is out of range for an array with 2 axes');
    expect(() => argmax(zeros([2, 3]), [0, 1] as never)).to.throw('argmax: expected one axis, got a list of axes');
    expect(() => mean(zeros([2, 0, 3]), [0, 1])).to.throw('mean: there is no mean of no elements');
  });
});

describe('reductions over everything', () => {
  it('give a number, or with keepDims an array with size 1 on every axis', () => {
    fc.assert(
      fc.property(
        fullShapes.chain((shape) => arraysOf(shape)),
        (x) => {
          const all = indicesOf(x.shape).map((index) => x.get(...index));
          expect(sum(x)).to.deep.equal(total(all));
          expect(mean(x)).to.deep.equal(total(all) / all.length);
          expect(max(x)).to.deep.equal(largest(all));
          expect(argmax(x)).to.equal(first(all));
          expect(sum(x, null as never)).to.deep.equal(sum(x));
          expect(sum(x, { keepDims: true }).shape).to.deep.equal(x.shape.map(() => 1));
        },
      ),
    );
  });

  it('accumulate float32 in double precision', () => {
    const x = array(Array(3000).fill(0.1), 'float32');
    expect(sum(x)).to.be.closeTo(3000 * Math.fround(0.1), 1e-9);
  });

  it('give 0 for the sum of no elements, and throw for their mean, maximum and argmax', () => {
    expect(sum(zeros([0]))).to.equal(0);
    expect(toNested(sum(zeros([0, 2]), 0))).to.deep.equal([0, 0]);
    expect(() => mean(zeros([0, 3]))).to.throw('mean: there is no mean of no elements, in an array of shape (0, 3)');
    expect(() => max(zeros([2, 0]), 1)).to.throw('max: there is no max of no elements');
    expect(() => min(zeros([2, 0]), 1)).to.throw('min: there is no min of no elements');
    expect(() => argmax(zeros([0]))).to.throw('argmax');
  });

  it('throw for unknown arguments', () => {
    expect(() => mean(zeros([2, 3]), { dim: 0 } as never)).to.throw("got 'dim'");
    expect(() => max(zeros([2, 3]), { axis: 0, keepdims: true } as never)).to.throw("got 'keepdims'");
  });

  it('throw for an axis out of range', () => {
    expect(() => sum(zeros([2, 3]), 2)).to.throw('sum: axis 2 is out of range for an array with 2 axes');
    expect(() => max(zeros([2, 3]), -3)).to.throw('axis -3 is out of range');
    expect(() => mean(zeros([2, 3]), { axis: 0.5 })).to.throw('axis 0.5');
  });
});
