import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, type LoadedCifar10, provideCifar10 } from '../../src/node.js';
import { skip } from './skip.js';

let loaded: Promise<LoadedCifar10> | undefined;

/** The folder of the cached set. */
export const cifar10Folder = join(cacheFolder(), 'cifar10');

/**
 * The real CIFAR-10, for a `before` hook. Without the cached set, the tests are skipped and print why. In CI, or with
 * HANDGRAD_FETCH=1, it is fetched instead, so that nothing is skipped there.
 */
export async function realCifar10(context: Mocha.Context): Promise<LoadedCifar10> {
  const mayFetch = Boolean(process.env.CI || process.env.HANDGRAD_FETCH);
  if (!mayFetch && !existsSync(cifar10Folder))
    skip(context, 'these tests need CIFAR-10 (139 MB); `npx handgrad data cifar10` fetches it');
  context.timeout(600_000);
  loaded ??= provideCifar10();
  return loaded;
}
