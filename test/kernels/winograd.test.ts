import { expect } from 'chai';
import fc from 'fast-check';
import {
  astype,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  type NdArray,
  setBackend,
  toNested,
} from '../../src/index.js';
import { engine } from '../../src/kernels/backend.js';
import type { Windows } from '../../src/kernels/engine.js';
import { expectClose, normal, scattered } from '../support/arrays.js';
import { usableEngines } from '../support/windows.js';

/** The error of the algorithm in float32, relative to the largest element. Measured: up to 1.1e-5. */
const ERROR = 3e-5;

interface Sizes {
  N: number;
  C: number;
  O: number;
  size: [number, number];
  padding: [number, number];
}

const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    N: fc.integer({ min: 1, max: 6 }),
    C: fc.integer({ min: 1, max: 20 }),
    O: fc.integer({ min: 1, max: 20 }),
    size: fc.tuple(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 13 })),
    padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  })
  .filter(({ size, padding }) => [0, 1].every((a) => size[a] + 2 * padding[a] >= 3));

function operands({ N, C, O, size, padding }: Sizes): [x: NdArray, weight: NdArray, dout: NdArray] {
  const count = [0, 1].map((a) => size[a] + 2 * padding[a] - 2);
  return [
    normal([N, C, ...size], 1, 'float32'),
    normal([O, C, 3, 3], 2, 'float32'),
    normal([N, O, ...count], 3, 'float32'),
  ];
}

const products = ([x, weight, dout]: NdArray[], { size, padding }: Sizes): NdArray[] => [
  conv2d(x, weight, { padding }),
  conv2dInputGradient(weight, dout, size, { padding }),
  conv2dWeightGradient(x, dout, 3, { padding }),
];

/** Fails unless the convolution and both gradients equal those in float64, which the algorithm does not compute. */
function expectProducts(given: Sizes, list: NdArray[]): void {
  const exact = products(
    list.map((x) => astype(x, 'float64')),
    given,
  );
  for (const [i, actual] of products(list, given).entries()) expectClose(actual, exact[i], ERROR);
}

afterEach(() => setBackend('auto'));

for (const name of usableEngines().filter((usable) => usable !== 'reference')) {
  describe(`Winograd’s convolution on the ${name} engine`, () => {
    it('has the output and both gradients of the definition, for all sizes, paddings and views', () => {
      setBackend(name);
      fc.assert(
        fc.property(sizes, fc.boolean(), (given, view) =>
          expectProducts(given, view ? operands(given).map(scattered) : operands(given)),
        ),
        { numRuns: 40 },
      );
    });

    it('has them for a batch that is computed in several parts, on any number of threads, with the same bits in wasm', () => {
      const given: Sizes = { N: 7, C: 24, O: 40, size: [30, 33], padding: [1, 1] };
      const list = operands(given);
      const results = [1, 2, 3].map((threads) => {
        setBackend(name, { threads });
        expectProducts(given, list);
        return products(list, given).map(toNested);
      });
      if (name === 'wasm') for (const result of results) expect(result).to.deep.equal(results[0]);
    });

    it('has them for images of a few pixels with any kernel, stride and padding, which are computed tap by tap', () => {
      setBackend(name);
      const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
      fc.assert(
        fc.property(
          ...[fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 140 }), fc.integer({ min: 1, max: 140 })],
          ...[pair(1, 2), pair(1, 5), pair(1, 3), pair(0, 3), fc.boolean()],
          (N, C, O, size, kernel, stride, padding, view) => {
            const count = [0, 1].map((a) => Math.floor((size[a] + 2 * padding[a] - kernel[a]) / stride[a]) + 1);
            fc.pre(count.every((windows) => windows >= 1));
            const plain = [
              normal([N, C, ...size], 1, 'float32'),
              normal([O, C, ...kernel], 2, 'float32'),
              normal([N, O, ...count], 3, 'float32'),
            ];
            const all = ([x, weight, dout]: NdArray[]) => [
              conv2d(x, weight, { stride, padding }),
              conv2dInputGradient(weight, dout, size, { stride, padding }),
              conv2dWeightGradient(x, dout, kernel, { stride, padding }),
            ];
            const exact = all(plain.map((x) => astype(x, 'float64')));
            for (const [i, actual] of all(view ? plain.map(scattered) : plain).entries())
              expectClose(actual, exact[i], 1e-5);
          },
        ),
        { numRuns: 25 },
      );
    });

    it('leaves other kernels, strides, paddings and dtypes to the general way', () => {
      setBackend(name);
      const windows: Windows = { kernel: [3, 3], stride: [1, 1], padding: [1, 1], count: [4, 4] };
      const computes = (change: Partial<Windows>, dtype: 'float32' | 'float64' = 'float32') => {
        const [x, weight] = [normal([1, 1, 4, 4], 1, dtype), normal([1, 1, 3, 3], 2, dtype)];
        return engine().convolution?.output(normal([1, 1, 4, 4], 3, dtype), x, weight, { ...windows, ...change });
      };
      expect(computes({})).to.equal(true);
      expect(computes({ kernel: [3, 2] })).to.equal(false);
      expect(computes({ stride: [1, 2] })).to.equal(false);
      expect(computes({ padding: [3, 1] })).to.equal(false);
      expect(computes({}, 'float64')).to.equal(false);
    });
  });
}
