import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SHARED_PRODUCTS } from './generated/shared-products-wasm.js';
import type { Kernel, KernelModule } from './kernel.js';
import type { Prepare, StartThreads, ThreadPool } from './pool.js';
import { isSweep, partOfTask, type ThreadTask } from './thread-task.js';
import type { PackedModule } from './wasm-module.js';
import { MAX_PARTS, WorkQueue } from './work-queue.js';
import type { WorkerTask } from './worker.js';

/** The number of threads that this machine can run at once. */
export function cores(): number {
  return availableParallelism();
}

/**
 * The maximum number of parts per thread. With several, the others wait less for a thread that gets less processor
 * time.
 */
const PARTS_PER_THREAD = 4;

/**
 * The minimum number of rows or columns of a part of a product. Each part packs the other operand again, so small parts are slow.
 */
const MIN_LINES = 100;

/**
 * How long to wait for a part of another thread, in milliseconds and as a factor of the time so far. A thread may
 * have died.
 */
const TIMEOUT = { atLeast: 2000, factor: 50 };

/** The products in memory that threads share. */
export const sharedProducts: PackedModule | undefined = SHARED_PRODUCTS;

/** Starts workers that share the tasks of the main thread. */
export const startThreads: StartThreads | undefined = (...args) => new Workers(...args);

/** Worker threads. They start while the main thread computes, and do not keep the process alive. */
class Workers implements ThreadPool {
  alive = true;
  private readonly queue = new WorkQueue();
  private readonly workers: Worker[];
  private readonly count: number;

  constructor(module: KernelModule, memory: WebAssembly.Memory, scratch: readonly number[], blas: string | undefined) {
    this.count = scratch.length + 1;
    this.workers = scratch.map((place) => {
      const workerData: WorkerTask = { module, memory, queue: this.queue.memory, scratch: place, blas };
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, name: 'handgrad' });
      worker.unref();
      worker.on('error', () => this.stop());
      worker.on('exit', () => this.stop());
      return worker;
    });
  }

  run<T extends ThreadTask>(task: T, kernel: Kernel, scratch: number, prepare: Prepare<T>): boolean {
    const started = performance.now();
    const parts = this.partsOf(task);
    this.queue.post(task, parts);
    for (let i = 0; i < parts; i++) {
      prepare(partOfTask(task, i, parts));
      this.queue.release(i + 1);
    }
    this.queue.work((part) => kernel.run(part, scratch));
    const done = this.queue.waitForAll(TIMEOUT.atLeast + TIMEOUT.factor * (performance.now() - started));
    if (!done) this.stop();
    return done;
  }

  /** The number of parts, a multiple of the number of threads. */
  private partsOf(task: ThreadTask): number {
    const each = isSweep(task)
      ? Math.floor((task.last - task.first) / task.unit / this.count)
      : Math.floor(Math.max(task.n, task.m) / MIN_LINES / this.count);
    return Math.min(this.count * Math.max(1, Math.min(each, PARTS_PER_THREAD)), MAX_PARTS);
  }

  stop(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const worker of this.workers) void worker.terminate();
  }
}
