import type { StartBlas } from './system.js';

/** Replaces blas.ts outside Node. */
export const startBlas: StartBlas = () => {
  throw new Error("a page cannot call the system's BLAS; use the wasm engine");
};
