import { assertFunction, assertNumber } from '../array/index.js';

/**
 * The factor of the learning rate at a step, counted from 0. The rate of the step is `learningRate * schedule(step)`.
 */
export type Schedule = (step: number) => number;

/** The same learning rate at every step. */
export function constantSchedule(): Schedule {
  return () => 1;
}

/**
 * Multiplies the learning rate by `factor` after every `every` steps:
 * $\texttt{factor}^{\lfloor t / \texttt{every} \rfloor}$ at step $t$. Large steps make fast progress at first; small
 * steps come closer to a minimum later.
 *
 * @param every the number of steps from one drop to the next
 * @param factor the factor of each drop
 * @throws RangeError unless `every` is a whole number from 1 up and `factor` a number above 0, at most 1
 */
export function stepSchedule(every: number, factor: number): Schedule {
  assertSteps('stepSchedule', 'every', every);
  assertNumber('stepSchedule', 'factor', factor);
  if (!(factor > 0 && factor <= 1))
    throw new RangeError(`stepSchedule: expected factor to be above 0 and at most 1, got ${factor}`);
  return (step) => factor ** Math.floor(step / every);
}

/**
 * Decreases the factor from 1 to `last` over $T$ `steps` along half a cosine, and keeps `last` from then on
 * (Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5, without restarts):
 *
 * $$ \texttt{last} + \tfrac12\, (1 - \texttt{last}) \Big( 1 + \cos \frac{\pi t}{T} \Big) . $$
 *
 * @param steps T, usually the steps of the run without the warm-up
 * @param last the factor at the end. Default: 0.
 * @throws RangeError unless `steps` is a whole number from 1 up and `last` from 0 to 1
 */
export function cosineSchedule(steps: number, last = 0): Schedule {
  assertSteps('cosineSchedule', 'steps', steps);
  assertNumber('cosineSchedule', 'last', last);
  if (!(last >= 0 && last <= 1)) throw new RangeError(`cosineSchedule: expected last to be from 0 to 1, got ${last}`);
  return (step) => last + ((1 - last) / 2) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
}

/**
 * Puts a warm-up of $W$ `steps` before another schedule, which then begins at its own step 0. The factor grows
 * linearly, $(t + 1)/(W + 1)$, so that the first step is not 0 and step $W$ has the full rate. At the beginning the
 * weights are random and Adam's moments have seen few gradients, so a full step could do harm (Goyal et al. 2017,
 * arXiv 1706.02677, section 2.2).
 *
 * @param steps W. With 0, the schedule is returned unchanged.
 * @param schedule the schedule after the warm-up
 * @throws RangeError unless `steps` is a whole number from 0 up
 */
export function withWarmUp(steps: number, schedule: Schedule): Schedule {
  assertFunction('withWarmUp', 'schedule', schedule);
  if (steps === 0) return schedule;
  assertSteps('withWarmUp', 'steps', steps);
  return (step) => (step < steps ? ((step + 1) / (steps + 1)) * schedule(0) : schedule(step - steps));
}

function assertSteps(call: string, name: string, steps: number): void {
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new RangeError(`${call}: expected ${name} to be a whole number from 1 up, got ${steps}`);
}
