import type { Kernel, KernelCode } from './kernel.js';
import type { Product } from './product.js';

/** Threads that share the products of the one that made them. */
export interface ThreadPool {
  /** False when a thread has died: what it was doing is lost, and so is the pool. */
  readonly alive: boolean;
  /**
   * Computes a product together; false when a thread did not finish, and C is not to be trusted.
   *
   * @param bring puts into the memory what a part needs and the parts before did not, and returns the bytes; others work meanwhile
   * @param learn is told how many bytes it brought in how many milliseconds
   */
  multiply(
    product: Product,
    kernel: Kernel,
    scratch: number,
    bring: (part: Product) => number,
    learn: (bytes: number, milliseconds: number) => void,
  ): boolean;
  /** Ends the threads. */
  stop(): void;
}

/**
 * Makes a pool for products in the given memory.
 *
 * @param scratch where each thread's packed blocks go; as many threads as places
 */
export type StartThreads = (code: KernelCode, memory: WebAssembly.Memory, scratch: readonly number[]) => ThreadPool;
