import type { RunOutcome, RunStep } from './child-run.js';
import { finishedPart, type Part, type PartFile } from './parts.js';
import type { FailedRun } from './runs.js';

/** How the parts of an experiment are made. */
export interface PartsSettings {
  out: string;
  /** How many go side by side. */
  jobs: number;
  /** Keep those that are finished. */
  resume: boolean;
  signal: AbortSignal;
  /** Makes one in a process of its own. */
  run: (name: string, onStep: (step: RunStep) => void) => Promise<RunOutcome>;
  say: (line: string) => void;
}

/**
 * Makes every part of an experiment, several side by side in processes of their own, the longest first. A part that fails is
 * reported and the others go on.
 */
export async function makeParts<Result>(
  parts: readonly Part<Result>[],
  settings: PartsSettings,
): Promise<{ finished: PartFile<Result>[]; failed: FailedRun[] }> {
  const { out, jobs, resume, signal, run, say } = settings;
  const finished = new Map<string, PartFile<Result>>();
  for (const part of resume ? parts : []) {
    const file = await finishedPart(out, part);
    if (file) finished.set(part.name, file);
    if (file) say(`${part.name}: kept`);
  }
  const failed: FailedRun[] = [];
  const waiting = parts.filter(({ name }) => !finished.has(name)).sort((a, b) => b.work - a.work);
  const make = async (part: Part<Result>) => {
    say(`${part.name}: begins`);
    const outcome = await run(part.name, sayTenths(part.name, say));
    const file = 'failure' in outcome ? undefined : await finishedPart(out, part);
    if (file) {
      finished.set(part.name, file);
      say(`${part.name}: done after ${file.seconds.toFixed(0)} s; ${finished.size} of ${parts.length} parts`);
      return;
    }
    const failure = 'failure' in outcome ? outcome.failure : 'it ended without its file';
    failed.push({ name: part.name, failure });
    if (!signal.aborted) say(`${part.name}: FAILED, ${failure}`);
  };
  const work = async () => {
    for (let part = waiting.shift(); part && !signal.aborted; part = waiting.shift()) await make(part);
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return { finished: parts.flatMap(({ name }) => finished.get(name) ?? []), failed };
}

/** A line at every tenth of a part, at most one in ten seconds. */
function sayTenths(name: string, say: (line: string) => void): (step: RunStep) => void {
  let [tenth, last] = [0, performance.now()];
  return ({ step, maxSteps }) => {
    const reached = Math.floor((10 * step) / maxSteps);
    if (reached === tenth || performance.now() - last < 10_000) return;
    [tenth, last] = [reached, performance.now()];
    say(`${name}: step ${step}/${maxSteps}`);
  };
}
