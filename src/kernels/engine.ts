import type { NdArray } from 'ndarray';

/** A matrix of floats, any strides. */
export type Matrix = NdArray<Float32Array | Float64Array>;

/** A way to multiply matrices. Shapes and dtypes were checked by the caller; `out` aliases neither operand. */
export interface Engine {
  readonly name: EngineName;
  /** out = alpha · a · b + beta · out, with a (N, K), b (K, M), out (N, M) of one dtype. */
  gemm(out: Matrix, a: Matrix, b: Matrix, alpha: number, beta: number): void;
}

/** The engines a user can ask for. */
export type EngineName = 'reference' | 'wasm' | 'blas';
