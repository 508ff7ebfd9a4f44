import type { Kernel, KernelModule } from './kernel.js';
import type { ThreadTask } from './thread-task.js';

/** Prepares a part of a task, for example copies the operands that it needs and that earlier parts have not copied. */
export type Prepare<T extends ThreadTask> = (part: T) => void;

/** Threads that share the tasks of the thread that started them. */
export interface ThreadPool {
  /** False if a thread has died. Its work is lost, and the pool cannot be used any more. */
  readonly alive: boolean;
  /**
   * Computes a task on all threads. They begin with the first part while later parts are prepared. Returns false if a
   * thread did not finish; then the results are not valid.
   */
  run<T extends ThreadTask>(task: T, kernel: Kernel, scratch: number, prepare: Prepare<T>): boolean;
  /** Stops the threads. */
  stop(): void;
}

/**
 * Starts a pool for tasks in the given memory.
 *
 * @param scratch one address per thread, for its packed blocks
 * @param blas the file of the library for products in single precision, if it is not the module
 */
export type StartThreads = (
  module: KernelModule,
  memory: WebAssembly.Memory,
  scratch: readonly number[],
  blas: string | undefined,
) => ThreadPool;
