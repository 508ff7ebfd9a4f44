import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, type LoadedSet, provideMnist } from '../../src/node.js';
import { skip } from './skip.js';

let loaded: Promise<LoadedSet> | undefined;

/** The folder of the cached set. */
export const mnistFolder = join(cacheFolder(), 'mnist');

/**
 * The real MNIST, for a `before` hook. Without the cached set, the tests are skipped and print why. In CI, or with
 * HANDGRAD_FETCH=1, it is fetched instead, so that nothing is skipped there.
 */
export async function realMnist(context: Mocha.Context): Promise<LoadedSet> {
  const mayFetch = Boolean(process.env.CI || process.env.HANDGRAD_FETCH);
  if (!mayFetch && !existsSync(mnistFolder))
    skip(context, 'these tests need MNIST (11 MB); `npx handgrad data mnist` fetches it');
  context.timeout(120_000);
  loaded ??= provideMnist();
  return loaded;
}
