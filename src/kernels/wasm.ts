import { cores, startThreads } from '#threads';
import type { Engine, Matrix } from './engine.js';
import { type Kernel, kernelCode, startKernel } from './kernel.js';
import { bringer } from './operand-copy.js';
import type { Delivery, ThreadPool } from './pool.js';
import type { Product } from './product.js';
import { Space } from './space.js';
import { readRows, rowsOf, spanOf, writeRows } from './strided-block.js';
import { isLessTurned, turned } from './transpose-tile.js';
import { wasmVectors } from './wasm-vectors.js';

/**
 * The fast engine: `assembly/gemm.ts`, compiled to WebAssembly with 128-bit SIMD. WebAssembly sees only a memory of its own,
 * so operands are copied in and the product is copied out. That costs a few hundredths of the product's time: n · k + k · m
 * numbers are copied for n · k · m multiplications.
 *
 * A view is copied with the memory that it spans, and read there by its own strides; a transposed matrix is not
 * rearranged on the way. Large products are shared among threads where the platform has them.
 */

/** Everything that products need: a memory, the code at work in it, and the threads that share it. */
interface Machine {
  memory: WebAssembly.Memory;
  kernel: Kernel;
  relaxed: boolean;
  /** Threads that a large product may use, this one included. */
  count: number;
  /** Makes the workers, at the first product that is worth them. */
  start: (() => ThreadPool) | undefined;
  threads: ThreadPool | undefined;
  space: Space;
}

const PAGE = 65536;
/** The packed blocks of the first thread begin here, those of the others behind; what lies below is the code's own. */
const SCRATCH = 1024;
/** Rows of a and out are multiplied in slabs of at most so many bytes, so that a long batch needs little memory. */
const SLAB_BYTES = 2 ** 26;
/** Products of fewer multiplications stay on one thread: waking another takes longer than it saves. */
const WORTH_THREADS = 2 ** 23;

/** Whether the engine runs here: WebAssembly with SIMD, and memory for it, which a limit on addresses may forbid. */
export function isWasmSupported(): boolean {
  supported ??= kernelCode(false) !== undefined && openMemory(false) !== undefined;
  return supported;
}

/** Found out once: each try reserves the addresses of a whole memory. */
let supported: boolean | undefined;
let machine: Machine | undefined;
let wanted: number | undefined;

/** Sets how many threads large products use; without, as many as there are cores. Applies from the next product on. */
export function setWasmThreads(count: number | undefined): void {
  machine?.threads?.stop();
  machine = undefined;
  wanted = count;
}

/** How many threads a large product uses. */
export function wasmThreads(): number {
  return currentMachine().count;
}

function currentMachine(): Machine {
  if (machine?.threads?.alive === false) machine = undefined;
  machine ??= openMachine(wanted ?? cores());
  return machine;
}

function openMachine(count: number): Machine {
  const canShare = count > 1 && startThreads !== undefined && typeof SharedArrayBuffer !== 'undefined';
  const code = (canShare ? kernelCode(true) : undefined) ?? kernelCode(false);
  if (!code) throw new Error('the wasm engine needs WebAssembly with SIMD, which this runtime does not have');
  const memory = openMemory(code.shared);
  if (!memory && code.shared) return openMachine(1);
  if (!memory) throw new Error('the wasm engine cannot reserve the memory it works in');
  const kernel = startKernel(code, memory);
  const threadCount = code.shared ? count : 1;
  const scratch = Array.from({ length: threadCount + 1 }, (_, i) =>
    aligned(SCRATCH + i * aligned(kernel.scratchBytes)),
  );
  const free = scratch[threadCount];
  reserve(memory, free);
  const start = code.shared && startThreads?.bind(undefined, code, memory, scratch.slice(1, threadCount));
  return {
    memory,
    kernel,
    relaxed: code.relaxed,
    count: threadCount,
    start: start || undefined,
    threads: undefined,
    space: new Space(free),
  };
}

/** A memory of up to 4 GB, whose addresses are all reserved at once; undefined where there are not so many to give. */
function openMemory(shared: boolean): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: 64, maximum: PAGE, shared });
  } catch {
    return undefined;
  }
}

/** The engine on WebAssembly. */
export const wasm: Engine = {
  name: 'wasm',
  get description() {
    return `WebAssembly with ${currentMachine().relaxed ? 'relaxed ' : ''}SIMD`;
  },
  vectors: wasmVectors,
  gemm(out, a, b, alpha, beta) {
    const bytesOfRow = (a.shape[1] + out.shape[1]) * a.data.BYTES_PER_ELEMENT;
    const rows = Math.max(1, Math.floor(SLAB_BYTES / bytesOfRow));
    for (let start = 0; start < out.shape[0]; start += rows) {
      const count = Math.min(rows, out.shape[0] - start);
      const [slab, partOfA] = [rowsOf(out, start, count), rowsOf(a, start, count)];
      if (isLessTurned(count, out.shape[1], a.shape[1])) {
        multiplySlab(turned(slab), turned(b), turned(partOfA), alpha, beta);
      } else {
        multiplySlab(slab, partOfA, b, alpha, beta);
      }
    }
  },
};

function multiplySlab(out: Matrix, a: Matrix, b: Matrix, alpha: number, beta: number): void {
  const { memory, kernel, space } = currentMachine();
  const size = a.data.BYTES_PER_ELEMENT;
  const [n, m] = out.shape;
  const [inA, inB] = [spanOf(a), spanOf(b)];
  const inColumns = out.stride[0] === 1 && out.stride[1] === n;
  const bytes = [inA.data.byteLength, inB.data.byteLength, n * m * size, inColumns ? n * m * size : 0].map(aligned);
  const atA = space.take(sum(bytes));
  const [atB, atC, atTurned, end] = bytes.map((_, i) => atA + sum(bytes.slice(0, i + 1)));
  reserve(memory, end);
  const floats = size === 8 ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  // A C in columns is copied as the rows of its transpose, which the kernel turns: far faster than number by number.
  const [rows, atRows] = inColumns ? [turned(out), atTurned] : [out, atC];
  const c = floats.subarray(atRows / size, atRows / size + n * m);
  if (beta !== 0) {
    readRows(c, rows);
    if (inColumns) kernel.turn(size, atC, atTurned, m, n);
  }
  const product: Product = {
    ...{ size, n, m, k: a.shape[1], alpha, beta, c: atC, rowC: m * size },
    ...{ a: atA + inA.first * size, rowA: inA.row * size, columnA: inA.column * size },
    ...{ b: atB + inB.first * size, rowB: inB.row * size, columnB: inB.column * size },
  };
  const done = compute(product, bringer(product, floats, { data: inA.data, at: atA }, { data: inB.data, at: atB }));
  if (!done) {
    multiplySlab(out, a, b, alpha, beta);
    return;
  }
  if (inColumns) kernel.turn(size, atTurned, atC, n, m);
  writeRows(c, rows);
}

/**
 * False when a thread died over it: then nothing was written, and the next attempt gets a new machine, of one thread.
 *
 * @param bring copies what the product, or the next part of it, needs, and returns the bytes
 */
function compute(product: Product, bring: (part: Product) => number): boolean {
  const current = currentMachine();
  const { kernel, start, space } = current;
  if (!start || product.n * product.m * product.k < WORTH_THREADS) {
    bring(product);
    kernel.multiply(product, SCRATCH);
    return true;
  }
  current.threads ??= start();
  const delivery: Delivery = { bring, learn: (bytes, milliseconds) => space.learn(bytes, milliseconds) };
  if (current.threads.multiply(product, kernel, SCRATCH, delivery)) return true;
  setWasmThreads(1);
  return false;
}

function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    const size = `${Math.ceil(bytes / 2 ** 20)} MiB`;
    throw new RangeError(`the wasm engine cannot get ${size} of memory for this product`, { cause });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The next multiple of a cache line. */
function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
