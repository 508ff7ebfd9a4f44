import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Kernel, KernelCode } from './kernel.js';
import type { Delivery, StartThreads, ThreadPool } from './pool.js';
import { type Product, partOf } from './product.js';
import { Board, MOST_PARTS } from './work-queue.js';
import type { WorkerTask } from './worker.js';

/** How many threads this machine can run at once. */
export function cores(): number {
  return availableParallelism();
}

/** Parts a thread, at most: more than one, so that a thread which gets less of the processor holds up the others less. */
const PARTS_A_THREAD = 4;

/** But no part of fewer rows or columns, where there are threads enough: every part packs the other operand anew. */
const LEAST_LINES = 100;

/** How long to wait for a part that another thread has taken: much longer than it can need, for it may have died. */
const PATIENCE = { atLeast: 2000, factor: 50 };

/** Makes workers that share the main thread's products. */
export const startThreads: StartThreads | undefined = (code, memory, scratch) => new Workers(code, memory, scratch);

/** Worker threads. They start while the main thread computes, and never keep a process alive. */
class Workers implements ThreadPool {
  alive = true;
  private readonly board = new Board();
  private readonly workers: Worker[];
  private readonly count: number;

  constructor(code: KernelCode, memory: WebAssembly.Memory, scratch: readonly number[]) {
    this.count = scratch.length + 1;
    this.workers = scratch.map((place) => {
      const workerData: WorkerTask = { code, memory, board: this.board.memory, scratch: place };
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, name: 'handgrad' });
      worker.unref();
      worker.on('error', () => this.stop());
      worker.on('exit', () => this.stop());
      return worker;
    });
  }

  multiply(product: Product, kernel: Kernel, scratch: number, delivery: Delivery): boolean {
    const started = performance.now();
    const parts = this.partsOf(product);
    this.board.post(product, parts);
    for (let i = 0; i < parts; i++) {
      const before = performance.now();
      const bytes = delivery.bring(partOf(product, i, parts));
      delivery.learn(bytes, performance.now() - before);
      this.board.release(i + 1);
    }
    this.board.work((part) => kernel.multiply(part, scratch));
    const done = this.board.waitForAll(PATIENCE.atLeast + PATIENCE.factor * (performance.now() - started));
    if (!done) this.stop();
    return done;
  }

  /** As many for each thread. */
  private partsOf({ n, m }: Product): number {
    const each = Math.floor(Math.max(n, m) / LEAST_LINES / this.count);
    return Math.min(this.count * Math.max(1, Math.min(each, PARTS_A_THREAD)), MOST_PARTS);
  }

  stop(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const worker of this.workers) void worker.terminate();
  }
}
