import type { ImageSet } from '../../data/image-set.js';
import type { FetchOptions } from './fetch.js';

/** A data set in memory, and the folder from which it was read. */
export interface LoadedSet {
  /** The training images, in the order of the files. */
  train: ImageSet;
  /** The test images, in the order of the file. */
  test: ImageSet;
  /** The absolute path of the folder of the files, which may be inside `dataDir`. */
  folder: string;
  /** Whether the set was fetched. */
  fetched: boolean;
}

/** Options for loading any data set. */
export interface LoadOptions extends FetchOptions {
  /** A folder with the official files. Default: the user's cache. */
  dataDir?: string;
  /** Called with a sentence about the data that a user should know, such as that pictures were resized. */
  onNote?: (sentence: string) => void;
}
