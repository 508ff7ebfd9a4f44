import type { BackendName } from '../../array/index.js';

/** An engine that computes a run's array operations. */
export type Engine = Exclude<BackendName, 'auto'>;

/** Every engine, by name. */
export const ENGINES: readonly Engine[] = ['wasm', 'blas', 'reference'];
