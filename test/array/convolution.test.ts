import { expect } from 'chai';
import fc from 'fast-check';
import {
  array,
  astype,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  type NdArray,
  setBackend,
  toNested,
  zeros,
} from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';
import { dtypes, indicesOf } from '../support/naive.js';
import {
  addAt,
  CORNERS,
  images,
  meetings,
  options,
  type Setup,
  setups,
  usableEngines,
  windowCount,
} from '../support/windows.js';

/** Sums the products of x, weight and dout, one term of the definition at a time. */
function eachTerm(setup: Setup, visit: (x: number[], weight: number[], out: number[]) => void): void {
  for (const [n, o, i] of indicesOf([setup.N, setup.O, setup.I])) {
    for (const { window, position, pixel } of meetings(setup)) {
      visit([n, i, ...pixel], [o, i, ...position], [n, o, ...window]);
    }
  }
}

const shapesOf = (setup: Setup) => ({
  x: [setup.N, setup.I, ...setup.size],
  weight: [setup.O, setup.I, ...setup.kernel],
  out: [setup.N, setup.O, ...windowCount(setup)],
});

function naive(setup: Setup, x: NdArray, weight: NdArray, dout: NdArray) {
  const shapes = shapesOf(setup);
  const out = zeros(shapes.out, 'float64');
  const dWeight = zeros(shapes.weight, 'float64');
  const dx = zeros(shapes.x, 'float64');
  eachTerm(setup, (at, atWeight, atOut) => {
    addAt(out, atOut, x.get(...at) * weight.get(...atWeight));
    addAt(dWeight, atWeight, x.get(...at) * dout.get(...atOut));
    addAt(dx, at, weight.get(...atWeight) * dout.get(...atOut));
  });
  return { out, dWeight, dx };
}

/** Fails unless the three products equal the plain sums, in fresh arrays of the operands' dtype. */
function expectThreeProducts(setup: Setup, x: NdArray, weight: NdArray, dout: NdArray): void {
  const expected = naive(setup, x, weight, dout);
  const actual = {
    out: conv2d(x, weight, options(setup)),
    dWeight: conv2dWeightGradient(x, dout, setup.kernel, options(setup)),
    dx: conv2dInputGradient(weight, dout, setup.size, options(setup)),
  };
  for (const name of ['out', 'dWeight', 'dx'] as const) {
    expectClose(actual[name], expected[name], x.dtype === 'float64' ? 1e-12 : 1e-5, name);
    expect(actual[name].dtype).to.equal(x.dtype);
    expect([x.data, weight.data, dout.data]).not.to.include(actual[name].data);
  }
}

afterEach(() => setBackend('auto'));

for (const engine of usableEngines()) {
  describe(`convolution on the ${engine} engine`, () => {
    beforeEach(() => setBackend(engine));

    it('has the output and both gradients of the definition, for any size, stride, padding, layout and dtype', () => {
      const cases = fc.tuple(setups, dtypes).chain(([setup, dtype]) => {
        const { x, weight, out } = shapesOf(setup);
        return fc.tuple(fc.constant(setup), images(x, dtype), images(weight, dtype), images(out, dtype));
      });
      fc.assert(
        fc.property(cases, ([setup, x, weight, dout]) => expectThreeProducts(setup, x, weight, dout)),
        { numRuns: 60 },
      );
    });

    for (const [name, setup] of Object.entries(CORNERS)) {
      it(`has them for ${name}`, () => {
        const { x, weight, out } = shapesOf(setup);
        const operands = [normal(x, 1), normal(weight, 2), normal(out, 3)] as const;
        expectThreeProducts(setup, ...operands);
        const [a, b, c] = operands.map(scattered);
        expectThreeProducts(setup, a, b, c);
      });
    }

    for (const dtype of ['float32', 'float64'] as const) {
      it(`has them for many channels, in ${dtype}`, () => {
        for (const [kernel, padding, stride] of [
          [3, 1, 1],
          [1, 0, 1],
          [3, 1, 2],
        ]) {
          const setup: Setup = {
            ...{ N: 2, I: 9, O: 11, size: [9, 10] },
            ...{ kernel: [kernel, kernel], stride: [stride, stride], padding: [padding, padding] },
          };
          const { x, weight, out } = shapesOf(setup);
          expectThreeProducts(setup, normal(x, 4, dtype), normal(weight, 5, dtype), normal(out, 6, dtype));
        }
      });
    }
  });
}

describe('conv2d', () => {
  it('is worked by hand for the course’s example: one channel, a 2 × 2 kernel, no padding', () => {
    const x = array([
      [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
    ]);
    const weight = array([
      [
        [
          [1, 10],
          [100, 1000],
        ],
      ],
    ]);
    const dout = array([
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ]);
    expect(toNested(conv2d(x, weight))).to.deep.equal([
      [
        [
          [5421, 6532],
          [8754, 9865],
        ],
      ],
    ]);
    // ∂L/∂K₁₁ = Σ ∂L/∂Y_mn X_mn
    expect(toNested(conv2dWeightGradient(x, dout, 2))).to.deep.equal([
      [
        [
          [37, 47],
          [67, 77],
        ],
      ],
    ]);
    expect(toNested(conv2dInputGradient(weight, dout, 3))).to.deep.equal([
      [
        [
          [1, 12, 20],
          [103, 1234, 2040],
          [300, 3400, 4000],
        ],
      ],
    ]);
  });

  it('takes a number or a pair for both directions', () => {
    const [x, weight] = [normal([1, 2, 6, 7], 1), normal([3, 2, 3, 2], 2)];
    expect(toNested(conv2d(x, weight, { stride: 2, padding: 1 }))).to.deep.equal(
      toNested(conv2d(x, weight, { stride: [2, 2], padding: [1, 1] })),
    );
    expect(conv2d(x, weight, { stride: [1, 3], padding: [0, 2] }).shape).to.deep.equal([1, 3, 4, 4]);
  });

  it('lets NaN through to the windows that contain it, and to no other', () => {
    const x = zeros([1, 1, 3, 4]);
    x.set(0, 0, 0, 0, Number.NaN);
    const out = conv2d(
      x,
      array([
        [
          [
            [1, 1],
            [1, 1],
          ],
        ],
      ]),
      { padding: 1 },
    );
    const reached = indicesOf([4, 5]).filter(([y, x]) => Number.isNaN(out.get(0, 0, y, x)));
    expect(reached).to.deep.equal([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
  });

  it('refuses what does not fit, and names the call, what it expected and what it got', () => {
    const [x, weight] = [zeros([2, 3, 4, 5]), zeros([7, 3, 3, 2])];
    expect(() => conv2d(zeros([3, 4, 5]), weight)).to.throw('conv2d: expected x of shape (N, I, H, W), got (3, 4, 5)');
    expect(() => conv2d(x, zeros([7, 2, 3, 2]))).to.throw(
      'conv2d: expected weight of shape (O, 3, KH, KW), got (7, 2, 3, 2)',
    );
    expect(() => conv2d(x, astype(weight, 'float64'))).to.throw(
      'conv2d: expected weight of dtype float32, got float64',
    );
    expect(() => conv2d(x, zeros([7, 3, 5, 2]))).to.throw(
      'conv2d: a window of 5 × 2 does not fit into an image of 4 × 5 with a padding of 0 × 0; the shape is (2, 3, 4, 5)',
    );
    expect(() => conv2d(x, weight, { stride: 0 })).to.throw(
      'conv2d: expected stride to be a whole number from 1 up, or a pair of them, got 0',
    );
    expect(() => conv2d(x, weight, { padding: [1, -1] })).to.throw(
      'conv2d: expected padding to be a whole number from 0',
    );
    expect(() => conv2d(x, weight, { strides: 2 } as never)).to.throw("conv2d: there is no option 'strides'");
    expect(() => conv2dWeightGradient(x, zeros([2, 7, 2, 3]), [3, 2])).to.throw(
      'conv2dWeightGradient: expected dout of shape (2, O, 2, 4), got (2, 7, 2, 3)',
    );
    expect(() => conv2dInputGradient(weight, zeros([2, 6, 2, 4]), [4, 5])).to.throw(
      'conv2dInputGradient: expected dout of shape (N, 7, 2, 4), got (2, 6, 2, 4)',
    );
    expect(() => conv2dInputGradient(weight, zeros([2, 7, 2, 4]), [4, 5, 6] as never)).to.throw(
      'conv2dInputGradient: expected size to be a whole number from 1 up, or a pair of them, got [4,5,6]',
    );
  });
});
