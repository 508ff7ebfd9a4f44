import type { StartThreads } from './pool.js';

/**
 * Stands in for threads.ts outside Node: a browser's main thread may not wait for others, so there the engine runs on the
 * thread that calls it.
 */
export function cores(): number {
  return 1;
}

export const startThreads: StartThreads | undefined = undefined;
