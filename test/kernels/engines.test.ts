import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { Random } from '../../src/index.js';
import { decodeBase64 } from '../../src/kernels/base64.js';
import { startBlas } from '../../src/kernels/blas.js';
import type { Engine, Matrix } from '../../src/kernels/engine.js';
import { reference } from '../../src/kernels/reference.js';
import { wasm } from '../../src/kernels/wasm.js';
import { isWasmSupported } from '../../src/kernels/wasm-context.js';
import { skip } from '../support/skip.js';

type Dtype = 'float32' | 'float64';
type Layout = (rows: number, columns: number) => { stride: number[]; offset: number; length: number };

/** Ways in which a matrix may lie in memory. */
const LAYOUTS: Record<string, Layout> = {
  rows: (n, m) => ({ stride: [m, 1], offset: 0, length: n * m }),
  columns: (n, m) => ({ stride: [1, n], offset: 0, length: n * m }),
  'rows of a wider matrix': (n, m) => ({ stride: [m + 3, 1], offset: 2, length: n * (m + 3) + 2 }),
  'every third column': (n, m) => ({ stride: [3 * m, 3], offset: 1, length: 3 * n * m + 1 }),
  'rows upside down': (n, m) => ({ stride: [-m, 1], offset: (n - 1) * m, length: n * m }),
  'columns from right to left': (n, m) => ({ stride: [m, -1], offset: m - 1, length: n * m }),
  'far apart': (n, m) => ({ stride: [40 * m, 17], offset: 5, length: 40 * n * m + 17 * m + 5 }),
};

/** A matrix of random numbers in the given layout; the memory between its elements is NaN. */
function matrix(rows: number, columns: number, layout: string, dtype: Dtype, rng: Random): Matrix {
  const { stride, offset, length } = LAYOUTS[layout](rows, columns);
  const data = dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  const x = ndarray(data.fill(Number.NaN), [rows, columns], stride, offset);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) x.set(i, j, rng.nextNormal());
  return x;
}

function clone(x: Matrix): Matrix {
  return ndarray(x.data.slice(), [...x.shape], [...x.stride], x.offset);
}

/** Fails unless both are the same, to a tolerance that grows with the length k of the sums. */
function expectAgreement(out: Matrix, expected: Matrix, k: number, dtype: Dtype): void {
  const tolerance = (dtype === 'float64' ? 1e-12 : 1e-5) * Math.sqrt(k + 1);
  for (let i = 0; i < out.shape[0]; i++) {
    for (let j = 0; j < out.shape[1]; j++) {
      const [a, b] = [out.get(i, j), expected.get(i, j)];
      if (!(Math.abs(a - b) <= tolerance)) expect.fail(`(${i}, ${j}) is ${a}, expected ${b}`);
    }
  }
}

const layouts = fc.constantFrom(...Object.keys(LAYOUTS));
const dtypes = fc.constantFrom<Dtype>('float32', 'float64');
const sizes = fc.integer({ min: 1, max: 40 });
const factors = fc.constantFrom(0, 1, -1, 0.5, 2.25);

/** The system's BLAS, where it has one. CI has one; elsewhere the tests say that they skip. */
function systemBlas(): Engine | undefined {
  try {
    return startBlas(2);
  } catch {
    return undefined;
  }
}

const blas = systemBlas();

for (const [name, fast] of [
  ['wasm', wasm],
  ['blas', blas],
] as const) {
  describe(`the ${name} engine`, () => {
    const engine = fast ?? reference;

    before(function () {
      if (!fast) skip(this, 'this system has no BLAS; OpenBLAS is one');
    });

    it('agrees with reference over random shapes, layouts, α and β, and leaves the memory around its output alone', () => {
      fc.assert(
        fc.property(
          fc.record({ n: sizes, m: sizes, k: sizes, lieA: layouts, lieB: layouts, lieOut: layouts }),
          dtypes,
          fc.tuple(factors, factors),
          fc.nat(),
          ({ n, m, k, lieA, lieB, lieOut }, dtype, [alpha, beta], seed) => {
            const rng = new Random(seed);
            const a = matrix(n, k, lieA, dtype, rng);
            const b = matrix(k, m, lieB, dtype, rng);
            const out = matrix(n, m, lieOut, dtype, rng);
            const expected = clone(out);
            const gaps = [...out.data].filter(Number.isNaN).length;
            engine.gemm(out, a, b, alpha, beta);
            reference.gemm(expected, a, b, alpha, beta);
            expectAgreement(out, expected, k, dtype);
            expect([...out.data].filter(Number.isNaN).length).to.equal(gaps);
          },
        ),
        { numRuns: 300 },
      );
    });

    const PAST_BLOCKS = [
      [200, 100, 600],
      [97, 513, 257],
      [1, 1, 3000],
      [1, 700, 5],
      [300, 1, 300],
      [193, 7, 513],
    ];
    for (const dtype of ['float32', 'float64'] as const) {
      it(`agrees with reference past every block size, in ${dtype}`, () => {
        const rng = new Random(dtype);
        for (const [n, m, k] of PAST_BLOCKS) {
          const a = matrix(n, k, 'rows', dtype, rng);
          const b = matrix(k, m, 'columns', dtype, rng);
          const [out, expected] = [matrix(n, m, 'rows', dtype, rng), matrix(n, m, 'rows', dtype, rng)];
          engine.gemm(out, a, b, 1, 0);
          reference.gemm(expected, a, b, 1, 0);
          expectAgreement(out, expected, k, dtype);
        }
      }).timeout(60_000);
    }

    it('does not read the old output when β is 0, and propagates NaN and infinities of the operands', () => {
      const a = ndarray(new Float32Array([1, Number.NaN, 0, 2]), [2, 2]);
      const b = ndarray(new Float32Array([1, Number.POSITIVE_INFINITY, 3, 4]), [2, 2]);
      const out = ndarray(new Float32Array(4).fill(Number.NaN), [2, 2]);
      engine.gemm(out, a, b, 1, 0);
      expect([...out.data]).to.deep.equal([Number.NaN, Number.NaN, 6, Number.NaN]); // 0 · ∞ is NaN
    });

    it('adds a row to each row with the same bits as plain additions, also for NaN and infinities', () => {
      const rng = new Random(5);
      for (const [rows, columns] of [
        [1, 1],
        [1000, 100],
        [13, 9001],
        [300, 7],
        [2, 64],
      ]) {
        const y = Float32Array.from({ length: rows * columns }, () => rng.nextNormal());
        const row = Float32Array.from({ length: columns }, () => 100 * rng.nextNormal());
        [y[0], row[columns - 1]] = [Number.POSITIVE_INFINITY, rows > 5 ? Number.NaN : -0];
        const expected = y.map((value, i) => value + row[i % columns]);
        engine.vectors?.addToRows(y, row);
        expect(
          y.every((value, i) => Object.is(value, expected[i])),
          `${rows} × ${columns}`,
        ).to.equal(true);
      }
    });

    it('gives the same bits every time', () => {
      const product = () => {
        const rng = new Random(1);
        const out = matrix(70, 90, 'rows', 'float32', rng);
        engine.gemm(out, matrix(70, 300, 'rows', 'float32', rng), matrix(300, 90, 'columns', 'float32', rng), 1, 0);
        return out.data;
      };
      expect(product()).to.deep.equal(product());
    });
  });
}

describe('the wasm engine', () => {
  it('runs here', () => {
    expect(isWasmSupported()).to.equal(true);
  });

  it('multiplies long batches in slabs', () => {
    const [n, k] = [40, 2 ** 20];
    const a = ndarray(new Float32Array(n * k), [n, k]);
    for (let i = 0; i < n; i++) a.data.fill(i, i * k, (i + 1) * k);
    const out = ndarray(new Float32Array(n), [n, 1]);
    wasm.gemm(out, a, ndarray(new Float32Array(k).fill(0.5), [k, 1]), 1, 0);
    expect([...out.data]).to.deep.equal(Array.from({ length: n }, (_, i) => (i * k) / 2));
  }).timeout(20_000);

  it('is also right if the runtime has a fused multiply-add', () => {
    const lib = (file: string) => JSON.stringify(new URL(`../../lib/kernels/${file}`, import.meta.url).href);
    const script = `
      import { wasm } from ${lib('wasm.js')};
      import { PRODUCTS } from ${lib('generated/products-wasm.js')};
      import { supportedModule } from ${lib('wasm-module.js')};
      import ndarray from ${JSON.stringify(createRequire(import.meta.url).resolve('ndarray'))};
      const numbers = (n) => Float64Array.from({ length: n }, (_, i) => Math.sin(i));
      const [a, b] = [ndarray(numbers(700), [7, 100]), ndarray(numbers(1100), [100, 11])];
      const out = ndarray(new Float64Array(77), [7, 11]);
      wasm.gemm(out, a, b, 1, 0);
      let error = 0;
      for (let i = 0; i < 7; i++) for (let j = 0; j < 11; j++) {
        let sum = 0;
        for (let k = 0; k < 100; k++) sum += a.get(i, k) * b.get(k, j);
        error = Math.max(error, Math.abs(out.get(i, j) - sum));
      }
      console.log(supportedModule(PRODUCTS).relaxed, error);`;
    // Node 20 and 21 have it behind a flag that later versions no longer know.
    const flags = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];
    const printed = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    const [relaxed, error] = printed.split(' ');
    expect(relaxed).to.equal('true');
    expect(Number(error)).to.be.lessThan(1e-12);
  });
});

describe('the blas engine, where something is missing', () => {
  /** What setBackend says in a process in which loading a library, or koffi itself, fails. */
  function complaint(failing: string): string {
    const script = `
      import { createRequire } from 'node:module';
      const Module = createRequire(import.meta.url)('node:module');
      const load = Module._load;
      Module._load = (name, ...rest) => { if (name === 'koffi') { ${failing} } return load(name, ...rest); };
      const { setBackend } = await import(${JSON.stringify(new URL('../../lib/index.js', import.meta.url).href)});
      try { setBackend('blas'); } catch (error) { console.log(error.message); }`;
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  }

  it('says in one sentence what to install', () => {
    expect(complaint("throw new Error('Cannot find module');")).to.equal(
      "setBackend: the blas engine calls the system's BLAS through koffi, which is not installed: npm install koffi\n",
    );
    expect(complaint("return { load() { throw new Error('no such library'); } };")).to.equal(
      'setBackend: no BLAS was found on this system; install OpenBLAS (Debian: libopenblas0), or use the wasm engine\n',
    );
  });
});

describe('decodeBase64', () => {
  it('is the inverse of encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect([...decodeBase64(Buffer.from(bytes).toString('base64'))]).to.deep.equal([...bytes]);
      }),
    );
  });
});
