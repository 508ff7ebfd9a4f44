import type { Kernel, KernelModule } from './kernel.js';
import type { Product } from './product.js';

/** Copies the operands that a part needs into WebAssembly's memory, except those that earlier parts have copied. */
export type CopyOperands = (part: Product) => void;

/** Threads that share the products of the thread that started them. */
export interface ThreadPool {
  /** False if a thread has died. Its work is lost, and the pool cannot be used any more. */
  readonly alive: boolean;
  /**
   * Computes a product on all threads. They begin with the first part while the operands of later parts are copied.
   * Returns false if a thread did not finish; then C is not valid.
   */
  multiply(product: Product, kernel: Kernel, scratch: number, copyOperands: CopyOperands): boolean;
  /** Stops the threads. */
  stop(): void;
}

/**
 * Starts a pool for products in the given memory.
 *
 * @param scratch one address per thread, for its packed blocks
 */
export type StartThreads = (module: KernelModule, memory: WebAssembly.Memory, scratch: readonly number[]) => ThreadPool;
