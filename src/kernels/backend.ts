import { startBlas } from '#blas';
import { cores } from '#threads';
import type { Engine, EngineName } from './engine.js';
import { reference } from './reference.js';
import { wasm } from './wasm.js';
import { isWasmSupported, setWasmThreads, wasmThreads } from './wasm-context.js';

/** What `setBackend` takes: an engine, or `auto` for the fastest that runs everywhere. */
export type BackendName = 'auto' | EngineName;

/** Options of `setBackend`. */
export interface BackendOptions {
  /** The number of threads for a large product, from 1 up. Default: the number of cores. */
  threads?: number;
}

/** The engines by name. Each throws an error that says what it is missing. */
const ENGINES: Record<EngineName, (threads: number | undefined) => Engine> = {
  wasm: (threads) => {
    if (!isWasmSupported())
      throw new Error("this runtime has no WebAssembly with SIMD, or no memory for it; 'reference' runs everywhere");
    setWasmThreads(threads);
    return wasm;
  },
  blas: startBlas,
  reference: () => reference,
};

let current: Engine | undefined;
let wanted: number | undefined;

/** A product has no more parts than this. */
const MOST_THREADS = 255;

/**
 * Chooses the engine of all array operations from now on. Default: `auto`, which is wasm, or reference where
 * WebAssembly has no SIMD. The number of threads does not change the results of wasm. It may change the last bits of
 * a BLAS.
 *
 * @param name the engine. `'reference'` runs everywhere; `'blas'` needs the system's library.
 * @param options the number of threads
 * @throws RangeError for an unknown engine, an engine that does not run here, or an invalid number of threads
 */
export function setBackend(name: BackendName, options: BackendOptions = {}): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`setBackend: expected an object of options, such as { threads: 2 }, got ${String(options)}`);
  const { threads, ...rest } = options;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new RangeError(`setBackend: there is no option '${unknown}' in this version`);
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1)) {
    throw new RangeError(`setBackend: expected a whole number of threads from 1 up, got ${threads}`);
  }
  if (threads !== undefined && threads > MOST_THREADS)
    throw new RangeError(`setBackend: expected at most ${MOST_THREADS} threads, got ${threads}`);
  current = pick(name, threads);
  wanted = threads;
}

/** The name of the engine in use. */
export function backend(): EngineName {
  return engine().name;
}

/** What the engine in use is built on, with the version if it is known. */
export function backendDescription(): string {
  return engine().description;
}

/** The number of threads that the engine in use may use. */
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
    throw new RangeError(
      `setBackend: no engine '${String(chosen)}'; the engines are auto, ${Object.keys(ENGINES).join(', ')}`,
    );
  }
  try {
    return ENGINES[chosen](threads);
  } catch (cause) {
    throw new RangeError(`setBackend: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
