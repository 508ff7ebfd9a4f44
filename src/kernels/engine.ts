import type { NdArray } from 'ndarray';
import type { Vectors } from './wasm-vectors.js';

/** A matrix of floats, any strides. */
export type Matrix = NdArray<Float32Array | Float64Array>;

/** A way to multiply matrices, and to walk along vectors. Shapes and dtypes were checked by the caller; `out` aliases neither operand. */
export interface Engine {
  readonly name: EngineName;
  /** What it is built on, with the version where there is one to be had. */
  readonly description: string;
  /** out = alpha · a · b + beta · out, with a (N, K), b (K, M), out (N, M) of one dtype. */
  gemm(out: Matrix, a: Matrix, b: Matrix, alpha: number, beta: number): void;
  /** What it can do faster than plain loops element by element. */
  readonly vectors?: Vectors;
}

/** The name of an engine. */
export type EngineName = 'wasm' | 'blas' | 'reference';

/** The names of all engines, in the order in which help texts list them. */
export const ENGINE_NAMES: readonly EngineName[] = ['wasm', 'blas', 'reference'];
