import { join } from 'node:path';
import { childProcess, type RunSettings } from './child-run.js';
import type { FinishedRun } from './finished.js';

/** A run that held images out to be watched by, and what the test set says of its net. */
export interface TestedRun extends FinishedRun {
  test: { accuracy: number; loss: number };
}

/**
 * Tests the net of a finished run on the test set, which it has not looked at before: `handgrad evaluate` in a process of its own.
 *
 * @param out the folder that the run's folder is in
 * @returns the run with its test, or the sentence that says why there is none
 */
export async function finalTest(
  out: string,
  run: FinishedRun,
  { program, flags, signal }: RunSettings,
): Promise<TestedRun | { failure: string }> {
  const outcome = await childProcess(
    ['evaluate', join(out, run.name), ...flags, '--json'],
    { program, signal },
    () => {},
  );
  if ('failure' in outcome) return outcome;
  const { testAccuracy, testLoss } = outcome.document as { testAccuracy: number; testLoss: number };
  return { ...run, test: { accuracy: testAccuracy, loss: testLoss } };
}
