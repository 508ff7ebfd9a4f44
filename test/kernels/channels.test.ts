import { expect } from 'chai';
import fc from 'fast-check';
import {
  add,
  addInPlace,
  addProductInPlace,
  array,
  copy,
  maxPool2d,
  mean,
  meanOfProducts,
  multiply,
  multiplyInPlace,
  type NdArray,
  ReLU,
  reshape,
  scaleShift,
  setBackend,
  subtract,
  sum,
  sumOfProducts,
  toNested,
} from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';

/** What the fast engines do with images and one number for each channel, compared with plain loops. */

/** The result of f with the wasm engine, and with plain loops. */
function bothWays<T>(f: () => T): [fast: T, plain: T] {
  setBackend('wasm', { threads: 1 });
  const fast = f();
  setBackend('reference');
  return [fast, f()];
}

/** Images, with rows of whole vectors or not, smaller and larger than what is copied at once. */
const shapes = fc.oneof(
  fc.tuple(...[1, 2, 3, 4].map(() => fc.integer({ min: 1, max: 9 }))),
  fc.constantFrom([1, 3, 96, 128], [5, 70, 8, 8], [3, 2100, 2, 2], [2, 5, 1, 1], [1, 1, 100, 100]),
);

const CHANNELS: Record<string, (x: NdArray, numbers: NdArray, others: NdArray) => NdArray> = {
  'x + a': (x, a) => add(x, a),
  'a + x': (x, a) => add(a, x),
  'x − a': (x, a) => subtract(x, a),
  'a − x': (x, a) => subtract(a, x),
  'x · a': (x, a) => multiply(x, a),
  'x · a + b': (x, a, b) => scaleShift(x, a, b),
  'x += a': (x, a) => changed(x, (y) => addInPlace(y, a)),
  'x *= a': (x, a) => changed(x, (y) => multiplyInPlace(y, a)),
  'x += x · a': (x, a) => changed(x, (y) => addProductInPlace(y, x, a)),
  'x −= x · a': (x, a) => changed(x, (y) => addProductInPlace(y, x, a, -1)),
  'x += x · a, of one array': (x, a) => changed(x, (y) => addProductInPlace(y, y, a)),
};

function changed(x: NdArray, change: (y: NdArray) => void): NdArray {
  const y = copy(x);
  change(y);
  return y;
}

afterEach(() => setBackend('auto'));

describe('images with a number for each channel', () => {
  for (const [name, f] of Object.entries(CHANNELS)) {
    it(`${name} has the bits of the plain loop`, () => {
      fc.assert(
        fc.property(shapes, fc.boolean(), (shape, view) => {
          const [images, ...factors] = [shape, [1, shape[1], 1, 1], [1, shape[1], 1, 1]].map((size, i) =>
            normal(size, i, 'float32'),
          );
          const x = view ? scattered(images) : images;
          const [fast, plain] = bothWays(() => f(x, factors[0], factors[1]));
          expect(toNested(fast)).to.deep.equal(toNested(plain));
        }),
        { numRuns: 30 },
      );
    });
  }

  it('sums and means of each channel, also of products, equal those of plain loops', () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), (shape, keepDims) => {
        const [x, y] = [1, 2].map((seed) => normal(shape, seed, 'float32'));
        const axis = { axis: [0, 2, 3], keepDims };
        for (const f of [
          () => sum(x, axis),
          () => mean(x, axis),
          () => sumOfProducts(x, y, axis),
          () => meanOfProducts(x, x, axis),
        ]) {
          const [fast, plain] = bothWays(f);
          expect(fast.shape).to.deep.equal(plain.shape);
          expectClose(fast, plain, 1e-6);
        }
        expectClose(sumOfProducts(x, y, axis), sum(multiply(x, y), axis), 1e-6);
        expectClose(meanOfProducts(x, y, axis), mean(multiply(x, y), axis), 1e-6);
      }),
      { numRuns: 30 },
    );
  });

  it('a rectified gradient passes where x is above 0 or NaN', () => {
    const x = array([1, -1, 0, -0, NaN, Infinity, -Infinity, 1e-40, ...Array(60).fill(-2)], [68], 'float32');
    const dout = normal([68], 3, 'float32');
    const [fast, plain] = bothWays(() => {
      const layer = new ReLU();
      layer.forward(x);
      return toNested(layer.backward(dout));
    });
    expect(fast).to.deep.equal(plain);
  });

  it('the maxima of windows are those of plain loops, for any windows, ties and NaN', () => {
    const pairs = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
    const value = fc.constantFrom(0, -0, 1, 2, 3, -1, -2, NaN, Infinity, -Infinity);
    fc.assert(
      fc.property(
        pairs(5, 30),
        pairs(1, 5),
        pairs(1, 4),
        pairs(0, 2),
        fc.infiniteStream(value),
        (size, kernel, stride, pad, values) => {
          const padding = [0, 1].map((a) => Math.min(pad[a], Math.floor(kernel[a] / 2))) as [number, number];
          const list = Array.from({ length: 6 * size[0] * size[1] }, () => values.next().value);
          const x = reshape(array(list, [list.length], 'float32'), [2, 3, ...size]);
          const [fast, plain] = bothWays(() => {
            const { out, indices } = maxPool2d(x, kernel, { stride, padding });
            return [toNested(out), toNested(indices)];
          });
          expect(fast).to.deep.equal(plain);
        },
      ),
      { numRuns: 60 },
    );
  });
});
