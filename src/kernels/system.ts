import type { Engine } from './engine.js';

/**
 * Makes the engine on this system's BLAS.
 *
 * @param threads how many it may use; without, as many as the BLAS itself would
 * @throws Error that says what is missing
 */
export type StartBlas = (threads: number | undefined) => Engine;
