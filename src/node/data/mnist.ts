import { join, resolve } from 'node:path';
import { InputError } from '../../array/index.js';
import { cacheFolder, isThere } from './folders.js';
import type { LoadedSet, LoadOptions } from './loaded-set.js';
import { checkedLoadOptions } from './loaded-set.js';
import { findMnist, readMnist } from './mnist-read.js';

/**
 * Loads MNIST from `dataDir`, which has the four original files, gzipped or not, or from the user's cache. If it is
 * not in the cache yet, it is fetched. Every file is verified at every load.
 *
 * @throws InputError if `dataDir` does not contain the set, or a file is damaged
 */
export async function loadMnist(options: LoadOptions = {}): Promise<LoadedSet> {
  checkedLoadOptions('loadMnist', options);
  if (options.dataDir === undefined) return provideMnist(options);
  const folder = resolve(options.dataDir);
  const found = findMnist(folder);
  if (found === undefined) {
    throw new InputError(
      `${folder} ${(await isThere(folder)) ? 'does not contain MNIST: it has no train-images-idx3-ubyte, gzipped or not' : 'does not exist'}; ` +
        '`handgrad data mnist --data-dir DIR` fetches the set into a folder',
    );
  }
  return { ...(await readMnist(found, options.signal)), folder: found, fetched: false };
}

/**
 * Loads MNIST from `dataDir` or the user's cache, and fetches it into that folder if it is missing. A damaged set in
 * the cache is fetched again, and is replaced only when the new one is complete.
 *
 * @throws InputError if it cannot be fetched, or `dataDir` contains a damaged set
 */
export async function provideMnist(options: LoadOptions = {}): Promise<LoadedSet> {
  checkedLoadOptions('provideMnist', options);
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
