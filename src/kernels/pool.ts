import type { Kernel, KernelCode } from './kernel.js';
import type { Product } from './product.js';

/** How the operands of a product come into the memory. */
export interface Delivery {
  /** Brings what a part needs and the parts before did not, and returns the bytes; other threads work on those meanwhile. */
  bring(part: Product): number;
  /** Is told how many bytes were brought in how many milliseconds. */
  learn(bytes: number, milliseconds: number): void;
}

/** Threads that share the products of the one that made them. */
export interface ThreadPool {
  /** False when a thread has died: what it was doing is lost, and so is the pool. */
  readonly alive: boolean;
  /** Computes a product together; false when a thread did not finish, and C is not to be trusted. */
  multiply(product: Product, kernel: Kernel, scratch: number, delivery: Delivery): boolean;
  /** Ends the threads. */
  stop(): void;
}

/**
 * Makes a pool for products in the given memory.
 *
 * @param scratch where each thread's packed blocks go; as many threads as places
 */
export type StartThreads = (code: KernelCode, memory: WebAssembly.Memory, scratch: readonly number[]) => ThreadPool;
