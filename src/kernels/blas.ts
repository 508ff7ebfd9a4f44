import { createRequire } from 'node:module';
import type { Engine, Matrix } from './engine.js';
import { emptyLike, readRows, rowMajorCopy, writeRows } from './strided-block.js';
import type { StartBlas } from './system.js';
import { currentContext, isWasmSupported, setWasmThreads } from './wasm-context.js';
import { type Vectors, wasmVectors } from './wasm-vectors.js';
import { type MultiplyPlanes, type Planes, POSITIONS, winogradWith } from './winograd.js';

/**
 * The engine on the system's BLAS, which reads and writes the arrays' own memory. BLAS is the interface through which
 * numerical libraries multiply matrices (Dongarra et al. 1990). OpenBLAS, Accelerate and MKL are written in assembly
 * for each processor; PyTorch and NumPy use them.
 */

/** A function of cblas.h. Its prototype names the arguments. */
type BlasFunction = (...args: (number | Matrix['data'])[]) => void;

/** Makes a call of the BLAS on all threads or on one, depending on the number of multiplications. */
type OnThreads = (multiplications: number, call: () => void) => void;

/**
 * Products with fewer multiplications run on one thread. On all threads, OpenBLAS takes up to three times as long.
 */
const WORTH_THREADS = 2 ** 22;

/** The constants of cblas.h. */
const ROW_MAJOR = 101;
const PLAIN = 111;
const TRANSPOSED = 112;

/** The BLAS libraries of each system, the fastest first. */
const LIBRARIES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libopenblas.so.0', 'libopenblas.so', 'libmkl_rt.so.2', 'libmkl_rt.so', 'libblas.so.3'],
  darwin: ['/System/Library/Frameworks/Accelerate.framework/Accelerate', 'libopenblas.dylib'],
  win32: ['libopenblas.dll', 'openblas.dll', 'mkl_rt.2.dll'],
};

/** C = αAB + βC for matrices whose rows or columns are contiguous, in float or double. */
const gemmPrototype = (name: string, real: string) => `void ${name}(
  int order, int transposeA, int transposeB, int n, int m, int k,
  ${real} alpha, void* a, int strideA, void* b, int strideB, ${real} beta, void* c, int strideC)`;

/** y += scale · x for n numbers with the given strides. */
const AXPY = 'void cblas_saxpy(int n, float scale, void* x, int strideX, void* y, int strideY)';

/** A += scale · x yᵀ, the outer product of a vector of n numbers and one of m. */
const GER = `void cblas_sger(
  int order, int n, int m, float scale, void* x, int strideX, void* y, int strideY, void* a, int strideA)`;

interface Koffi {
  load(path: string): { func(signature: string): (...args: never[]) => unknown };
}

/**
 * The engine on this system's BLAS.
 *
 * @throws Error that says what to install if there is no BLAS, or no koffi to call it
 */
export const startBlas: StartBlas = (threads) => {
  const { library, path } = openLibrary();
  const multiply = {
    float32: library.func(gemmPrototype('cblas_sgemm', 'float')) as BlasFunction,
    float64: library.func(gemmPrototype('cblas_dgemm', 'double')) as BlasFunction,
  };
  const [axpy, ger] = [AXPY, GER].map((prototype) => library.func(prototype) as BlasFunction);
  const onThreads = threading(library, threads);
  const engine = blasEngine(describe(library, path), multiply, onThreads);
  if (!isWasmSupported()) return engine;
  setWasmThreads(threads);
  const convolution = winogradWith(multiplyPlanes(multiply.float32, onThreads));
  return { ...engine, vectors: blasVectors(axpy, ger), convolution };
};

function openLibrary(): { library: ReturnType<Koffi['load']>; path: string } {
  const koffi = loadKoffi();
  for (const path of LIBRARIES[process.platform] ?? []) {
    try {
      const library = koffi.load(path);
      library.func(gemmPrototype('cblas_dgemm', 'double'));
      return { library, path };
    } catch {
      // It is not on this system, or it has no C interface. Try the next one.
    }
  }
  throw new Error('no BLAS was found on this system; install OpenBLAS (Debian: libopenblas0), or use the wasm engine');
}

function loadKoffi(): Koffi {
  try {
    return createRequire(import.meta.url)('koffi');
  } catch (cause) {
    throw new Error(
      "the blas engine calls the system's BLAS through koffi, which is not installed: npm install koffi",
      { cause },
    );
  }
}

/** The version of an OpenBLAS, or the file name of another library. */
function describe(library: ReturnType<Koffi['load']>, path: string): string {
  try {
    return (library.func('const char* openblas_get_config()') as () => string)().trim();
  } catch {
    return path;
  }
}

/** Sets the number of threads, and limits small products to one, if the library has functions for it. */
function threading(library: ReturnType<Koffi['load']>, wanted: number | undefined): OnThreads {
  try {
    const setThreads = library.func('void openblas_set_num_threads(int)') as (count: number) => void;
    if (wanted !== undefined) setThreads(wanted);
    const threads = (library.func('int openblas_get_num_threads()') as () => number)();
    return (multiplications, call) => {
      const alone = threads > 1 && multiplications < WORTH_THREADS;
      if (alone) setThreads(1);
      call();
      if (alone) setThreads(threads);
    };
  } catch {
    // Only OpenBLAS has these functions. Other libraries read OMP_NUM_THREADS, VECLIB_MAXIMUM_THREADS or
    // MKL_NUM_THREADS.
    return (_, call) => call();
  }
}

/**
 * The element-wise functions of the wasm engine, except for those that a BLAS has: it works without a copy. To add a
 * row to each row of a matrix is to add the outer product of a vector of ones and the row.
 */
function blasVectors(axpy: BlasFunction, ger: BlasFunction): Vectors {
  let ones = new Float32Array(0);
  return {
    ...wasmVectors,
    addScaled: (y, x, scale) => axpy(x.length, scale, x, 1, y, 1),
    addToRows(y, row) {
      const columns = row.length;
      const rows = y.length / columns;
      if (ones.length < rows) ones = new Float32Array(rows).fill(1);
      ger(ROW_MAJOR, rows, columns, 1, ones, 1, row, 1, y, columns);
    },
  };
}

/** The products of Winograd's convolution, in WebAssembly's memory. */
function multiplyPlanes(multiply: BlasFunction, onThreads: OnThreads): MultiplyPlanes {
  return ({ n, m, k, a, b, beta, c }) => {
    const memory = new Float32Array(currentContext().memory.buffer);
    const [x, y] = [planeOrder(a, k), planeOrder(b, m)];
    onThreads(n * m * k, () => {
      for (let i = 0; i < POSITIONS; i++) {
        const [inA, inB, inC] = [a, b, c].map(({ address, step }) => memory.subarray((address + i * step) / 4));
        multiply(ROW_MAJOR, x.transpose, y.transpose, n, m, k, 1, inA, x.stride, inB, y.stride, beta, inC, c.row / 4);
      }
    });
    return true;
  };
}

/** How BLAS reads a matrix of so many columns. The stride of a single row may be too short for it. */
function planeOrder({ row, column }: Planes, columns: number): { transpose: number; stride: number } {
  if (column === 4) return { transpose: PLAIN, stride: Math.max(row / 4, columns) };
  return { transpose: TRANSPOSED, stride: column / 4 };
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
