import { cores, startThreads } from '#threads';
import type { Engine, Matrix } from './engine.js';
import { type Kernel, kernelModule, startKernel } from './kernel.js';
import { operandCopier } from './operand-copy.js';
import type { CopyOperands, ThreadPool } from './pool.js';
import type { Product } from './product.js';
import { readRows, rowsOf, stridedBlockOf, writeRows } from './strided-block.js';
import { isCheaperTransposed, transposed } from './transpose-tile.js';
import { wasmVectors } from './wasm-vectors.js';

/**
 * The fast engine: `assembly/gemm.ts`, compiled to WebAssembly with 128-bit SIMD. WebAssembly can access only its own
 * memory, so the operands are copied in and the product is copied out. This takes a few percent of the time of the
 * product: n · k + k · m numbers are copied for n · k · m multiplications.
 *
 * A view is copied together with the memory between its elements, and is read through its own strides. So a
 * transposed matrix is not rearranged. Large products are computed on several threads where the platform has them.
 */

/** What products need: a memory, the module that works in it, and the threads that share it. */
interface Context {
  memory: WebAssembly.Memory;
  kernel: Kernel;
  relaxed: boolean;
  /** The number of threads for a large product, including this one. */
  count: number;
  /** Starts the workers, at the first large product. */
  start: (() => ThreadPool) | undefined;
  threads: ThreadPool | undefined;
  /** The address from which operands are copied. */
  free: number;
}

const PAGE = 65536;
/**
 * The address of the packed blocks of the first thread. Those of the others follow. The memory below belongs to the
 * module.
 */
const SCRATCH = 1024;
/**
 * The maximum size of the rows of a and out that are multiplied at once, so that a large batch needs little memory.
 */
const SLAB_BYTES = 2 ** 26;
/** Products with fewer multiplications run on one thread: waking another takes longer than it saves. */
const WORTH_THREADS = 2 ** 23;

/**
 * Whether the engine runs here: it needs WebAssembly with SIMD, and memory, which a limit on addresses may prevent.
 */
export function isWasmSupported(): boolean {
  supported ??= kernelModule(false) !== undefined && openMemory(false) !== undefined;
  return supported;
}

/** Determined once, because each attempt reserves addresses for a whole memory. */
let supported: boolean | undefined;
let context: Context | undefined;
let wanted: number | undefined;

/** Sets the number of threads for large products, from the next product on. Default: the number of cores. */
export function setWasmThreads(count: number | undefined): void {
  context?.threads?.stop();
  context = undefined;
  wanted = count;
}

/** The number of threads for a large product. */
export function wasmThreads(): number {
  return currentContext().count;
}

function currentContext(): Context {
  if (context?.threads?.alive === false) context = undefined;
  context ??= openContext(wanted ?? cores());
  return context;
}

function openContext(count: number): Context {
  const canShare = count > 1 && startThreads !== undefined && typeof SharedArrayBuffer !== 'undefined';
  const module = (canShare ? kernelModule(true) : undefined) ?? kernelModule(false);
  if (!module) throw new Error('the wasm engine needs WebAssembly with SIMD, which this runtime does not have');
  const memory = openMemory(module.shared);
  if (!memory && module.shared) return openContext(1);
  if (!memory) throw new Error('the wasm engine cannot reserve the memory it works in');
  const kernel = startKernel(module, memory);
  const threadCount = module.shared ? count : 1;
  const scratch = Array.from({ length: threadCount + 1 }, (_, i) =>
    aligned(SCRATCH + i * aligned(kernel.scratchBytes)),
  );
  const free = scratch[threadCount];
  reserve(memory, free);
  const start = module.shared
    ? startThreads?.bind(undefined, module, memory, scratch.slice(1, threadCount))
    : undefined;
  return { memory, kernel, relaxed: module.relaxed, count: threadCount, start, threads: undefined, free };
}

/** A memory of up to 4 GB. All of its addresses are reserved at once; undefined if there are not enough. */
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
    return `WebAssembly with ${currentContext().relaxed ? 'relaxed ' : ''}SIMD`;
  },
  vectors: wasmVectors,
  gemm(out, a, b, alpha, beta) {
    const bytesOfRow = (a.shape[1] + out.shape[1]) * a.data.BYTES_PER_ELEMENT;
    const rows = Math.max(1, Math.floor(SLAB_BYTES / bytesOfRow));
    for (let start = 0; start < out.shape[0]; start += rows) {
      const count = Math.min(rows, out.shape[0] - start);
      const [slab, partOfA] = [rowsOf(out, start, count), rowsOf(a, start, count)];
      if (isCheaperTransposed(count, out.shape[1], a.shape[1])) {
        multiplySlab(transposed(slab), transposed(b), transposed(partOfA), alpha, beta);
      } else {
        multiplySlab(slab, partOfA, b, alpha, beta);
      }
    }
  },
};

function multiplySlab(out: Matrix, a: Matrix, b: Matrix, alpha: number, beta: number): void {
  const { memory, kernel, free: atA } = currentContext();
  const size = a.data.BYTES_PER_ELEMENT;
  const [n, m] = out.shape;
  const [inA, inB] = [stridedBlockOf(a), stridedBlockOf(b)];
  const inColumns = out.stride[0] === 1 && out.stride[1] === n;
  const bytes = [inA.data.byteLength, inB.data.byteLength, n * m * size, inColumns ? n * m * size : 0].map(aligned);
  const [atB, atC, atTransposed, end] = bytes.map((_, i) => atA + sum(bytes.slice(0, i + 1)));
  reserve(memory, end);
  const floats = size === 8 ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  // If C is column-major, its transpose is copied row by row and transposed by the kernel: faster than element by
  // element.
  const [rows, atRows] = inColumns ? [transposed(out), atTransposed] : [out, atC];
  const c = floats.subarray(atRows / size, atRows / size + n * m);
  if (beta !== 0) {
    readRows(c, rows);
    if (inColumns) kernel.transpose(size, atC, atTransposed, m, n);
  }
  const product: Product = {
    ...{ size, n, m, k: a.shape[1], alpha, beta, c: atC, rowC: m * size },
    ...{ a: atA + inA.first * size, rowA: inA.row * size, columnA: inA.column * size },
    ...{ b: atB + inB.first * size, rowB: inB.row * size, columnB: inB.column * size },
  };
  const [operandA, operandB] = [
    { data: inA.data, address: atA },
    { data: inB.data, address: atB },
  ];
  if (!compute(product, operandCopier(product, floats, operandA, operandB))) {
    multiplySlab(out, a, b, alpha, beta);
    return;
  }
  if (inColumns) kernel.transpose(size, atTransposed, atC, n, m);
  writeRows(c, rows);
}

/**
 * Computes a product. Returns false if a thread died; then nothing was written, and the next attempt runs on one
 * thread.
 *
 * @param copyOperands copies what the product, or the next part of it, needs
 */
function compute(product: Product, copyOperands: CopyOperands): boolean {
  const current = currentContext();
  const { kernel, start } = current;
  if (!start || product.n * product.m * product.k < WORTH_THREADS) {
    copyOperands(product);
    kernel.multiply(product, SCRATCH);
    return true;
  }
  current.threads ??= start();
  if (current.threads.multiply(product, kernel, SCRATCH, copyOperands)) return true;
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
