import { resolveObjectURL } from 'node:buffer';
import { Worker } from 'node:worker_threads';
import type { Start } from './peer.js';

/**
 * jax-js with threads, which it has for browsers alone: it starts as many workers as the browser says that there are
 * processors. Here it is lent both, before it is loaded. Arguments: threads.
 */
export const start: Start = async ([threads], data) => {
  Object.assign(globalThis, { Worker: BrowserWorker });
  Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: Number(threads) } });
  const jax = await import('./jax.js');
  return jax.start([], data);
};

/** What a worker's script for browsers finds there, made of what Node's workers have. */
const PREAMBLE = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => self.onmessage({ data }));
`;

/** A browser's `Worker`, as far as a script from a blob needs one, on Node's. */
class BrowserWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  private readonly started: Promise<Worker>;

  constructor(url: string) {
    this.started = this.start(url);
  }

  postMessage(message: unknown): void {
    void this.started.then((worker) => worker.postMessage(message));
  }

  private async start(url: string): Promise<Worker> {
    const script = await resolveObjectURL(url)?.text();
    const worker = new Worker(PREAMBLE + script, { eval: true });
    worker.on('message', (data) => this.onmessage?.({ data }));
    worker.on('error', ({ message }) => this.onerror?.({ message }));
    return worker;
  }
}
