import type { Engine, EngineName } from './engine.js';
import { reference } from './reference.js';

/** What `setBackend` takes: an engine, or `auto` for the fastest that runs here. */
export type BackendName = 'auto' | EngineName;

const engines: Partial<Record<EngineName, Engine>> = { reference };
const preference: readonly EngineName[] = ['reference'];

let current: Engine = pick('auto');

/**
 * Chooses the engine of all matrix products from here on.
 *
 * @throws RangeError for a name that is no engine, or an engine that this version does not carry
 */
export function setBackend(name: BackendName): void {
  current = pick(name);
}

/** The name of the engine in use. */
export function backend(): EngineName {
  return current.name;
}

/** The engine in use. */
export function engine(): Engine {
  return current;
}

function pick(name: BackendName): Engine {
  const wanted = name === 'auto' ? preference[0] : name;
  const found = engines[wanted];
  if (!found) throw new RangeError(`setBackend: no engine '${name}' here; there are auto, ${preference.join(', ')}`);
  return found;
}
