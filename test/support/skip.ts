import type { Context } from 'mocha';

/**
 * Skips a test that this system cannot run, and prints why. No test is skipped in another way, and `.ci/run` counts a
 * skipped test as a failure.
 */
export function skip(test: Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  return test.skip();
}
