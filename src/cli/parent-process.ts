import type { JobStep } from '../node/experiments/job.js';
import { INTERRUPTED } from './signals.js';

/** Tells the process that started this one how far a run is; says nothing where none asked. */
export function tellParent(step: JobStep): void {
  // A parent that has just gone is no reason to fail: `endWithParent` notices by itself.
  if (process.connected) process.send?.(step, undefined, undefined, () => {});
}

/** Ends this process when the one that started it has gone, instead of training on for nobody. */
export function endWithParent(): void {
  if (!process.connected) return;
  process.once('disconnect', () => process.exit(INTERRUPTED));
  process.channel?.unref(); // waiting for this alone keeps no process alive
}
