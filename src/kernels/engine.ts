import type { NdArray } from 'ndarray';
import type { Vectors } from './wasm-vectors.js';

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
  /** The products of a convolution that it computes faster than with unfold, gemm and fold. */
  readonly convolution?: Convolution;
  /**
   * Max pooling: writes the maxima of the windows of x and their positions, in row-major order. Returns false, and writes
   * nothing, where it has nothing faster than a plain loop.
   */
  maxima?(out: Float32Array | Float64Array, positions: Int32Array, x: Images, windows: Windows): boolean;
}

/** Images, or their channels: floats of shape (N, C, H, W) with any strides. Kernels: (O, I, KH, KW). */
export type Images = NdArray<Float32Array | Float64Array>;

/** Where the windows of a convolution or of a pooling lie: height before width, or y before x, in each pair. */
export interface Windows {
  /** KH and KW. */
  readonly kernel: readonly [number, number];
  /** The distance between windows. */
  readonly stride: readonly [number, number];
  /** The rows added above and below, and the columns added left and right. */
  readonly padding: readonly [number, number];
  /** OH and OW, the number of windows. */
  readonly count: readonly [number, number];
}

/**
 * The three products of a convolution. All arrays have one dtype. The operands may be any views. `out` is contiguous,
 * and what it holds is arbitrary. A function returns false, and leaves `out` as it is, where it has nothing faster: then the caller unfolds,
 * multiplies and folds.
 */
export interface Convolution {
  /** out (N, O, OH, OW) from x (N, I, H, W) and weight (O, I, KH, KW). */
  output(out: Images, x: Images, weight: Images, windows: Windows): boolean;
  /** out (O, I, KH, KW), summed over the samples, from x (N, I, H, W) and dout (N, O, OH, OW). */
  weightGradient(out: Images, x: Images, dout: Images, windows: Windows): boolean;
  /** out (N, I, H, W) from weight (O, I, KH, KW) and dout (N, O, OH, OW). */
  inputGradient(out: Images, weight: Images, dout: Images, windows: Windows): boolean;
}

/** The name of an engine. */
export type EngineName = 'wasm' | 'blas' | 'reference';

/** The names of all engines, in the order in which help texts list them. */
export const ENGINE_NAMES: readonly EngineName[] = ['wasm', 'blas', 'reference'];
