import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, type LoadedCifar10, provideCifar10 } from '../../src/node.js';

let loaded: Promise<LoadedCifar10> | undefined;

/** Where the cached set lies. */
export const cifar10Folder = join(cacheFolder(), 'cifar10');

/**
 * The real CIFAR-10, for a `before` hook. Without the cached set the tests are skipped, and say so; in CI (or with
 * HANDGRAD_FETCH=1) it is fetched instead, so that there nothing is ever skipped.
 */
export async function realCifar10(context: Mocha.Context): Promise<LoadedCifar10> {
  const mayFetch = Boolean(process.env.CI || process.env.HANDGRAD_FETCH);
  if (!mayFetch && !existsSync(cifar10Folder)) {
    console.log('      SKIPPED: these tests need CIFAR-10 (139 MB); `npx handgrad data cifar10` fetches it');
    context.skip();
  }
  context.timeout(600_000);
  loaded ??= provideCifar10();
  return loaded;
}
