import { join, resolve } from 'node:path';
import { InputError, inWords } from '../../array/index.js';
import type { Cifar10Source } from './cifar10-fetch.js';
import { findCifar10, readCifar10 } from './cifar10-read.js';
import { findCifar100 } from './cifar100-read.js';
import { cacheFolder, isThere } from './folders.js';
import type { LoadedSet, LoadOptions } from './loaded-set.js';
import { checkedLoadOptions } from './loaded-set.js';

/** The options of `loadCifar10`. The files may be binary or pickled. */
export interface LoadCifar10Options extends LoadOptions {}

/** The options of `provideCifar10`. */
export interface ProvideCifar10Options extends LoadCifar10Options {
  /** The source of a missing set. Default: `'npm'`. */
  source?: Cifar10Source;
}

/** The set, and the folder it was read from. */
export interface LoadedCifar10 extends LoadedSet {}

/**
 * Loads CIFAR-10 from `dataDir`, or from the user's cache. If it is not in the cache yet, it is fetched. Every file
 * is verified at every load.
 *
 * @throws InputError if `dataDir` does not contain the set, or a file is damaged
 */
export async function loadCifar10(options: LoadCifar10Options = {}): Promise<LoadedCifar10> {
  checkedLoadOptions('loadCifar10', options);
  if (options.dataDir === undefined) return provideCifar10(options);
  const folder = resolve(options.dataDir);
  const found = findCifar10(folder);
  if (!found) {
    if (findCifar100(folder))
      throw new InputError(`${folder} contains CIFAR-100, not CIFAR-10; --dataset cifar100 trains on it`);
    throw new InputError(
      `${folder} ${(await isThere(folder)) ? 'does not contain CIFAR-10: it has neither data_batch_1.bin … nor data_batch_1 …' : 'does not exist'}; ` +
        '`handgrad data cifar10 --data-dir DIR` fetches the set into a folder',
    );
  }
  return { ...(await readCifar10(found, options.signal)), folder: found.folder, fetched: false };
}

/**
 * Loads CIFAR-10 from `dataDir` or the user's cache, and fetches it into that folder if it is missing. A damaged set
 * in the cache is fetched again, and is replaced only when the new one is complete.
 *
 * @throws InputError if it cannot be fetched, or `dataDir` contains a damaged set
 */
export async function provideCifar10(options: ProvideCifar10Options = {}): Promise<LoadedCifar10> {
  checkedLoadOptions('provideCifar10', options, 'source');
  if (options.source !== undefined && options.source !== 'npm' && options.source !== 'official')
    throw new RangeError(`provideCifar10: expected source to be npm or official, got ${inWords(options.source)}`);
  const folder = options.dataDir === undefined ? join(cacheFolder(), 'cifar10') : resolve(options.dataDir);
  try {
    const found = findCifar10(folder);
    if (found) return { ...(await readCifar10(found, options.signal)), folder: found.folder, fetched: false };
  } catch (error) {
    if (options.dataDir !== undefined || !(error instanceof InputError)) throw error;
  }
  // The modules for archives and PNG files are loaded only to fetch: they would take 10 MB of memory in every run.
  const { fetchCifar10 } = await import('./cifar10-fetch.js');
  const replace = options.dataDir === undefined;
  await fetchCifar10(folder, options.source ?? 'npm', { ...options, replace });
  return { ...(await readCifar10({ folder, format: 'binary' }, options.signal)), folder, fetched: true };
}
