import type { Engine, EngineName } from './engine.js';
import { reference } from './reference.js';
import { isWasmSupported, setWasmThreads, wasm, wasmThreads } from './wasm.js';

/** What `setBackend` takes: an engine, or `auto` for the fastest that runs here. */
export type BackendName = 'auto' | EngineName;

const engines: Partial<Record<EngineName, Engine>> = { wasm, reference };

let current: Engine | undefined;

/** How the engine is to work. */
export interface BackendOptions {
  /** How many threads the wasm engine may use for a large product; as many as there are cores without. */
  threads?: number;
}

/**
 * Chooses the engine of all matrix products from here on. Without a call, it is `auto`. The number of threads does not
 * change the result.
 *
 * @throws RangeError for a name that is no engine, an engine that does not run here, or a number of threads that is none
 */
export function setBackend(name: BackendName, { threads }: BackendOptions = {}): void {
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1)) {
    throw new RangeError(`setBackend: expected a whole number of threads from 1 up, got ${threads}`);
  }
  current = pick(name);
  setWasmThreads(threads);
}

/** How many threads the engine in use may work with. */
export function threads(): number {
  return engine() === wasm ? wasmThreads() : 1;
}

/** The name of the engine in use. */
export function backend(): EngineName {
  return engine().name;
}

/** The engine in use. */
export function engine(): Engine {
  current ??= pick('auto');
  return current;
}

function pick(name: BackendName): Engine {
  if (name === 'auto') return isWasmSupported() ? wasm : reference;
  const found = Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (!found)
    throw new RangeError(`setBackend: no engine '${name}' here; there are auto, ${Object.keys(engines).join(', ')}`);
  if (found === wasm && !isWasmSupported()) {
    throw new RangeError(
      "setBackend: this runtime has no WebAssembly with SIMD; the engine 'reference' runs everywhere",
    );
  }
  return found;
}
