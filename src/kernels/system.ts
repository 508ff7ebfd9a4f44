import type { Engine } from './engine.js';

/**
 * Creates the engine on this system's BLAS.
 *
 * @param threads the number of threads. Default: the BLAS decides.
 * @throws Error that says what is missing
 */
export type StartBlas = (threads: number | undefined) => Engine;
