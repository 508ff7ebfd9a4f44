import { DATASETS, type DataSource, type DatasetName } from '../node/data/datasets.js';
import type { LoadedSet, LoadOptions } from '../node/data/loaded-set.js';
import type { OnProgress } from '../node/data/progress.js';
import { type Console, grouped } from './console.js';

/** Which data set to load. */
interface Wanted extends LoadOptions {
  dataset: DatasetName;
}

/** Shows the loading of a data set as a progress bar, which `out.endProgress` removes. */
export function loadProgress(out: Console, title: string): OnProgress {
  return (task, done, total) => {
    const megabytes = `${grouped(done / 1e6)}${total > 0 ? ` of ${grouped(total / 1e6)}` : ''} MB`;
    const size = task === 'fetching' ? megabytes : `${done} of ${total} files`;
    out.progress(`${task} ${title}`, done, total, size);
  };
}

/** `Dataset.load` with a progress bar. */
export function loadWithProgress(out: Console, { dataset, ...options }: Wanted): Promise<LoadedSet> {
  const { title, load } = DATASETS[dataset];
  return load({ ...options, onProgress: loadProgress(out, title) }).finally(() => out.endProgress());
}

/** `Dataset.provide` with a progress bar. */
export function provideWithProgress(
  out: Console,
  { dataset, ...options }: Wanted & { source: DataSource },
): Promise<LoadedSet> {
  const { title, provide } = DATASETS[dataset];
  return provide({ ...options, onProgress: loadProgress(out, title) }).finally(() => out.endProgress());
}
