import type { StartBlas } from './system.js';

/** Stands in for blas.ts outside Node. */
export const startBlas: StartBlas = () => {
  throw new Error('a browser lets no page call the BLAS of its system; the wasm engine runs here');
};
