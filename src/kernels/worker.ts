import { workerData } from 'node:worker_threads';
import { type KernelModule, startKernel } from './kernel.js';
import { WorkQueue } from './work-queue.js';

/** What a worker gets when it starts. */
export interface WorkerTask {
  module: KernelModule;
  memory: WebAssembly.Memory;
  queue: SharedArrayBuffer;
  /** The address of its packed blocks. */
  scratch: number;
}

/** A thread of the wasm engine. It waits for tasks and computes parts of them, until the process ends. */
const { module, memory, queue: shared, scratch }: WorkerTask = workerData;
const kernel = startKernel(module, memory);
const queue = new WorkQueue(shared);
for (;;) {
  queue.waitForWork();
  queue.work((part) => kernel.run(part, scratch));
}
