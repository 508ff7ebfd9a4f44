import type { JobStep } from '../node/experiments/job.js';
import { INTERRUPTED } from './signals.js';

/** Sends the progress of a run to the process that started this one, if it is connected. */
export function tellParent(step: JobStep): void {
  // Ignore the error if the parent has just ended: `endWithParent` notices that.
  if (process.connected) process.send?.(step, undefined, undefined, () => {});
}

/**
 * Ends this process when the one that started it has ended. Only the program itself may call it: the channel no longer keeps
 * a process alive that waits for messages, such as one that runs tests.
 */
export function endWithParent(): void {
  if (!process.connected) return;
  process.once('disconnect', () => process.exit(INTERRUPTED));
  process.channel?.unref(); // the channel alone does not keep the process alive
}
