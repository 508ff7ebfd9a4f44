import type { Context } from 'mocha';

/** Skips a test and prints why. */
export function skip(test: Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  return test.skip();
}
