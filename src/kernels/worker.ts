import { workerData } from 'node:worker_threads';
import { type KernelCode, startKernel } from './kernel.js';
import { Board } from './work-queue.js';

/** What a worker is told when it starts. */
export interface WorkerTask {
  code: KernelCode;
  memory: WebAssembly.Memory;
  board: SharedArrayBuffer;
  /** Where its packed blocks go. */
  scratch: number;
}

/** A thread of the wasm engine: waits for products and works on them, until the process ends. */
const { code, memory, board: shared, scratch }: WorkerTask = workerData;
const kernel = startKernel(code, memory);
const board = new Board(shared);
for (;;) {
  board.waitForWork();
  board.work((part) => kernel.multiply(part, scratch));
}
