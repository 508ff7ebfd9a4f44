import { join, resolve } from 'node:path';
import { InputError, inWords } from '../../array/index.js';
import { CIFAR100_FILES, CIFAR100_LABELS, type Cifar100File, type Cifar100Labels } from '../../data/cifar100-facts.js';
import { findCifar10 } from './cifar10-read.js';
import { findCifar100, readCifar100 } from './cifar100-read.js';
import { cacheFolder, createWhole, isThere } from './folders.js';
import { checkedLoadOptions, type LoadedSet, type LoadOptions } from './loaded-set.js';

/** The options of `loadCifar100`. The files may be binary or pickled. */
export interface LoadCifar100Options extends LoadOptions {
  /** A hundred fine classes, or twenty coarse ones. Default: fine. */
  labels?: Cifar100Labels;
}

/** An archive of the Python version, and the files in it. */
export interface Cifar100Archive {
  url: string;
  md5: string;
  files: readonly Cifar100File[];
}

/** The official archive. The md5 of its files is known, so that they are verified at every load. */
const OFFICIAL: Cifar100Archive = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz',
  md5: 'eb9058c3a382ffc7106e4002c42a8d85',
  files: CIFAR100_FILES,
};

/**
 * Loads CIFAR-100 from `dataDir`, or from the user's cache. If it is not in the cache yet, it is fetched. Every file is
 * verified at every load.
 *
 * @throws InputError if `dataDir` does not contain the set, or a file is damaged
 */
export async function loadCifar100(options: LoadCifar100Options = {}): Promise<LoadedSet> {
  const { dataDir, labels, signal } = checked('loadCifar100', options);
  if (dataDir === undefined) return provideCifar100(options);
  const folder = resolve(dataDir);
  const found = findCifar100(folder);
  if (!found) throw new InputError(`${folder} ${await whatItIs(folder)}; get the set, or name its folder`);
  return { ...(await readCifar100(found, labels ?? 'fine', { signal })), folder: found.folder, fetched: false };
}

/**
 * Loads CIFAR-100 from `dataDir` or the user's cache, and fetches it into that folder if it is missing. A damaged set in the
 * cache is fetched again, and is replaced only when the new one is complete.
 *
 * @throws InputError if it cannot be fetched, or `dataDir` contains a damaged set
 */
export function provideCifar100(options: LoadCifar100Options = {}): Promise<LoadedSet> {
  return provideFrom(OFFICIAL, checked('provideCifar100', options));
}

/** The same from any archive. */
export async function provideFrom(
  archive: Cifar100Archive,
  { labels = 'fine', ...options }: LoadCifar100Options,
): Promise<LoadedSet> {
  const { dataDir, signal } = options;
  const { files } = archive;
  const folder = dataDir === undefined ? join(cacheFolder(), 'cifar100') : resolve(dataDir);
  try {
    const found = findCifar100(folder);
    if (found)
      return { ...(await readCifar100(found, labels, { signal, files })), folder: found.folder, fetched: false };
  } catch (error) {
    if (dataDir !== undefined || !(error instanceof InputError)) throw error;
  }
  const { fromArchive } = await import('./fetch.js');
  const names = files.map(({ pickle }) => pickle);
  const read = (place: string) => readCifar100({ folder: place, format: 'pickle' }, labels, { signal, files });
  const fill = async (partial: string) => {
    await fromArchive(partial, archive, names, options);
    await read(partial);
  };
  await createWhole(folder, fill, { ...options, replace: dataDir === undefined });
  return { ...(await read(folder)), folder, fetched: true };
}

function checked(call: string, options: LoadCifar100Options): LoadCifar100Options {
  checkedLoadOptions(call, options, 'labels');
  const { labels } = options;
  if (labels !== undefined && !CIFAR100_LABELS.includes(labels))
    throw new RangeError(`${call}: expected labels to be ${CIFAR100_LABELS.join(' or ')}, got ${inWords(labels)}`);
  return options;
}

async function whatItIs(folder: string): Promise<string> {
  if (!(await isThere(folder))) return 'does not exist';
  if (findCifar10(folder)) return 'contains CIFAR-10, not CIFAR-100';
  return 'does not contain CIFAR-100: it has neither train and test, nor train.bin and test.bin';
}
