declare module 'ndarray-gemm' {
  import type { NdArray } from 'ndarray';
  /** c = alpha · a · b + beta · c, on two-dimensional arrays of any strides. */
  export default function gemm(c: NdArray, a: NdArray, b: NdArray, alpha?: number, beta?: number): void;
}
