import { startBlas } from '#blas';
import { cores } from '#threads';
import type { Engine, EngineName } from './engine.js';
import { reference } from './reference.js';
import { isWasmSupported, setWasmThreads, wasm, wasmThreads } from './wasm.js';

/** What `setBackend` takes: an engine, or `auto` for the fastest that runs everywhere. */
export type BackendName = 'auto' | EngineName;

/** How the engine is to work. */
export interface BackendOptions {
  /** How many threads it may use for a large product, from 1 up; as many as there are cores without. */
  threads?: number;
}

/** The engines by name; each says itself what it is missing. */
const ENGINES: Record<EngineName, (threads: number | undefined) => Engine> = {
  wasm: (threads) => {
    if (!isWasmSupported())
      throw new Error("WebAssembly with SIMD, or memory for it, is missing here; 'reference' runs everywhere");
    setWasmThreads(threads);
    return wasm;
  },
  blas: startBlas,
  reference: () => reference,
};

let current: Engine | undefined;
let wanted: number | undefined;

/**
 * Chooses the engine of all matrix products from here on. Without a call, it is `auto`: wasm, or reference where there is no
 * SIMD. The number of threads does not change the results of wasm; it may change the last bits of those of a BLAS.
 *
 * @param name `'reference'` runs everywhere; `'blas'` wants the system's own library
 * @param options how many threads
 * @throws RangeError for a name that is no engine, an engine that does not run here, or a number of threads that is none
 */
export function setBackend(name: BackendName, { threads }: BackendOptions = {}): void {
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1)) {
    throw new RangeError(`setBackend: expected a whole number of threads from 1 up, got ${threads}`);
  }
  current = pick(name, threads);
  wanted = threads;
}

/** The name of the engine in use. */
export function backend(): EngineName {
  return engine().name;
}

/** What the engine in use is built on, with its version where there is one to be had. */
export function backendDescription(): string {
  return engine().description;
}

/** How many threads the engine in use may work with. */
export function threads(): number {
  const { name } = engine();
  if (name === 'wasm') return wasmThreads();
  return name === 'blas' ? (wanted ?? cores()) : 1;
}

/** The engine in use. */
export function engine(): Engine {
  current ??= pick('auto', undefined);
  return current;
}

function pick(name: BackendName, threads: number | undefined): Engine {
  const chosen = name === 'auto' ? (isWasmSupported() ? 'wasm' : 'reference') : name;
  if (!Object.hasOwn(ENGINES, chosen)) {
    throw new RangeError(`setBackend: no engine '${chosen}'; there are auto, ${Object.keys(ENGINES).join(', ')}`);
  }
  try {
    return ENGINES[chosen](threads);
  } catch (cause) {
    throw new RangeError(`setBackend: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
