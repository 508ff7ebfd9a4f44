import type { ImageSet } from '../../data/image-set.js';
import type { FetchOptions } from './fetch.js';

/** A data set in memory, and where it was read from. */
export interface LoadedSet {
  /** The images to learn from, in the order of the files. */
  train: ImageSet;
  /** The images to test on, in the order of the file. */
  test: ImageSet;
  /** The absolute path of the folder that holds the files themselves, which may lie within `dataDir`. */
  folder: string;
  /** Whether it had to be fetched first. */
  fetched: boolean;
}

/** What the loading of any data set may be told. */
export interface LoadOptions extends FetchOptions {
  /** A folder with the official files, to be used as it is; the user's cache without. */
  dataDir?: string;
}
