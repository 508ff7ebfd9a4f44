import {
  type LoadCifar10Options,
  type LoadedCifar10,
  loadCifar10,
  type ProvideCifar10Options,
  provideCifar10,
} from '../data/cifar10.js';
import { type Console, grouped } from './console.js';

/** `loadCifar10` with a progress bar. */
export function loadWithProgress(out: Console, options: LoadCifar10Options): Promise<LoadedCifar10> {
  return shown(out, (onProgress) => loadCifar10({ ...options, onProgress }));
}

/** `provideCifar10` with a progress bar. */
export function provideWithProgress(out: Console, options: ProvideCifar10Options): Promise<LoadedCifar10> {
  return shown(out, (onProgress) => provideCifar10({ ...options, onProgress }));
}

async function shown(
  out: Console,
  load: (onProgress: (task: string, done: number, total: number) => void) => Promise<LoadedCifar10>,
): Promise<LoadedCifar10> {
  try {
    return await load((task, done, total) => {
      const megabytes = `${grouped(done / 1e6)}${total > 0 ? ` of ${grouped(total / 1e6)}` : ''} MB`;
      const size = task === 'fetching' ? megabytes : `${done} of ${total} files`;
      out.progress(`${task} CIFAR-10`, done, total, size);
    });
  } finally {
    out.endProgress();
  }
}
