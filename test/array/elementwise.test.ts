import { expect } from 'chai';
import fc from 'fast-check';
import {
  abs,
  add,
  addInPlace,
  array,
  assign,
  broadcastShapes,
  broadcastTo,
  copy,
  divide,
  exp,
  expm1,
  log,
  log1p,
  map,
  maximum,
  minimum,
  multiply,
  multiplyInPlace,
  negative,
  power,
  Random,
  sign,
  slice,
  sqrt,
  square,
  subtract,
  subtractInPlace,
  tanh,
  toNested,
  transpose,
  zeros,
  zipWith,
} from '../../src/index.js';
import { arraysOf, broadcastAt, broadcastable, indicesOf, rounded, shapes, values } from '../support/naive.js';

const BINARY: [name: string, ours: typeof add, naive: (a: number, b: number) => number][] = [
  ['add', add, (a, b) => a + b],
  ['subtract', subtract, (a, b) => a - b],
  ['multiply', multiply, (a, b) => a * b],
  ['divide', divide, (a, b) => a / b],
  ['power', power, (a, b) => a ** b],
  ['maximum', maximum, Math.max],
  ['minimum', minimum, Math.min],
];

const UNARY: [name: string, ours: typeof abs, naive: (a: number) => number][] = [
  ['negative', negative, (a) => -a],
  ['abs', abs, Math.abs],
  ['sign', sign, Math.sign],
  ['square', square, (a) => a * a],
  ['sqrt', sqrt, Math.sqrt],
  ['exp', exp, Math.exp],
  ['expm1', expm1, Math.expm1],
  ['log', log, Math.log],
  ['log1p', log1p, Math.log1p],
  ['tanh', tanh, Math.tanh],
];

describe('element-wise functions of two operands', () => {
  for (const [name, ours, f] of BINARY) {
    it(`${name} broadcasts, promotes and reads views as the naive loop does`, () => {
      fc.assert(
        fc.property(
          broadcastable.chain(([left, right]) => fc.tuple(arraysOf(left), arraysOf(right))),
          ([a, b]) => {
            const before = [toNested(a), toNested(b)];
            const out = ours(a, b);
            const wide = a.dtype === 'float64' || b.dtype === 'float64';
            expect(out.dtype).to.equal(wide ? 'float64' : 'float32');
            expect(out.shape).to.deep.equal(broadcastShapes(a.shape, b.shape));
            for (const index of indicesOf(out.shape)) {
              const expected = rounded(f(broadcastAt(a, index), broadcastAt(b, index)), out.dtype);
              expect(out.get(...index)).to.deep.equal(expected);
            }
            expect([toNested(a), toNested(b)]).to.deep.equal(before);
          },
        ),
      );
    });
  }

  it('accept a number for either operand, and keep the dtype of the array', () => {
    expect(toNested(subtract(10, array([1, 2])))).to.deep.equal([9, 8]);
    expect(divide(array([1], 'float32'), 3).dtype).to.equal('float32');
    expect(toNested(add(1, 2))).to.equal(3);
  });

  it('repeat any axes of images, alone or in place, with the bits of a plain loop', () => {
    const shape = [2, 5, 6, 7];
    const rng = new Random(1);
    const image = rng.normal(shape);
    for (const repeated of indicesOf([2, 2, 2, 2])) {
      const small = rng.normal(shape.map((size, axis) => (repeated[axis] === 1 ? 1 : size)));
      for (const operand of [small, transpose(copy(transpose(small)))]) {
        for (const [name, ours, naive] of BINARY.slice(0, 4)) {
          const expected = indicesOf(shape).map((index) =>
            Math.fround(naive(image.get(...index), broadcastAt(operand, index))),
          );
          expect([...ours(image, operand).data], `${name} ${repeated}`).to.deep.equal(expected);
        }
        const target = copy(image);
        addInPlace(target, operand);
        expect(target.data, `in place ${repeated}`).to.deep.equal(add(image, operand).data);
      }
    }
  });

  it('work on shapes with an axis of 0 and on arrays without axes', () => {
    expect(add(zeros([0, 3]), array([1, 2, 3])).shape).to.deep.equal([0, 3]);
    for (const [name, ours, f] of BINARY) {
      for (const dtype of ['float32', 'float64'] as const) {
        expect(toNested(ours(array(3, dtype), array(4, dtype))), name).to.equal(rounded(f(3, 4), dtype));
      }
    }
  });

  it('give the right result for an array and its own transpose', () => {
    const a = array([
      [1, 2],
      [3, 4],
    ]);
    expect(toNested(add(a, transpose(a)))).to.deep.equal([
      [2, 5],
      [5, 8],
    ]);
  });

  it('throw for shapes that do not broadcast, and name them', () => {
    expect(() => add(zeros([2, 3]), zeros([2]))).to.throw('add: shapes (2, 3) and (2,) do not broadcast');
    expect(() => add(zeros([2, 3]), zeros([0, 3]))).to.throw('do not broadcast');
    expect(() => add(undefined as never, zeros([2]))).to.throw(
      'add: expected the first operand to be an ndarray, got undefined',
    );
    expect(() => add(zeros([2]), 'x' as never)).to.throw(
      'add: expected the second operand to be an ndarray, got a string',
    );
  });
});

describe('element-wise functions of one operand', () => {
  for (const [name, ours, f] of UNARY) {
    it(`${name} applies to every element of any view`, () => {
      fc.assert(
        fc.property(
          shapes.chain((shape) => arraysOf(shape)),
          (x) => {
            const out = ours(x);
            expect(out.dtype).to.equal(x.dtype);
            for (const index of indicesOf(x.shape)) {
              const [value, expected] = [out.get(...index), rounded(f(x.get(...index)), x.dtype)];
              // The engine's functions are right to a few units in the last place of float32: test/kernels/vectors.test.ts.
              const close = x.dtype === 'float32' && Math.abs(value - expected) <= 5e-7 * Math.abs(expected);
              if (!close) expect(value).to.deep.equal(expected);
            }
          },
        ),
        { numRuns: 50 },
      );
    });
  }

  it('map and zipWith apply any function', () => {
    expect(toNested(map(array([1, 2]), (v) => v + 0.5))).to.deep.equal([1.5, 2.5]);
    expect(toNested(zipWith(array([1, 2]), array([3, 4]), (a, b) => a * 10 + b))).to.deep.equal([13, 24]);
    expect(() => zipWith(zeros([2]), zeros([3]), Math.max)).to.throw(
      'zipWith: expected two arrays of the same shape, got (2,) and (3,)',
    );
  });
});

describe('broadcastTo', () => {
  it('repeats without a copy, and throws for a shape that does not match', () => {
    const row = array([1, 2, 3]);
    const view = broadcastTo(row, [2, 3]);
    expect(toNested(view)).to.deep.equal([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(view.data).to.equal(row.data);
    expect(() => broadcastTo(row, [3, 2])).to.throw('broadcastTo: shape (3,) does not broadcast to (3, 2)');
    expect(() => broadcastTo(zeros([2, 3]), [3])).to.throw('does not broadcast');
    expect(() => broadcastTo(zeros([1, 3]), [3])).to.throw('broadcastTo: shape (1, 3) does not broadcast to (3,)');
    expect(() => broadcastTo(row, [0.5, 3])).to.throw('broadcastTo: expected a shape of whole numbers');
  });
});

describe('addInPlace and assign', () => {
  it('change the target as a naive loop does, for all layouts', () => {
    fc.assert(
      fc.property(
        broadcastable.chain(([shape, other]) => {
          const target = broadcastShapes(shape, other);
          return fc.tuple(arraysOf(target), arraysOf(other), values);
        }),
        ([target, x, scale]) => {
          const [first, second] = [copy(target), target];
          const expected = indicesOf(target.shape).map((index) =>
            rounded(target.get(...index) + scale * broadcastAt(x, index), target.dtype),
          );
          addInPlace(first, x, scale);
          addInPlace(second, x, scale);
          indicesOf(target.shape).forEach((index, i) => {
            expect(first.get(...index)).to.deep.equal(expected[i]);
            expect(second.get(...index)).to.deep.equal(expected[i]);
          });
          const [less, times] = [copy(second), copy(second)];
          subtractInPlace(less, x);
          multiplyInPlace(times, x);
          for (const index of indicesOf(target.shape)) {
            const [value, other] = [second.get(...index), broadcastAt(x, index)];
            expect(less.get(...index)).to.deep.equal(rounded(value - other, target.dtype));
            expect(times.get(...index)).to.deep.equal(rounded(value * other, target.dtype));
          }
          assign(second, x);
          for (const index of indicesOf(target.shape)) {
            expect(second.get(...index)).to.deep.equal(rounded(broadcastAt(x, index), target.dtype));
          }
        },
      ),
    );
  });

  it('read views of the target itself before they are changed', () => {
    const a = array([
      [1, 2],
      [3, 4],
    ]);
    addInPlace(a, transpose(a));
    expect(toNested(a)).to.deep.equal([
      [2, 5],
      [5, 8],
    ]);
    const b = array([1, 2, 3, 4, 5]);
    addInPlace(slice(b, [1, 5]), slice(b, [0, 4]));
    expect(toNested(b)).to.deep.equal([1, 3, 5, 7, 9]);
  });

  it('throw for a target that repeats its elements', () => {
    const view = broadcastTo(array([1]), [3]);
    expect(() => addInPlace(view, array([1, 1, 1]))).to.throw('addInPlace: target repeats its elements');
    expect(() => multiplyInPlace(view, 2)).to.throw('multiplyInPlace: target repeats its elements');
    expect(() => subtractInPlace(zeros([2]), zeros([2, 2]))).to.throw('subtractInPlace: x of shape (2, 2) does not');
    expect(() => assign(view, 0)).to.throw('assign: target repeats its elements');
    const single = broadcastTo(array([1, 2]), [1, 2]); // stride 0 along an axis of size 1 repeats nothing
    addInPlace(single, 1);
    expect(toNested(single)).to.deep.equal([[2, 3]]);
  });

  it('throw if x is larger than the target', () => {
    expect(() => addInPlace(zeros([3]), zeros([2, 3]))).to.throw(
      'addInPlace: x of shape (2, 3) does not broadcast to (3,)',
    );
    expect(() => assign(zeros([1]), zeros([3]))).to.throw('assign: x of shape (3,) does not broadcast to (1,)');
  });
});
