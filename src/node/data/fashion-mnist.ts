import { join, resolve } from 'node:path';
import { InputError } from '../../array/index.js';
import { FASHION_MNIST } from '../../data/fashion-mnist-facts.js';
import { cacheFolder, isThere } from './folders.js';
import type { LoadedSet, LoadOptions } from './loaded-set.js';
import { checkedLoadOptions } from './loaded-set.js';
import { findMnist, readMnist } from './mnist-read.js';

/**
 * Loads Fashion-MNIST from `dataDir`, which has its four files, gzipped or not, or from `fashion-mnist` in the user's
 * cache. Every file is verified at every load. The set is not fetched: no npm package carries it.
 *
 * @throws InputError if the folder does not contain the set, which says where to get it, or if a file is damaged or
 * belongs to MNIST
 */
export async function loadFashionMnist(options: LoadOptions = {}): Promise<LoadedSet> {
  checkedLoadOptions('loadFashionMnist', options);
  const { dataDir = join(cacheFolder(), FASHION_MNIST.name), signal } = options;
  const folder = resolve(dataDir);
  const found = findMnist(folder, FASHION_MNIST);
  if (found === undefined) {
    const state = (await isThere(folder))
      ? 'does not contain Fashion-MNIST: it has no train-images-idx3-ubyte, gzipped or not'
      : 'does not exist';
    throw new InputError(`${folder} ${state}; ${WHERE}`);
  }
  return { ...(await readMnist(found, signal, FASHION_MNIST)), folder: found, fetched: false };
}

const WHERE =
  'get its four files from https://github.com/zalandoresearch/fashion-mnist (data/fashion) or from the Debian package ' +
  'dataset-fashion-mnist (/usr/share/datasets/fashion-mnist), and name their folder with --data-dir';
