import { workerData } from 'node:worker_threads';
import { withBlas } from './blas-kernel.js';
import { loadLibrary, sgemmOf } from './blas-library.js';
import { type KernelModule, startKernel } from './kernel.js';
import { WorkQueue } from './work-queue.js';

/** What a worker gets when it starts. */
export interface WorkerTask {
  module: KernelModule;
  memory: WebAssembly.Memory;
  queue: SharedArrayBuffer;
  /** The address of its packed blocks. */
  scratch: number;
  /** The file of the library for products in single precision, if it is not the module. */
  blas: string | undefined;
}

/** A thread of the wasm engine. It waits for tasks and computes parts of them, until the process ends. */
const { module, memory, queue: shared, scratch, blas }: WorkerTask = workerData;
const own = startKernel(module, memory);
const kernel = blas === undefined ? own : withBlas(own, memory, sgemmOf(loadLibrary(blas)));
const queue = new WorkQueue(shared);
for (;;) {
  queue.waitForWork();
  queue.work((part) => kernel.run(part, scratch));
}
