import { Option } from 'commander';
import { type BackendName, InputError, setBackend } from '../array/index.js';

/** The flag that chooses the engine of the matrix products. */
export function backendOption(): Option {
  return new Option('--backend <name>', 'the engine of the matrix products')
    .choices(['auto', 'reference', 'wasm', 'blas'])
    .default('auto');
}

/** `setBackend`, with an engine that is not here as a wrong flag. */
export function chooseBackend(name: BackendName): void {
  try {
    setBackend(name);
  } catch (cause) {
    throw new InputError(`--backend ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
