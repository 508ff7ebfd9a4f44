import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { addMatmulInPlace, type Dtype, matmul, setBackend, threads, toNested, transpose } from '../../src/index.js';
import { operandCopier } from '../../src/kernels/operand-copy.js';
import type { Product } from '../../src/kernels/product.js';
import type { Sweep } from '../../src/kernels/sweep.js';
import { isSweep, partOfTask, type ThreadTask } from '../../src/kernels/thread-task.js';
import { WorkQueue } from '../../src/kernels/work-queue.js';
import { normal } from '../support/arrays.js';

const product: Product = {
  ...{ size: 4, n: 100, m: 30, k: 7, alpha: 1, beta: 0 },
  ...{ a: 1000, rowA: 28, columnA: 4, b: 5000, rowB: 120, columnB: 4, c: 9000, rowC: 120 },
};

const lib = (file: string) => JSON.stringify(new URL(`../../lib/${file}`, import.meta.url).href);

/** What a program prints that ends by itself. */
function printed(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 30_000 });
}

describe('partOfTask of a product', () => {
  it('cuts the longer side of C into parts that are whole tiles, without gap or overlap', () => {
    for (const parts of [1, 2, 3, 7, 40]) {
      for (const [wide, p] of [
        [false, product],
        [true, { ...product, n: 30, m: 100 }],
      ] as const) {
        const cut = Array.from({ length: parts }, (_, i) => partOfTask(p, i, parts));
        expect(cut.reduce((total, part) => total + (wide ? part.m : part.n), 0)).to.equal(100);
        let done = 0;
        for (const part of cut) {
          expect(part.c).to.equal(p.c + done * (wide ? p.size : p.rowC));
          expect(wide ? part.b : part.a).to.equal(wide ? p.b + done * p.columnB : p.a + done * p.rowA);
          if (done < 100) expect(done % (wide ? 8 : 5)).to.equal(0);
          done += wide ? part.m : part.n;
        }
      }
    }
  });
});

describe('partOfTask of a sweep', () => {
  it('cuts the range into parts that begin at a multiple of its unit, without gap or overlap', () => {
    const sweep: Sweep = { name: 'winogradKernels', numbers: [1, 2], first: 0, last: 30, unit: 4 };
    for (const parts of [1, 2, 3, 7, 40]) {
      let done = 0;
      for (let i = 0; i < parts; i++) {
        const { first, last, ...rest } = partOfTask(sweep, i, parts);
        expect(rest).to.deep.equal({ name: 'winogradKernels', numbers: [1, 2], unit: 4 });
        expect(first).to.equal(done);
        if (first < 30) expect(first % 4).to.equal(0);
        done = last;
      }
      expect(done).to.equal(30);
    }
  });
});

/** A part of the product above. */
function productIn(task: ThreadTask): Product {
  if (isSweep(task)) throw new Error('expected a product');
  return task;
}

describe('WorkQueue', () => {
  it('gives every part to one thread, and knows when all are finished', () => {
    const queue = new WorkQueue();
    const other = new WorkQueue(queue.memory);
    for (let round = 0; round < 3; round++) {
      queue.post({ ...product, alpha: round }, 5);
      other.work(() => expect.fail('nothing is ready yet'));
      queue.release(2);
      const rows: number[] = [];
      other.work((part) => rows.push(productIn(part).n, productIn(part).alpha));
      expect(rows).to.have.length(4);
      expect(queue.waitForAll(0)).to.equal(false);
      queue.release(5);
      other.work((part) => rows.push(productIn(part).n, productIn(part).alpha));
      queue.work(() => expect.fail('nothing was left'));
      expect(rows.filter((_, i) => i % 2 === 0).reduce((a, b) => a + b)).to.equal(100);
      expect(rows.filter((_, i) => i % 2 === 1)).to.deep.equal(Array(5).fill(round));
      expect(queue.waitForAll(0)).to.equal(true);
    }
  });

  it('passes on a sweep as it is', () => {
    const queue = new WorkQueue();
    const sweep: Sweep = { name: 'winogradOutputs', numbers: [0.5, 2 ** 33, 3], first: 0, last: 6, unit: 1 };
    queue.post(sweep, 1);
    queue.release(1);
    const tasks: ThreadTask[] = [];
    new WorkQueue(queue.memory).work((part) => tasks.push(part));
    expect(tasks).to.deep.equal([sweep]);
  });

  it('stops waiting for a part that was taken and never finished', () => {
    const queue = new WorkQueue();
    queue.post(product, 3);
    queue.release(3);
    Atomics.add(new Int32Array(queue.memory), 0, 1); // a thread takes a part, and dies
    let done = 0;
    queue.work(() => done++);
    expect(done).to.equal(2);
    expect(queue.waitForAll(20)).to.equal(false);
  });
});

describe('operandCopier', () => {
  const ways = {
    'in rows': (_rows: number, columns: number) => [0, columns, 1],
    'in columns': (rows: number) => [0, 1, rows],
    'upside down': (rows: number, columns: number) => [(rows - 1) * columns, -columns, 1],
    'from right to left': (_rows: number, columns: number) => [columns - 1, columns, -1],
  };

  it('copies what a part needs before the part is computed, for operands of any strides', () => {
    for (const [n, m] of [
      [60, 20],
      [20, 60],
    ]) {
      for (const [wayA, layA] of Object.entries(ways)) {
        for (const [wayB, layB] of Object.entries(ways)) {
          const k = 9;
          const a = { data: Float32Array.from({ length: n * k }, (_, i) => i), address: 64 };
          const b = { data: Float32Array.from({ length: k * m }, (_, i) => -i), address: 64 + 4 * n * k + 128 };
          const [[firstA, rowA, columnA], [firstB, rowB, columnB]] = [layA(n, k), layB(k, m)];
          const whole: Product = {
            ...{ size: 4, n, m, k, alpha: 1, beta: 0, c: 0, rowC: 4 * m },
            ...{ a: a.address + 4 * firstA, rowA: 4 * rowA, columnA: 4 * columnA },
            ...{ b: b.address + 4 * firstB, rowB: 4 * rowB, columnB: 4 * columnB },
          };
          const floats = new Float32Array(1500).fill(Number.NaN);
          const copyOperands = operandCopier(whole, floats, a, b);
          for (let i = 0; i < 4; i++) {
            const part = partOfTask(whole, i, 4);
            copyOperands(part);
            const inPlace = ({ data, address }: typeof a, place: number) =>
              Object.is(floats[place / 4], data[(place - address) / 4]);
            for (let p = 0; p < k; p++) {
              for (let r = 0; r < part.n; r++) {
                if (!inPlace(a, part.a + r * part.rowA + p * part.columnA)) expect.fail(`A ${wayA}, part ${i}`);
              }
              for (let c = 0; c < part.m; c++) {
                if (!inPlace(b, part.b + p * part.rowB + c * part.columnB)) expect.fail(`B ${wayB}, part ${i}`);
              }
            }
          }
          expect(floats.filter((x) => !Number.isNaN(x))).to.have.length(n * k + k * m);
          floats.fill(Number.NaN);
          copyOperands(partOfTask(whole, 3, 4));
          expect(floats.every(Number.isNaN), 'nothing is copied twice').to.equal(true);
        }
      }
    }
  });

  it('copies rows only with the part that they belong to', () => {
    const a = { data: new Float32Array(60 * 9), address: 0 };
    const b = { data: new Float32Array(9 * 20), address: 4096 };
    const whole: Product = {
      ...{ size: 4, n: 60, m: 20, k: 9, alpha: 1, beta: 0, c: 0, rowC: 80 },
      ...{ a: 0, rowA: 36, columnA: 4, b: 4096, rowB: 80, columnB: 4 },
    };
    const floats = new Float32Array(1500).fill(Number.NaN);
    operandCopier(whole, floats, a, b)(partOfTask(whole, 0, 4));
    expect(floats.subarray(0, 60 * 9).filter((x) => !Number.isNaN(x))).to.have.length(15 * 9);
  });
});

describe('the threads of the wasm engine', () => {
  afterEach(() => setBackend('auto'));

  it('give the same bits for any number of threads', () => {
    for (const dtype of ['float32', 'float64'] as Dtype[]) {
      const [a, b] = [normal([403, 301], 1, dtype), normal([301, 117], 2, dtype)];
      const results = [1, 2, 3, 5].map((count) => {
        setBackend('wasm', { threads: count });
        expect(threads()).to.equal(count);
        const out = matmul(a, b);
        const wide = matmul(transpose(b), transpose(a));
        addMatmulInPlace(out, a, b);
        return [toNested(out), toNested(wide)];
      });
      for (const result of results) expect(result).to.deep.equal(results[0]);
    }
  });

  it('default to the number of cores, and to one with the reference engine', () => {
    setBackend('reference');
    expect(threads()).to.equal(1);
    expect(() => setBackend('wasm', { threads: 0 })).to.throw(
      'setBackend: expected a whole number of threads from 1 up, got 0',
    );
  });

  const multiply = `
    import { matmul, Random, setBackend, sum, threads } from ${lib('index.js')};
    const rng = new Random(1);
    const [a, b] = [rng.normal([400, 300]), rng.normal([300, 200])];`;

  it('do not keep a process alive', () => {
    const started = performance.now();
    expect(
      printed(
        `${multiply} setBackend('wasm', { threads: 3 }); for (let i = 0; i < 50; i++) matmul(a, b); console.log(threads());`,
      ),
    ).to.equal('3\n');
    expect(performance.now() - started).to.be.lessThan(10_000);
  });

  /** What a program prints in which workers take a part of the first task they see, and then are gone. */
  function printedWithDyingWorkers(program: string): string {
    const dying = `
      const { workerData } = require('node:worker_threads');
      const counters = new Int32Array(workerData.queue);
      for (;;) {
        const ticket = Atomics.load(counters, 0);
        const ready = Atomics.load(counters, 1);
        if (ready >> 8 === ticket >> 8 && ticket < ready && Atomics.compareExchange(counters, 0, ticket, ticket + 1) === ticket) process.exit();
      }`;
    return printed(`
      import { syncBuiltinESMExports } from 'node:module';
      import worker from 'node:worker_threads';
      const { Worker } = worker;
      worker.Worker = class extends Worker {
        constructor(url, options) { super(${JSON.stringify(dying)}, { ...options, eval: true, execArgv: [] }); }
      };
      syncBuiltinESMExports();
      const { conv2d, matmul, Random, setBackend, sum, square, subtract, threads } = await import(${lib('index.js')});
      const rng = new Random(1);
      ${program}`);
  }

  it('give a right product if one dies; then the engine continues with one thread', () => {
    const program = `
      const [a, b] = [rng.normal([400, 300], { dtype: 'float64' }), rng.normal([300, 200], { dtype: 'float64' })];
      setBackend('reference');
      const expected = matmul(a, b);
      setBackend('wasm', { threads: 2 });
      let error = 0;
      while (threads() === 2) error = Math.max(error, sum(square(subtract(matmul(a, b), expected))));
      error = Math.max(error, sum(square(subtract(matmul(a, b), expected))));
      console.log(threads(), error < 1e-18);`;
    expect(printedWithDyingWorkers(program)).to.equal('1 true\n');
  }).timeout(40_000);

  it('give a right convolution if one dies', () => {
    const program = `
      const [x, weight] = [rng.normal([4, 32, 32, 32]), rng.normal([32, 32, 3, 3])];
      setBackend('wasm', { threads: 1 });
      const expected = conv2d(x, weight, { padding: 1 });
      setBackend('wasm', { threads: 2 });
      let error = 0;
      while (threads() === 2) error += sum(square(subtract(conv2d(x, weight, { padding: 1 }), expected)));
      console.log(threads(), error);`;
    expect(printedWithDyingWorkers(program)).to.equal('1 0\n');
  }).timeout(40_000);
});
