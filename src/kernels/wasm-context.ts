import { cores, startThreads } from '#threads';
import { type Kernel, kernelModule, startKernel } from './kernel.js';
import type { Prepare, ThreadPool } from './pool.js';
import type { ThreadTask } from './thread-task.js';

/** What tasks need: a memory, the module that works in it, and the threads that share it. */
export interface WasmContext {
  memory: WebAssembly.Memory;
  kernel: Kernel;
  /** Whether the module multiplies and adds in one instruction. */
  relaxed: boolean;
  /** The number of threads for a large task, including this one. */
  count: number;
  /** Starts the workers, at the first large task. */
  start: (() => ThreadPool) | undefined;
  threads: ThreadPool | undefined;
  /** The address from which operands are copied. */
  free: number;
}

/** A BLAS that computes products in WebAssembly's memory. */
export interface SharedBlas {
  /** The file of the library, from which other threads load it. */
  path: string;
  /** The kernel with the products of the library. */
  kernel(kernel: Kernel, memory: WebAssembly.Memory): Kernel;
}

const PAGE = 65536;
/**
 * The address of the intermediate numbers of the first thread. Those of the others follow. The memory below belongs to
 * the module.
 */
const SCRATCH = 1024;

/**
 * Whether WebAssembly has SIMD here, and gets memory, which a limit on addresses may prevent.
 */
export function isWasmSupported(): boolean {
  supported ??= kernelModule(false) !== undefined && openMemory(false) !== undefined;
  return supported;
}

/** Determined once, because each attempt reserves addresses for a whole memory. */
let supported: boolean | undefined;
let context: WasmContext | undefined;
let wanted: number | undefined;
let products: SharedBlas | undefined;

/**
 * Sets the number of threads for large tasks, from the next task on.
 *
 * @param count the number of threads. Default: the number of cores.
 * @param blas computes the products in single precision. Default: the module.
 */
export function setWasmThreads(count: number | undefined, blas?: SharedBlas): void {
  context?.threads?.stop();
  context = undefined;
  wanted = count;
  products = blas;
}

/** The number of threads for a large task. */
export function wasmThreads(): number {
  return currentContext().count;
}

/** The memory and the threads of the next task. Addresses stay valid until `runTask` returns false. */
export function currentContext(): WasmContext {
  if (context?.threads?.alive === false) context = undefined;
  context ??= openContext(wanted ?? cores());
  return context;
}

function openContext(count: number): WasmContext {
  const canShare = count > 1 && startThreads !== undefined && typeof SharedArrayBuffer !== 'undefined';
  const module = (canShare ? kernelModule(true) : undefined) ?? kernelModule(false);
  if (!module) throw new Error('the wasm engine needs WebAssembly with SIMD, which this runtime does not have');
  const memory = openMemory(module.shared);
  if (!memory && module.shared) return openContext(1);
  if (!memory) throw new Error('the wasm engine cannot reserve the memory it works in');
  const kernel = products ? products.kernel(startKernel(module, memory), memory) : startKernel(module, memory);
  const threadCount = module.shared ? count : 1;
  const scratch = Array.from({ length: threadCount + 1 }, (_, i) =>
    aligned(SCRATCH + i * aligned(kernel.scratchBytes)),
  );
  const free = scratch[threadCount];
  reserve(memory, free);
  const start = module.shared
    ? startThreads?.bind(undefined, module, memory, scratch.slice(1, threadCount), products?.path)
    : undefined;
  return { memory, kernel, relaxed: module.relaxed, count: threadCount, start, threads: undefined, free };
}

/** A memory of up to 4 GB. All of its addresses are reserved at once; undefined if there are not enough. */
function openMemory(shared: boolean): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: 64, maximum: PAGE, shared });
  } catch {
    return undefined;
  }
}

/**
 * Computes a task. Returns false if a thread died; then nothing is valid, and the next attempt runs on one thread.
 *
 * @param onThreads whether the task is large enough for several threads
 * @param prepare prepares the task, or the next part of it
 */
export function runTask<T extends ThreadTask>(task: T, onThreads: boolean, prepare: Prepare<T> = () => {}): boolean {
  const current = currentContext();
  const { kernel, start } = current;
  if (!start || !onThreads) {
    prepare(task);
    kernel.run(task, SCRATCH);
    return true;
  }
  current.threads ??= startOrNone(start);
  if (current.threads?.run(task, kernel, SCRATCH, prepare)) return true;
  setWasmThreads(1, products);
  return false;
}

/** Workers, or undefined where none may start: under Node's permission model, or at a limit of the system. */
function startOrNone(start: () => ThreadPool): ThreadPool | undefined {
  try {
    return start();
  } catch {
    return undefined;
  }
}

/**
 * Lets the memory grow to a number of bytes.
 *
 * @throws RangeError if the system does not give that much
 */
export function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    const size = `${Math.ceil(bytes / 2 ** 20)} MiB`;
    throw new RangeError(`the wasm engine cannot get ${size} of memory for this product`, { cause });
  }
}

/** The next multiple of a cache line. */
export function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
