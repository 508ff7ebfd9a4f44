import { expect } from 'chai';
import fc from 'fast-check';
import {
  Adam,
  AdamW,
  add,
  addInPlace,
  array,
  assign,
  copy,
  divide,
  ELU,
  exp,
  expm1,
  GELU,
  log,
  max,
  maximum,
  mean,
  minimum,
  multiply,
  multiplyInPlace,
  type NdArray,
  type Optimizer,
  Parameter,
  Random,
  reshape,
  SGD,
  Softmax,
  SoftmaxCrossEntropy,
  setBackend,
  slice,
  sqrt,
  square,
  subtract,
  subtractInPlace,
  sum,
  tanh,
  toNested,
  transpose,
  zeros,
} from '../../src/index.js';

/** The result of f with the wasm engine, and with plain loops. */
function bothWays<T>(f: () => T): [fast: T, plain: T] {
  setBackend('wasm', { threads: 1 });
  const fast = f();
  setBackend('reference');
  return [fast, f()];
}

/** The distance to the next larger float32. */
function unit(x: number): number {
  const bits = new Uint32Array(new Float32Array([Math.abs(x)]).buffer);
  const next = new Float32Array(new Uint32Array([bits[0] + 1]).buffer)[0];
  return next - Math.abs(Math.fround(x));
}

const SPECIAL = [0, -0, NaN, Infinity, -Infinity, 1e-40, -1e-40, 88.7, 88.8, -87.5, -103.9, -104.5, 1000, -1000, 1e30];

const eluAt = (alpha: number) => (x: number) => (x > 0 ? x : alpha * Math.expm1(x));
const eluSlopeAt = (alpha: number) => (x: number) => (x > 0 ? 1 : alpha * Math.exp(x));

function elu(alpha: number) {
  return (x: NdArray) => new ELU({ alpha }).forward(x);
}

function eluSlope(alpha: number) {
  return (x: NdArray) => {
    const layer = new ELU({ alpha });
    layer.forward(x);
    return layer.backward(array(new Float32Array(x.size).fill(1), x.shape));
  };
}

/** GELU or its slope on an array. */
function gelu(x: NdArray, slope: boolean): NdArray {
  const layer = new GELU();
  const out = layer.forward(x);
  return slope ? layer.backward(array(Array(x.size).fill(1), x.shape, x.dtype)) : out;
}

const UNARY: [name: string, f: (x: NdArray) => NdArray, exact: (x: number) => number, units: number][] = [
  ['exp', exp, Math.exp, 2],
  ['expm1', expm1, Math.expm1, 3],
  ['tanh', tanh, Math.tanh, 4],
  ['sqrt', sqrt, Math.sqrt, 0.5],
  ['square', square, (x) => x * x, 0.5],
  ['ELU', elu(1.3), eluAt(1.3), 4],
  ['the derivative of ELU', eluSlope(1.3), eluSlopeAt(1.3), 4],
  ['ELU with a negative alpha', elu(-0.5), eluAt(-0.5), 4],
];

const BINARY: [name: string, f: (a: NdArray, b: NdArray | number) => NdArray][] = [
  ['add', add],
  ['subtract', subtract],
  ['multiply', multiply],
  ['divide', divide],
  ['maximum', maximum],
  ['minimum', minimum],
];

/** How an operand lies in memory, and how it broadcasts to (n, m). */
const LAYOUTS = ['whole', 'one row', 'one column', 'one number', 'transposed', 'transposed column', 'sliced'];

describe('the fast vectors of the engines', () => {
  afterEach(() => setBackend('auto'));

  for (const [name, f, exact, units] of UNARY) {
    it(`${name} is accurate to ${units} units in the last place over the whole range of float32`, () => {
      setBackend('wasm', { threads: 1 });
      const rng = new Random(1);
      const numbers = [3, 30, 100].flatMap((std) => [...rng.normal([5000], { std }).data]);
      const tiny = numbers.map((x) => Math.fround(Math.exp(-Math.abs(x)) * Math.sign(x)));
      const x = array(Float32Array.from([...SPECIAL, ...numbers, ...tiny]));
      const out = f(x);
      for (let i = 0; i < x.size; i++) {
        const [actual, expected] = [out.get(i), exact(x.get(i))];
        if (Object.is(actual, Math.fround(expected))) continue;
        const close = Math.abs(actual - expected) <= (units + 0.01) * unit(expected);
        if (!close) expect.fail(`${name}(${x.get(i)}) is ${actual}, expected ${expected}`);
      }
    });
  }

  for (const slope of [false, true]) {
    it(`${slope ? 'the derivative of GELU' : 'GELU'} is as accurate as its exponential in float32`, () => {
      setBackend('wasm', { threads: 1 });
      const numbers = [0.1, 1, 3, 30].flatMap((std) => [...new Random(1).normal([5000], { std }).data]);
      const x = array(Float32Array.from([0, 1000, -1000, 1e30, -1e30, ...numbers]));
      const out = gelu(x, slope);
      const exact = gelu(array([...x.data], x.shape, 'float64'), slope);
      for (let i = 0; i < x.size; i++) {
        const [value, actual, expected] = [x.get(i), out.get(i), exact.get(i)];
        const argument = 1.6 * Math.min(Math.abs(value) + 0.045 * Math.abs(value) ** 3, 90); // its rounding is eʷ's error
        const size = Math.max(Math.abs(expected), 1 / (1 + Math.exp(-argument * Math.sign(value))));
        const close = Math.abs(actual - expected) <= (5 + 4 * argument) * unit(size) + 1e-36;
        if (!close) expect.fail(`at ${value} it is ${actual}, expected ${expected}`);
      }
      expect(Number.isNaN(gelu(array(new Float32Array(100).fill(NaN)), slope).get(7))).to.equal(true);
    });
  }

  for (const [name, f] of BINARY) {
    it(`${name} gives the bits of the plain loop for any shapes that broadcast and any views`, () => {
      const size = fc.constantFrom(1, 2, 7, 33, 100);
      const rows = fc.constantFrom(...LAYOUTS, 'number');
      fc.assert(
        fc.property(size, size, rows, rows, fc.integer(), (n, m, left, right, seed) => {
          fc.pre(left !== 'number');
          const rng = new Random(seed);
          const a = operand(left, n, m, rng) as NdArray;
          const b = operand(right, n, m, rng);
          const [fast, plain] = bothWays(() => f(a, b));
          expect(fast.shape).deep.equals(plain.shape);
          expect([...fast.data]).deep.equals([...plain.data]);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('process rows longer than a piece, and arrays of three axes', () => {
    const rng = new Random(2);
    const shapes = [
      { left: [3, 9001], right: [9001] },
      { left: [9001], right: [1] },
      { left: [3, 5000], right: [3, 1] },
      { left: [2, 3, 50], right: [50] },
      { left: [2, 3, 50], right: [3, 50] },
      { left: [2, 3, 50], right: [2, 3, 1] },
      { left: [2, 3, 50], right: [2, 1, 1] },
    ];
    for (const { left, right } of shapes) {
      const [a, b] = [rng.normal(left), rng.normal(right)];
      const [fast, plain] = bothWays(() => multiply(a, b));
      expect([...fast.data], `${left} and ${right}`).deep.equals([...plain.data]);
    }
  });

  it('propagate NaN and infinities', () => {
    const numbers = [NaN, Infinity, -Infinity, 0, -0, 1];
    const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b]));
    const padded = [...pairs, ...pairs];
    const a = array(padded.map(([x]) => x));
    const b = array(padded.map(([, y]) => y));
    for (const [name, f] of BINARY) {
      const [fast, plain] = bothWays(() => toNested(f(a, b)));
      expect(fast, name).deep.equals(plain);
    }
  });

  it('read a transposed column and a row with gaps through their strides', () => {
    const x = new Random(7).normal([100, 5]);
    const row = transpose(slice(x, null, [2, 3])); // (1, 100), one element in five of the memory
    for (const right of [array(2), row, new Random(8).normal([1, 100]), new Random(8).normal([100, 1])]) {
      const [fast, plain] = bothWays(() => subtract(row, right));
      expect([...fast.data], `shape ${right.shape}`).deep.equals([...plain.data]);
    }
  });

  const x = new Random(3).normal([40, 40]);
  const corner = (target: NdArray) => slice(target, [0, 30], [0, 30]);
  const changes: [name: string, change: (target: NdArray) => void][] = [
    ['add a row', (target) => addInPlace(target, slice(x, [3, 4]))],
    ['add a row of the target', (target) => addInPlace(target, slice(target, [3, 4]))],
    ['add a column as long as a row', (target) => addInPlace(target, slice(x, null, [3, 4]))],
    ['multiply by a column', (target) => multiplyInPlace(target, slice(x, null, [3, 4]))],
    ['multiply by the target', (target) => multiplyInPlace(target, target)],
    ['multiply by a row of the target', (target) => multiplyInPlace(target, slice(target, [1, 2]))],
    ['subtract a number', (target) => subtractInPlace(target, 0.25)],
    ['subtract a transpose from a view', (target) => subtractInPlace(corner(target), transpose(corner(x)))],
    ['subtract the target', (target) => subtractInPlace(target, target)],
    ['add an array with a scale', (target) => addInPlace(target, x, -0.3)],
    ['add a row with a scale', (target) => addInPlace(target, slice(x, [3, 4]), 2)],
    ['add a number with a scale', (target) => addInPlace(target, 1.5, 2)],
    ['add the target with a scale', (target) => addInPlace(target, target, 2)],
    ['add the transpose of a view', (target) => addInPlace(corner(target), transpose(corner(target)))],
  ];
  for (const [name, change] of changes) {
    it(`${name} in place with the results of plain loops`, () => {
      const [fast, plain] = bothWays(() => {
        const target = new Random(9).normal([40, 40]);
        change(target);
        return target;
      });
      for (let i = 0; i < fast.size; i++) {
        expect(fast.data[i]).closeTo(plain.data[i], 2 * unit(plain.data[i]) + 1e-6);
      }
    });
  }

  it('read an overlapping operand before it is changed, also if it is longer than a piece', () => {
    const base = new Random(10).normal([20_001]);
    const rows: NdArray = reshape(slice(base, [0, 19_998]), [2, 9999]);
    for (const [name, target, change] of [
      ['elements', base, (x: NdArray) => subtractInPlace(slice(x, [1, 20_001]), slice(x, [0, 20_000]))],
      ['a row', rows, (x: NdArray) => addInPlace(x, slice(x, [0, 1]))],
    ] as const) {
      const [fast, plain] = bothWays(() => {
        const changed = copy(target);
        change(changed);
        return changed;
      });
      expect(fast.data, name).deep.equals(plain.data);
    }
  });

  it('sum rows with the bits of a plain loop in double precision, for rows of any length and views', () => {
    const rng = new Random(4);
    for (const shape of [
      [7, 33],
      [200, 100],
      [3, 9001],
      [4, 50, 31],
      [5, 64, 1],
    ]) {
      const x = rng.normal(shape, { std: 1000 });
      for (const axis of shape.keys()) {
        const [fast, plain] = bothWays(() => sum(x, axis));
        expect([...fast.data], `${shape}, axis ${axis}`).deep.equals([...plain.data]);
        const [transposed, plainTransposed] = bothWays(() => mean(transpose(x), axis));
        expect([...transposed.data], `${shape} transposed, axis ${axis}`).deep.equals([...plainTransposed.data]);
      }
    }
  });

  it('compute softmax and its logarithm with the bits of the separate steps, also for NaN and infinities', () => {
    setBackend('wasm', { threads: 1 });
    const rng = new Random(6);
    const ends = { axis: -1, keepDims: true };
    for (const [rows, columns, std] of [
      [1000, 10, 3],
      [1, 100, 100],
      [77, 1, 1],
      [2047, 3, 1000],
      [9, 2048, 10],
      [5, 2049, 10],
    ]) {
      const logits = rng.normal([rows, columns], { std });
      const targets = zeros([rows, columns]);
      for (let row = 0; row < rows; row++) targets.set(row, row % columns, 1);
      const inSteps = () => {
        const shifted = subtract(logits, max(logits, ends));
        return { shifted, sums: sum(exp(shifted), ends) };
      };
      const { shifted, sums } = inSteps();
      const loss = new SoftmaxCrossEntropy();
      const logProbs = subtract(shifted, log(sums));
      expect(loss.forward(logits, targets)).equals(-sum(multiply(targets, logProbs)) / rows);
      expect(loss.backward().data).deep.equals(multiply(subtract(exp(logProbs), targets), 1 / rows).data);
      for (const [row, value] of [Number.NaN, Infinity, -Infinity].entries()) {
        if (row < rows) logits.set(row, columns >> 1, value);
      }
      const step = inSteps();
      expect(new Softmax().forward(logits).data).deep.equals(divide(exp(step.shifted), step.sums).data);
    }
  });

  const optimizers: [name: string, make: (parameters: Parameter[]) => Optimizer][] = [
    ['SGD with momentum', (p) => new SGD(p, { learningRate: 0.1, momentum: 0.8, weightDecay: 0.03 })],
    ['SGD with Nesterov', (p) => new SGD(p, { learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.03 })],
    ['Adam', (p) => new Adam(p, { learningRate: 0.1, beta1: 0.8, beta2: 0.95, eps: 1e-4, weightDecay: 0.03 })],
    ['AdamW', (p) => new AdamW(p, { learningRate: 0.1, beta1: 0.8, beta2: 0.95, weightDecay: 0.3 })],
  ];
  for (const [name, make] of optimizers) {
    it(`${name} takes the same ten steps as the plain loop, to 1e-5`, () => {
      const [fast, plain] = bothWays(() => {
        const rng = new Random(5);
        const parameter = new Parameter('weight', rng.normal([71, 83]));
        const optimizer = make([parameter]);
        for (let step = 0; step < 10; step++) {
          assign(parameter.grad, rng.normal([71, 83]));
          optimizer.step();
        }
        return parameter.value;
      });
      for (let i = 0; i < fast.size; i++) expect(fast.data[i]).closeTo(plain.data[i], 1e-5);
    });
  }
});

/** An operand that broadcasts to (n, m), lying in memory as its name says. */
function operand(layout: string, n: number, m: number, rng: Random): NdArray | number {
  switch (layout) {
    case 'one row':
      return rng.normal([m]);
    case 'one column':
      return rng.normal([n, 1]);
    case 'one number':
      return rng.normal([1, 1]);
    case 'transposed':
      return transpose(rng.normal([m, n]));
    case 'transposed column':
      return transpose(slice(rng.normal([m, 5]), null, [2, 3]));
    case 'sliced':
      return slice(rng.normal([n, m + 5]), null, [2, m + 2]);
    case 'number':
      return 0.1 + rng.nextNormal();
    default:
      return rng.normal([n, m]);
  }
}
