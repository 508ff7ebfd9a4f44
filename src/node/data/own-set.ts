import { readdir, stat } from 'node:fs/promises';
import { InputError } from '../../array/index.js';
import type { SampleSet } from '../../data/sample-set.js';
import { readClassFolders } from './class-folders.js';
import { readCsvSet } from './csv-set.js';
import type { LoadedSet, LoadOptions, WantedTargets } from './loaded-set.js';
import { readNpzSet } from './npz-set.js';

/**
 * Loads a user's own data set: a folder with one folder of pictures per class, an `.npz` file with the arrays
 * `x_train`, `y_train`, `x_test` and `y_test`, a CSV file, or a folder with `train.csv` and `test.csv`.
 *
 * @param path the absolute path of the folder or file
 * @param names the data sets with a name, for the error if there is no such path
 * @throws InputError that names the path, or the file in it that cannot be used; also for a `dataDir`, and for targets
 * that such data cannot have
 */
export async function loadOwnSet(
  path: string,
  names: readonly string[],
  options: LoadOptions & WantedTargets = {},
): Promise<LoadedSet<SampleSet>> {
  if (options.dataDir !== undefined)
    throw new InputError(`--data-dir is for a data set with a name; ${path} is the data itself`);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new InputError(`${path} does not exist; the data sets with a name are ${names.join(', ')}`);
  return { ...(await readSet(path, found.isDirectory(), options)), folder: path, fetched: false };
}

async function readSet(path: string, isFolder: boolean, options: LoadOptions & WantedTargets) {
  const isTable = isFolder ? (await readdir(path)).includes('train.csv') : /\.(csv|tsv)$/i.test(path);
  if (isTable) return readCsvSet(path, options);
  if (options.target) throw new InputError(`--target is for a CSV file, which ${path} is not`);
  if (!isFolder && path.endsWith('.npz')) return readNpzSet(path, options);
  if (!isFolder)
    throw new InputError(
      `${path} is neither a folder with one folder of pictures per class, nor an .npz file, nor a CSV file`,
    );
  if (options.task === 'regression')
    throw new InputError(`--loss mse learns numbers, and ${path} has one folder per class`);
  return readClassFolders(path, options);
}
