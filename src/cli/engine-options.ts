import { type Command, Option } from 'commander';
import { type BackendName, backend, ENGINE_NAMES, InputError, messageOf, setBackend, threads } from '../array/index.js';
import { count } from './flag-values.js';

/** The flags that choose the engine of the matrix products. */
export interface BackendFlags {
  backend: BackendName;
  threads?: number;
}

/** Adds `--backend` and `--threads` to a command. */
export function addBackendOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--backend <name>', "the engine of the matrix products; blas is your system's own, such as OpenBLAS")
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .option('--threads <n>', 'the number of threads for the engine (default: the number of cores)', count);
}

/** `setBackend`, where an engine that is not available is an error of the flag. */
export function chooseBackend({ backend: name, threads: number }: BackendFlags): void {
  try {
    setBackend(name, { threads: number });
  } catch (cause) {
    throw new InputError(`--backend ${name}: ${messageOf(cause).replace('setBackend: ', '')}`, { cause });
  }
}

/** `engine wasm on 2 threads`. */
export function engineText(): string {
  return `engine ${backend()} on ${threads()} thread${threads() === 1 ? '' : 's'}`;
}
