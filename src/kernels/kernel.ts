import { RELAXED_SIMD, RELAXED_SIMD_SHARED, SIMD, SIMD_SHARED } from './generated/gemm-wasm.js';
import type { Product } from './product.js';
import { type Code, instantiate, supportedCode } from './wasm-module.js';

/** The compiled assembly/gemm.ts at work in a memory. */
export interface Kernel {
  /** Computes a product; `scratch` is where the packed blocks go, for this thread alone. */
  multiply(product: Product, scratch: number): void;
  /** Transposes a matrix of n dense rows of m numbers, of `size` bytes each, from one address to another. */
  turn(size: number, to: number, from: number, n: number, m: number): void;
  /** The bytes that `scratch` must have. */
  readonly scratchBytes: number;
}

/** Code for a memory that threads share, or for one that they do not. */
export interface KernelCode extends Code {
  shared: boolean;
}

/** The fastest code that this runtime can run; undefined where WebAssembly has no SIMD. */
export function kernelCode(shared: boolean): KernelCode | undefined {
  const code = shared ? supportedCode(RELAXED_SIMD_SHARED, SIMD_SHARED) : supportedCode(RELAXED_SIMD, SIMD);
  return code && { ...code, shared };
}

/** What gemm.ts exports. */
type Multiply = (
  n: number,
  m: number,
  k: number,
  alpha: number,
  a: number,
  rowA: number,
  columnA: number,
  b: number,
  rowB: number,
  columnB: number,
  beta: number,
  c: number,
  rowC: number,
  scratch: number,
) => void;
type Turn = (to: number, from: number, n: number, m: number) => void;

/** Puts the code to work in the given memory. */
export function startKernel(code: KernelCode, memory: WebAssembly.Memory): Kernel {
  const { multiply32, multiply64, turn32, turn64, scratchBytes } = instantiate(code, memory) as {
    multiply32: Multiply;
    multiply64: Multiply;
    turn32: Turn;
    turn64: Turn;
    scratchBytes: () => number;
  };
  return {
    scratchBytes: scratchBytes(),
    turn: (size, to, from, n, m) => (size === 8 ? turn64 : turn32)(to, from, n, m),
    multiply(p, scratch) {
      const multiply = p.size === 8 ? multiply64 : multiply32;
      multiply(p.n, p.m, p.k, p.alpha, p.a, p.rowA, p.columnA, p.b, p.rowB, p.columnB, p.beta, p.c, p.rowC, scratch);
    },
  };
}
