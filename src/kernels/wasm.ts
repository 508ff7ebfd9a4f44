import type { Engine, Matrix } from './engine.js';
import { operandCopier } from './operand-copy.js';
import type { Product } from './product.js';
import { readRows, rowsOf, stridedBlockOf, writeRows } from './strided-block.js';
import { isCheaperTransposed, transposed } from './transpose-tile.js';
import { aligned, currentContext, reserve, runTask } from './wasm-context.js';
import { wasmConvolution } from './wasm-convolution.js';
import { wasmMaxima } from './wasm-pooling.js';
import { wasmVectors } from './wasm-vectors.js';

/**
 * The fast engine: `assembly/gemm.ts`, compiled to WebAssembly with 128-bit SIMD. WebAssembly can access only its own
 * memory, so the operands are copied in and the product is copied out. This takes a few percent of the time of the
 * product: n · k + k · m numbers are copied for n · k · m multiplications.
 *
 * A view is copied together with the memory between its elements, and is read through its own strides. So a
 * transposed matrix is not rearranged. Large products are computed on several threads where the platform has them.
 */

/**
 * The maximum size of the rows of a and out that are multiplied at once, so that a large batch needs little memory.
 */
const SLAB_BYTES = 2 ** 26;
/** Products with fewer multiplications run on one thread: waking another takes longer than it saves. */
const WORTH_THREADS = 2 ** 23;

/** The engine on WebAssembly. */
export const wasm: Engine = {
  name: 'wasm',
  get description() {
    return `WebAssembly with ${currentContext().relaxed ? 'relaxed ' : ''}SIMD`;
  },
  vectors: wasmVectors,
  convolution: wasmConvolution,
  maxima: wasmMaxima,
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
  if (!runTask(product, n * m * product.k >= WORTH_THREADS, operandCopier(product, floats, operandA, operandB))) {
    multiplySlab(out, a, b, alpha, beta);
    return;
  }
  if (inColumns) kernel.transpose(size, atTransposed, atC, n, m);
  writeRows(c, rows);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
