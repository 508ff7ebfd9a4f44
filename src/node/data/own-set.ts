import { stat } from 'node:fs/promises';
import { InputError } from '../../array/index.js';
import { readClassFolders } from './class-folders.js';
import type { LoadedSet, LoadOptions } from './loaded-set.js';
import { readNpzSet } from './npz-set.js';

/**
 * Loads a user's own data set: a folder with one folder of pictures per class, or an `.npz` file with the arrays
 * `x_train`, `y_train`, `x_test` and `y_test`.
 *
 * @param path the absolute path of the folder or file
 * @param names the data sets with a name, for the error if there is no such path
 * @throws InputError that names the path, or the file in it that cannot be used; also for a `dataDir`
 */
export async function loadOwnSet(
  path: string,
  names: readonly string[],
  options: LoadOptions = {},
): Promise<LoadedSet> {
  if (options.dataDir !== undefined)
    throw new InputError(`--data-dir is for a data set with a name; ${path} is the data itself`);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new InputError(`${path} does not exist; the data sets with a name are ${names.join(', ')}`);
  if (found.isDirectory()) return { ...(await readClassFolders(path, options)), folder: path, fetched: false };
  if (path.endsWith('.npz')) return { ...(await readNpzSet(path, options)), folder: path, fetched: false };
  throw new InputError(`${path} is neither a folder with one folder of pictures per class, nor an .npz file`);
}
