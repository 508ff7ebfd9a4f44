import { assertCallbacks, assertNoMoreOptions, assertSignal, assertText, checkedOptions } from '../../array/index.js';
import type { ImageSet } from '../../data/image-set.js';
import type { SampleSet } from '../../data/sample-set.js';
import type { LearningTask } from '../../losses/loss.js';
import type { FetchOptions } from './fetch.js';

/** A data set in memory, and the folder from which it was read. */
export interface LoadedSet<Samples extends SampleSet = ImageSet> {
  /** The training images, in the order of the files. */
  train: Samples;
  /** The test images, in the order of the file. */
  test: Samples;
  /** The absolute path of the folder of the files, which may be inside `dataDir`. */
  folder: string;
  /** Whether the set was fetched. */
  fetched: boolean;
}

/** What a net is to learn from a user's own data. */
export interface WantedTargets {
  /** Classes or numbers. Default: classes. */
  task?: LearningTask;
  /** The columns of a CSV file that the net learns. Default: null, one with a usual name. */
  target?: string | null;
}

/** Options for loading any data set. */
export interface LoadOptions extends FetchOptions {
  /** A folder with the official files. Default: the user's cache. */
  dataDir?: string;
  /** Called with a sentence about the data that a user should know, such as that pictures were resized. */
  onNote?: (sentence: string) => void;
}

/**
 * Returns the options of a function that loads a data set. Throws for a wrong or misspelled one.
 *
 * @param more the options that only this function has
 * @throws DtypeError or RangeError that names the call and the option
 */
export function checkedLoadOptions<T extends LoadOptions>(call: string, options: T, ...more: (keyof T)[]): T {
  const { dataDir, onNote, onProgress, signal, ...others } = checkedOptions<LoadOptions>(call, options);
  if (dataDir !== undefined) assertText(call, 'dataDir', dataDir);
  assertCallbacks(call, { onNote, onProgress });
  assertSignal(call, signal);
  assertNoMoreOptions(
    call,
    Object.fromEntries(Object.entries(others).filter(([name]) => !(more as string[]).includes(name))),
  );
  return options;
}

/** The options that every data set has, out of those of a run or a command. */
export function loadOptionsOf({ dataDir, onNote, onProgress, signal }: LoadOptions): LoadOptions {
  return { dataDir, onNote, onProgress, signal };
}
