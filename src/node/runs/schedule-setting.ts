import { constantSchedule, cosineSchedule, type Schedule, stepSchedule, withWarmUp } from '../../optim/schedules.js';

/**
 * The schedule of a run from its text: `constant`, `step:EVERY:FACTOR`, `cosine` (down to 0) or `cosine:LAST`, after
 * `warmup` steps in which the rate grows. A cosine ends with the run.
 *
 * @throws RangeError for an unknown schedule, or a warm-up as long as the run
 */
export function scheduleOf(text: string, warmup: number, maxSteps: number): Schedule {
  if (warmup >= maxSteps)
    throw new RangeError(`a warm-up of ${warmup} steps leaves nothing of a run of ${maxSteps} steps`);
  return withWarmUp(warmup, afterWarmUp(text, maxSteps - warmup));
}

function afterWarmUp(text: string, steps: number): Schedule {
  const [name, ...numbers] = text.split(':');
  if (numbers.every((number) => number.trim() !== '')) {
    const [first, second] = numbers.map(Number);
    if (name === 'constant' && numbers.length === 0) return constantSchedule();
    if (name === 'step' && numbers.length === 2) return stepSchedule(first, second);
    if (name === 'cosine' && numbers.length <= 1) return cosineSchedule(steps, first);
  }
  throw new RangeError(`expected constant, step:EVERY:FACTOR, cosine or cosine:LAST, got '${text}'`);
}

/** Whether a value is the text of a schedule. */
export function isSchedule(value: unknown): value is string {
  try {
    return typeof value === 'string' && Boolean(afterWarmUp(value, 1));
  } catch {
    return false;
  }
}
