import { RELAXED_SIMD, RELAXED_SIMD_SHARED, SIMD, SIMD_SHARED } from './generated/gemm-wasm.js';
import type { Product } from './product.js';
import { instantiate, supportedModule, type WasmModule } from './wasm-module.js';

/** The compiled assembly/gemm.ts, instantiated with a memory. */
export interface Kernel {
  /**
   * Computes a product. Packed blocks are written at the address `scratch`, which must belong to this thread alone.
   */
  multiply(product: Product, scratch: number): void;
  /** Transposes a contiguous matrix of n rows of m numbers, of `size` bytes each, from one address to another. */
  transpose(size: number, to: number, from: number, n: number, m: number): void;
  /** The number of bytes at `scratch`. */
  readonly scratchBytes: number;
}

/** A module for memory that threads share, or for memory of one thread. */
export interface KernelModule extends WasmModule {
  shared: boolean;
}

/** The fastest module that this runtime can run, or undefined if WebAssembly has no SIMD. */
export function kernelModule(shared: boolean): KernelModule | undefined {
  const module = shared ? supportedModule(RELAXED_SIMD_SHARED, SIMD_SHARED) : supportedModule(RELAXED_SIMD, SIMD);
  return module && { ...module, shared };
}

/** The functions that gemm.ts exports. Their arguments are sizes, addresses, strides and factors. */
type Exports = Record<'multiply32' | 'multiply64' | 'transpose32' | 'transpose64', (...numbers: number[]) => void> & {
  scratchBytes(): number;
};

/** Instantiates the module with the given memory. */
export function startKernel(module: KernelModule, memory: WebAssembly.Memory): Kernel {
  const { multiply32, multiply64, transpose32, transpose64, scratchBytes } = instantiate(module, memory) as Exports;
  return {
    scratchBytes: scratchBytes(),
    transpose: (size, to, from, n, m) => (size === 8 ? transpose64 : transpose32)(to, from, n, m),
    multiply(p, scratch) {
      const multiply = p.size === 8 ? multiply64 : multiply32;
      multiply(p.n, p.m, p.k, p.alpha, p.a, p.rowA, p.columnA, p.b, p.rowB, p.columnB, p.beta, p.c, p.rowC, scratch);
    },
  };
}
