import { createRequire } from 'node:module';
import type { Matrix } from './engine.js';

/** The system's BLAS, opened through koffi. Each thread that calls it opens it for itself. */

/** A function of cblas.h. Its prototype names the arguments. */
export type BlasFunction = (...args: (number | Matrix['data'])[]) => void;

/** A shared library, whose functions are declared as in C. */
export interface BlasLibrary {
  func(signature: string): (...args: never[]) => unknown;
}

/** The constants of cblas.h. */
export const ROW_MAJOR = 101;
export const PLAIN = 111;
export const TRANSPOSED = 112;

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

/** The product in float32. */
export function sgemmOf(library: BlasLibrary): BlasFunction {
  return library.func(gemmPrototype('cblas_sgemm', 'float')) as BlasFunction;
}

/** The product in float64. */
export function dgemmOf(library: BlasLibrary): BlasFunction {
  return library.func(gemmPrototype('cblas_dgemm', 'double')) as BlasFunction;
}

/**
 * How long a thread of OpenBLAS spins before it sleeps: 2²⁰ cycles, less than a millisecond. By default it spins a hundred times
 * as long, and takes time from the threads that compute the convolutions.
 */
const THREAD_TIMEOUT = '20';

/**
 * Opens the first BLAS of this system that has a C interface.
 *
 * @throws Error that says what to install if there is none
 */
export function openLibrary(): { library: BlasLibrary; path: string } {
  process.env.OPENBLAS_THREAD_TIMEOUT ??= THREAD_TIMEOUT; // OpenBLAS reads it when it is opened
  for (const path of LIBRARIES[process.platform] ?? []) {
    try {
      const library = loadLibrary(path);
      dgemmOf(library);
      return { library, path };
    } catch (error) {
      if (error instanceof MissingKoffi) throw error;
      // It is not on this system, or it has no C interface. Try the next one.
    }
  }
  throw new Error('no BLAS was found on this system; install OpenBLAS (Debian: libopenblas0), or use the wasm engine');
}

/** Opens the library at a path. */
export function loadLibrary(path: string): BlasLibrary {
  return loadKoffi().load(path);
}

class MissingKoffi extends Error {}

function loadKoffi(): { load(path: string): BlasLibrary } {
  try {
    return createRequire(import.meta.url)('koffi');
  } catch (cause) {
    throw new MissingKoffi(
      "the blas engine calls the system's BLAS through koffi, which is not installed: npm install koffi",
      { cause },
    );
  }
}
