import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, type LoadedSet, provideMnist } from '../../src/node.js';

let loaded: Promise<LoadedSet> | undefined;

/** Where the cached set lies. */
export const mnistFolder = join(cacheFolder(), 'mnist');

/**
 * The real MNIST, for a `before` hook. Without the cached set the tests are skipped, and say so; in CI (or with
 * HANDGRAD_FETCH=1) it is fetched instead, so that there nothing is ever skipped.
 */
export async function realMnist(context: Mocha.Context): Promise<LoadedSet> {
  const mayFetch = Boolean(process.env.CI || process.env.HANDGRAD_FETCH);
  if (!mayFetch && !existsSync(mnistFolder)) {
    console.log('      SKIPPED: these tests need MNIST (11 MB); `npx handgrad data mnist` fetches it');
    context.skip();
  }
  context.timeout(120_000);
  loaded ??= provideMnist();
  return loaded;
}
