import { createRequire } from 'node:module';
import type { Engine, Matrix } from './engine.js';
import { readRows, writeRows } from './strided-block.js';
import type { StartBlas } from './system.js';
import { isWasmSupported } from './wasm.js';
import { type Vectors, wasmVectors } from './wasm-vectors.js';

/**
 * The engine on the system's BLAS, which reads and writes the arrays' own memory. BLAS is the interface through which
 * numerical libraries multiply matrices (Dongarra et al. 1990). OpenBLAS, Accelerate and MKL are written in assembly
 * for each processor; PyTorch and NumPy use them.
 */

/** C = αAB + βC for matrices whose rows or columns are contiguous. */
type Gemm = (
  ...args: [
    order: number,
    transposeA: number,
    transposeB: number,
    n: number,
    m: number,
    k: number,
    alpha: number,
    a: Matrix['data'],
    strideA: number,
    b: Matrix['data'],
    strideB: number,
    beta: number,
    c: Matrix['data'],
    strideC: number,
  ]
) => void;

/** y += scale · x for n numbers with the given strides. */
type AddScaled = (n: number, scale: number, x: Float32Array, stepX: number, y: Float32Array, stepY: number) => void;

/** A += scale · x yᵀ, the outer product of a vector of n numbers and one of m. */
type AddOuter = (
  ...args: [
    order: number,
    n: number,
    m: number,
    scale: number,
    x: Float32Array,
    stepX: number,
    y: Float32Array,
    stepY: number,
    a: Float32Array,
    strideA: number,
  ]
) => void;

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

/** The signature of `cblas_sgemm` and, with doubles, of `cblas_dgemm`. */
const signature = (name: string, real: string) =>
  `void ${name}(int, int, int, int, int, int, ${real}, void*, int, void*, int, ${real}, void*, int)`;

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
    float32: library.func(signature('cblas_sgemm', 'float')) as Gemm,
    float64: library.func(signature('cblas_dgemm', 'double')) as Gemm,
  };
  const addScaled = library.func('void cblas_saxpy(int, float, void*, int, void*, int)') as AddScaled;
  const addOuter = library.func(
    'void cblas_sger(int, int, int, float, void*, int, void*, int, void*, int)',
  ) as AddOuter;
  const vectors = isWasmSupported() ? blasVectors(addScaled, addOuter) : undefined;
  return blasEngine(describe(library, path), multiply, vectors, threading(library, threads));
};

function openLibrary(): { library: ReturnType<Koffi['load']>; path: string } {
  const koffi = loadKoffi();
  for (const path of LIBRARIES[process.platform] ?? []) {
    try {
      const library = koffi.load(path);
      library.func(signature('cblas_dgemm', 'double'));
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
function blasVectors(addScaled: AddScaled, addOuter: AddOuter): Vectors {
  let ones = new Float32Array(0);
  return {
    ...wasmVectors,
    addScaled: (y, x, scale) => addScaled(x.length, scale, x, 1, y, 1),
    addToRows(y, row) {
      const columns = row.length;
      const rows = y.length / columns;
      if (ones.length < rows) ones = new Float32Array(rows).fill(1);
      addOuter(ROW_MAJOR, rows, columns, 1, ones, 1, row, 1, y, columns);
    },
  };
}

function blasEngine(
  description: string,
  multiply: Record<'float32' | 'float64', Gemm>,
  vectors: Vectors | undefined,
  onThreads: OnThreads,
): Engine {
  return {
    name: 'blas',
    description,
    vectors,
    gemm(out, a, b, alpha, beta) {
      const [n, m] = out.shape;
      const k = a.shape[1];
      const [left, right] = [operand(a), operand(b)];
      const dense = out.stride[1] === 1 && out.stride[0] >= m;
      const c = dense ? out.data.subarray(out.offset) : freshLike(out);
      if (!dense && beta !== 0) readRows(c, out);
      const strideC = dense ? out.stride[0] : m;
      const { data: dataA, transpose: tA, stride: strideA } = left;
      const { data: dataB, transpose: tB, stride: strideB } = right;
      onThreads(n * m * k, () =>
        multiply[out.dtype](ROW_MAJOR, tA, tB, n, m, k, alpha, dataA, strideA, dataB, strideB, beta, c, strideC),
      );
      if (!dense) writeRows(c, out);
    },
  };
}

/** A matrix in the form that BLAS expects, with contiguous rows or contiguous columns. Other views are copied. */
function operand(x: Matrix): { data: Matrix['data']; transpose: number; stride: number } {
  const [rows, columns] = x.shape;
  const [row, column] = x.stride;
  if (column === 1 && row >= columns) return { data: x.data.subarray(x.offset), transpose: PLAIN, stride: row };
  if (row === 1 && column >= rows) return { data: x.data.subarray(x.offset), transpose: TRANSPOSED, stride: column };
  const copy = freshLike(x);
  readRows(copy, x);
  return { data: copy, transpose: PLAIN, stride: columns };
}

function freshLike(x: Matrix): Matrix['data'] {
  return x.dtype === 'float64' ? new Float64Array(x.size) : new Float32Array(x.size);
}
