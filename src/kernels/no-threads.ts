import type { StartThreads } from './pool.js';
import type { PackedModule } from './wasm-module.js';

/**
 * Replaces threads.ts outside Node. The main thread of a browser must not wait for other threads, so the engine runs
 * on the thread that calls it.
 */
export function cores(): number {
  return 1;
}

export const startThreads: StartThreads | undefined = undefined;

export const sharedProducts: PackedModule | undefined = undefined;
