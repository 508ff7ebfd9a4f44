import type { Engine, EngineName } from './engine.js';
import { reference } from './reference.js';
import { isWasmSupported, wasm } from './wasm.js';

/** What `setBackend` takes: an engine, or `auto` for the fastest that runs here. */
export type BackendName = 'auto' | EngineName;

const engines: Partial<Record<EngineName, Engine>> = { wasm, reference };

let current: Engine | undefined;

/**
 * Chooses the engine of all matrix products from here on. Without a call, it is `auto`.
 *
 * @throws RangeError for a name that is no engine, or an engine that does not run here
 */
export function setBackend(name: BackendName): void {
  current = pick(name);
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
  const found = engines[name];
  if (!found)
    throw new RangeError(`setBackend: no engine '${name}' here; there are auto, ${Object.keys(engines).join(', ')}`);
  if (found === wasm && !isWasmSupported()) {
    throw new RangeError(
      "setBackend: this runtime has no WebAssembly with SIMD; the engine 'reference' runs everywhere",
    );
  }
  return found;
}
