import type { NdArray } from 'ndarray';
import type { Vectors } from './wasm-vectors.js';
import type { Winograd } from './winograd.js';

/** A matrix of floats with any strides. */
export type Matrix = NdArray<Float32Array | Float64Array>;

/**
 * Multiplies matrices and computes element-wise functions. The caller has checked shapes and dtypes; `out` shares no
 * memory with an operand.
 */
export interface Engine {
  readonly name: EngineName;
  /** What it is built on, with the version if it is known. */
  readonly description: string;
  /** out = alpha · a · b + beta · out, with a (N, K), b (K, M), out (N, M) of one dtype. */
  gemm(out: Matrix, a: Matrix, b: Matrix, alpha: number, beta: number): void;
  /** The element-wise functions that it computes faster than a plain loop. */
  readonly vectors?: Vectors;
  /** A fast algorithm for convolutions in float32 with kernels of 3×3, stride 1 and a padding of at most 2. */
  readonly winograd?: Winograd;
}

/** The name of an engine. */
export type EngineName = 'wasm' | 'blas' | 'reference';

/** The names of all engines, in the order in which help texts list them. */
export const ENGINE_NAMES: readonly EngineName[] = ['wasm', 'blas', 'reference'];
