import type { FetchOptions } from './fetch.js';
import type { ImageSet } from './image-set.js';

/** A data set in memory, and where it was read from. */
export interface LoadedSet {
  train: ImageSet;
  test: ImageSet;
  folder: string;
  /** Whether it had to be fetched first. */
  fetched: boolean;
}

/** What the loading of any data set may be told. */
export interface LoadOptions extends FetchOptions {
  /** A folder with the official files, to be used as it is; the user's cache without. */
  dataDir?: string;
}
