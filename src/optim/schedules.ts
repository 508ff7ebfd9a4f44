/**
 * The share of the full learning rate that a step gets, with steps counted from 0. The rate itself is
 * `learningRate * schedule(step)`.
 */
export type Schedule = (step: number) => number;

/** The full rate at every step. */
export function constantSchedule(): Schedule {
  return () => 1;
}

/**
 * The rate is multiplied by `factor` after every `every` steps: $\texttt{factor}^{\lfloor t / \texttt{every} \rfloor}$
 * at step $t$. Large steps get far, small ones get close.
 *
 * @param every steps from one drop to the next
 * @param factor what the rate is multiplied by at each drop
 * @throws RangeError unless `every` is a whole number from 1 up and `factor` a number above 0, at most 1
 */
export function stepSchedule(every: number, factor: number): Schedule {
  assertSteps('stepSchedule', 'every', every);
  if (!(factor > 0 && factor <= 1))
    throw new RangeError(`stepSchedule: expected factor to be above 0 and at most 1, got ${factor}`);
  return (step) => factor ** Math.floor(step / every);
}

/**
 * Half a cosine from 1 down to `last` over $T$ `steps`, and `last` from there on (Loshchilov and Hutter 2017, arXiv
 * 1608.03983, equation 5, without restarts):
 *
 * $$ \texttt{last} + \tfrac12\, (1 - \texttt{last}) \Big( 1 + \cos \frac{\pi t}{T} \Big) . $$
 *
 * @param steps T, usually all steps of the run, less those of a warm-up
 * @param last the share at the end, 0 without
 * @throws RangeError unless `steps` is a whole number from 1 up and `last` from 0 to 1
 */
export function cosineSchedule(steps: number, last = 0): Schedule {
  assertSteps('cosineSchedule', 'steps', steps);
  if (!(last >= 0 && last <= 1)) throw new RangeError(`cosineSchedule: expected last to be from 0 to 1, got ${last}`);
  return (step) => last + ((1 - last) / 2) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
}

/**
 * Puts $W$ `steps` of warm-up before another schedule, which then begins at its own step 0: the share grows in a
 * straight line, $(t + 1)/(W + 1)$, so that the first step is not 0 and step $W$ has the full rate. While weights are
 * as they were drawn, and Adam's means hold few gradients yet, a full step would lead astray (Goyal et al. 2017, arXiv
 * 1706.02677, section 2.2).
 *
 * @param steps W; with 0 the schedule is returned as it is
 * @param schedule what follows the warm-up
 * @throws RangeError unless `steps` is a whole number from 0 up
 */
export function withWarmUp(steps: number, schedule: Schedule): Schedule {
  if (steps === 0) return schedule;
  assertSteps('withWarmUp', 'steps', steps);
  return (step) => (step < steps ? ((step + 1) / (steps + 1)) * schedule(0) : schedule(step - steps));
}

function assertSteps(call: string, name: string, steps: number): void {
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new RangeError(`${call}: expected ${name} to be a whole number from 1 up, got ${steps}`);
}
