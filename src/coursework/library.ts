import { fileURLToPath } from 'node:url';

/** The folder of this package. */
export const LIBRARY = fileURLToPath(new URL('../..', import.meta.url));
