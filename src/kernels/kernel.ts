import { sharedProducts } from '#threads';
import { PRODUCTS } from './generated/products-wasm.js';
import type { SweepName } from './sweep.js';
import { isSweep, type ThreadTask } from './thread-task.js';
import { instantiate, supportedModule, type WasmModule } from './wasm-module.js';

/** The compiled assembly/gemm.ts and assembly/winograd-transforms.ts, instantiated with a memory. */
export interface Kernel {
  /**
   * Computes a task. Intermediate numbers are written at the address `scratch`, which must belong to this thread alone.
   */
  run(task: ThreadTask, scratch: number): void;
  /** Transposes a contiguous matrix of n rows of m numbers, of `size` bytes each, from one address to another. */
  transpose(size: number, to: number, from: number, n: number, m: number): void;
  /** The number of bytes at `scratch`. */
  readonly scratchBytes: number;
}

/** A module for memory that threads share, or for memory of one thread. */
export interface KernelModule extends WasmModule {
  shared: boolean;
}

/** The fastest module that this runtime can run, or undefined if it has no such memory or WebAssembly has no SIMD. */
export function kernelModule(shared: boolean): KernelModule | undefined {
  const packed = shared ? sharedProducts : PRODUCTS;
  const module = packed && supportedModule(packed);
  return module && { ...module, shared };
}

/** The functions that the module exports. Their arguments are sizes, addresses, strides and factors. */
type Exports = Record<Name, (...numbers: number[]) => void> & { scratchBytes(): number };
type Name = SweepName | 'multiply32' | 'multiply64' | 'transpose32' | 'transpose64';

/** Instantiates the module with the given memory. */
export function startKernel(module: KernelModule, memory: WebAssembly.Memory): Kernel {
  const f = instantiate(module, memory) as Exports;
  return {
    scratchBytes: f.scratchBytes(),
    transpose: (size, to, from, n, m) => (size === 8 ? f.transpose64 : f.transpose32)(to, from, n, m),
    run(task, scratch) {
      if (isSweep(task)) {
        f[task.name](...task.numbers, task.first, task.last, scratch);
        return;
      }
      const { size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC } = task;
      const multiply = size === 8 ? f.multiply64 : f.multiply32;
      multiply(n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC, scratch);
    },
  };
}
