import { join, resolve } from 'node:path';
import { InputError } from '../../array/index.js';
import { cacheFolder, isThere } from './folders.js';
import type { LoadedSet, LoadOptions } from './loaded-set.js';
import { findMnist, readMnist } from './mnist-read.js';

/**
 * MNIST from `dataDir`, which has the four original files, gzipped or not; or from the user's cache, into which it is
 * fetched when it is not there yet. Every file is verified at every load.
 *
 * @throws InputError when `dataDir` has no such set, or a file is damaged
 */
export async function loadMnist(options: LoadOptions = {}): Promise<LoadedSet> {
  if (options.dataDir === undefined) return provideMnist(options);
  const folder = resolve(options.dataDir);
  const found = findMnist(folder);
  if (found === undefined) {
    throw new InputError(
      `${folder} ${(await isThere(folder)) ? 'holds no MNIST: no train-images-idx3-ubyte, gzipped or not' : 'does not exist'}; ` +
        '`handgrad data mnist --data-dir DIR` fetches the set into a folder',
    );
  }
  return { ...(await readMnist(found, options.signal)), folder: found, fetched: false };
}

/**
 * MNIST from `dataDir` or the user's cache; fetched into it when it is not there, and fetched again when the cache holds a
 * damaged one, which stays until the new one has arrived.
 *
 * @throws InputError when it cannot be fetched, or a folder that the user named holds a damaged set
 */
export async function provideMnist(options: LoadOptions = {}): Promise<LoadedSet> {
  const folder = options.dataDir === undefined ? join(cacheFolder(), 'mnist') : resolve(options.dataDir);
  try {
    const found = findMnist(folder);
    if (found !== undefined) {
      return { ...(await readMnist(found, options.signal)), folder: found, fetched: false };
    }
  } catch (error) {
    if (options.dataDir !== undefined || !(error instanceof InputError)) throw error;
  }
  const { fetchMnist } = await import('./mnist-fetch.js');
  await fetchMnist(folder, { ...options, replace: options.dataDir === undefined });
  return { ...(await readMnist(folder, options.signal)), folder, fetched: true };
}
