import { withBlas } from './blas-kernel.js';
import {
  type BlasFunction,
  type BlasLibrary,
  dgemmOf,
  openLibrary,
  PLAIN,
  ROW_MAJOR,
  sgemmOf,
  TRANSPOSED,
} from './blas-library.js';
import type { Convolution, Engine, Matrix } from './engine.js';
import { emptyLike, readRows, rowMajorCopy, writeRows } from './strided-block.js';
import type { StartBlas } from './system.js';
import { isWasmSupported, setWasmThreads } from './wasm-context.js';
import { transformedConvolution } from './wasm-convolution.js';
import { wasmMaxima } from './wasm-pooling.js';
import { type Vectors, wasmVectors } from './wasm-vectors.js';

/**
 * The engine on the system's BLAS, which reads and writes the arrays' own memory. BLAS is the interface through which
 * numerical libraries multiply matrices (Dongarra et al. 1990). OpenBLAS, Accelerate and MKL are written in assembly
 * for each processor; PyTorch and NumPy use them.
 */

/** Makes a call of the BLAS on all threads or on one, depending on the number of multiplications. */
type OnThreads = (multiplications: number, call: () => void) => void;

/**
 * Products with fewer multiplications run on one thread. On all threads, OpenBLAS takes up to three times as long.
 */
const WORTH_THREADS = 2 ** 22;

/** y += scale · x for n numbers with the given strides. */
const AXPY = 'void cblas_saxpy(int n, float scale, void* x, int strideX, void* y, int strideY)';

/** A += scale · x yᵀ, the outer product of a vector of n numbers and one of m. */
const GER = `void cblas_sger(
  int order, int n, int m, float scale, void* x, int strideX, void* y, int strideY, void* a, int strideA)`;

/**
 * The engine on this system's BLAS.
 *
 * @throws Error that says what to install if there is no BLAS, or no koffi to call it
 */
export const startBlas: StartBlas = (threads) => {
  const { library, path } = openLibrary();
  const multiply = { float32: sgemmOf(library), float64: dgemmOf(library) };
  const [axpy, ger] = [AXPY, GER].map((prototype) => library.func(prototype) as BlasFunction);
  const control = threadControl(library, threads);
  const engine = blasEngine(describe(library, path), multiply, onThreads(control));
  if (!isWasmSupported()) return engine;
  setWasmThreads(threads, { path, kernel: (kernel, memory) => withBlas(kernel, memory, multiply.float32) });
  return {
    ...engine,
    vectors: blasVectors(axpy, ger, control),
    convolution: onOneThread(control, transformedConvolution),
    maxima: wasmMaxima,
  };
};

/** The version of an OpenBLAS, or the file name of another library. */
function describe(library: BlasLibrary, path: string): string {
  try {
    return (library.func('const char* openblas_get_config()') as () => string)().trim();
  } catch {
    return path;
  }
}

/** How many threads a call of the library uses. */
interface ThreadControl {
  get(): number;
  set(count: number): void;
}

/**
 * Sets the number of threads. Only OpenBLAS has functions for it. Other libraries read OMP_NUM_THREADS,
 * VECLIB_MAXIMUM_THREADS or MKL_NUM_THREADS.
 */
function threadControl(library: BlasLibrary, wanted: number | undefined): ThreadControl | undefined {
  try {
    const set = library.func('void openblas_set_num_threads(int)') as ThreadControl['set'];
    const get = library.func('int openblas_get_num_threads()') as ThreadControl['get'];
    if (wanted !== undefined) set(wanted);
    return { get, set };
  } catch {
    return undefined;
  }
}

/** Does some work while each call of the library uses one thread. */
function alone<T>(control: ThreadControl | undefined, work: () => T): T {
  const threads = control?.get() ?? 1;
  if (threads === 1) return work();
  control?.set(1);
  try {
    return work();
  } finally {
    control?.set(threads);
  }
}

/** Limits small products to one thread. */
function onThreads(control: ThreadControl | undefined): OnThreads {
  return (multiplications, call) => (multiplications < WORTH_THREADS ? alone(control, call) : call());
}

/** A convolution on the threads of the wasm engine, each of which calls the library for its own products. */
function onOneThread(control: ThreadControl | undefined, convolution: Convolution): Convolution {
  return {
    output: (...operands) => alone(control, () => convolution.output(...operands)),
    weightGradient: (...operands) => alone(control, () => convolution.weightGradient(...operands)),
    inputGradient: (...operands) => alone(control, () => convolution.inputGradient(...operands)),
  };
}

/**
 * The element-wise functions of the wasm engine, except for those that a BLAS has: it works without a copy. To add a
 * row to each row of a matrix is to add the outer product of a vector of ones and the row. One thread is enough, since
 * memory limits both.
 */
function blasVectors(axpy: BlasFunction, ger: BlasFunction, control: ThreadControl | undefined): Vectors {
  let ones = new Float32Array(0);
  return {
    ...wasmVectors,
    addScaled: (y, x, scale) => alone(control, () => axpy(x.length, scale, x, 1, y, 1)),
    addToRows(y, row) {
      const columns = row.length;
      const rows = y.length / columns;
      if (ones.length < rows) ones = new Float32Array(rows).fill(1);
      alone(control, () => ger(ROW_MAJOR, rows, columns, 1, ones, 1, row, 1, y, columns));
    },
  };
}

function blasEngine(
  description: string,
  multiply: Record<'float32' | 'float64', BlasFunction>,
  onThreads: OnThreads,
): Engine {
  return {
    name: 'blas',
    description,
    gemm(out, a, b, alpha, beta) {
      const [n, m] = out.shape;
      const k = a.shape[1];
      const [left, right] = [operand(a), operand(b)];
      const contiguousRows = out.stride[1] === 1 && out.stride[0] >= m;
      const c = contiguousRows ? out.data.subarray(out.offset) : emptyLike(out);
      if (!contiguousRows && beta !== 0) readRows(c, out);
      const strideC = contiguousRows ? out.stride[0] : m;
      const { data: dataA, transpose: tA, stride: strideA } = left;
      const { data: dataB, transpose: tB, stride: strideB } = right;
      onThreads(n * m * k, () =>
        multiply[out.dtype](ROW_MAJOR, tA, tB, n, m, k, alpha, dataA, strideA, dataB, strideB, beta, c, strideC),
      );
      if (!contiguousRows) writeRows(c, out);
    },
  };
}

/** A matrix in the form that BLAS expects, with contiguous rows or contiguous columns. Other views are copied. */
function operand(x: Matrix): { data: Matrix['data']; transpose: number; stride: number } {
  const [rows, columns] = x.shape;
  const [row, column] = x.stride;
  if (column === 1 && row >= columns) return { data: x.data.subarray(x.offset), transpose: PLAIN, stride: row };
  if (row === 1 && column >= rows) return { data: x.data.subarray(x.offset), transpose: TRANSPOSED, stride: column };
  return { data: rowMajorCopy(x), transpose: PLAIN, stride: columns };
}
