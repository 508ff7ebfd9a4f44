import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../array/index.js';
import { childRun, type RunSettings, type RunStep } from './child-run.js';
import { EFFORT_FILE, type Effort, type FinishedRun, finishedRun, isBegun, writeEffort } from './finished.js';
import { assertDistinct, type RunPlan, workOf } from './plan.js';

/** How the runs of an experiment are made. */
export interface RunsSettings extends RunSettings {
  /** The folder that their folders are in. */
  out: string;
  /** How many go side by side. */
  jobs: number;
  /** The version of handgrad. */
  version: string;
  /** Keep those that are finished, and go on with those that were begun. */
  resume: boolean;
  onKept?: (run: FinishedRun) => void;
  onStart?: (plan: RunPlan) => void;
  onStep?: (plan: RunPlan, step: RunStep) => void;
  onFinished?: (run: FinishedRun) => void;
  onFailed?: (plan: RunPlan, failure: string) => void;
}

/** A run that came to no end, and the sentence that says why. */
export interface FailedRun {
  name: string;
  failure: string;
}

/** What came of an experiment's runs. */
export interface RunsOutcome {
  /** In the order of the plans. */
  finished: FinishedRun[];
  failed: FailedRun[];
}

/**
 * Makes every run of an experiment, several side by side in processes of their own, the longest first so that none is
 * left over at the end. A run that fails is reported and the others go on; when the signal says stop, those that are
 * finished stay.
 */
export async function makeRuns(plans: readonly RunPlan[], settings: RunsSettings): Promise<RunsOutcome> {
  assertDistinct(plans);
  const finished = new Map<string, FinishedRun>();
  for (const plan of settings.resume ? plans : []) {
    const run = await finishedRun(settings.out, plan);
    if (run) finished.set(run.name, run);
    if (run) settings.onKept?.(run);
  }
  const failed: FailedRun[] = [];
  const waiting = plans.filter(({ name }) => !finished.has(name)).sort((a, b) => workOf(b) - workOf(a));
  const work = async () => {
    for (let plan = waiting.shift(); plan && !settings.signal.aborted; plan = waiting.shift()) {
      const made = await makeRun(plan, settings);
      if ('failure' in made) failed.push(made);
      else finished.set(made.name, made);
    }
  };
  await Promise.all(Array.from({ length: settings.jobs }, work));
  return { finished: plans.flatMap(({ name }) => finished.get(name) ?? []), failed };
}

async function makeRun(plan: RunPlan, settings: RunsSettings): Promise<FinishedRun | FailedRun> {
  const { out, onStart, onStep, onFinished, onFailed } = settings;
  const folder = join(out, plan.name);
  await rm(join(folder, EFFORT_FILE), { force: true });
  onStart?.(plan);
  const resume = settings.resume && (await isBegun(out, plan));
  const outcome = await childRun(plan, { folder, resume }, settings, (step) => onStep?.(plan, step));
  const run = 'document' in outcome ? await marked(plan, outcome.document, resume, settings) : outcome;
  if (!('failure' in run)) {
    onFinished?.(run);
    return run;
  }
  if (!settings.signal.aborted) onFailed?.(plan, run.failure);
  return { name: plan.name, failure: run.failure };
}

/** The run that a process says it has finished, marked so and read from its folder. */
async function marked(
  plan: RunPlan,
  document: unknown,
  resumed: boolean,
  { out, version, jobs }: RunsSettings,
): Promise<FinishedRun | { failure: string }> {
  const { engine, threads, seconds } = document as Pick<Effort, 'engine' | 'threads' | 'seconds'>;
  try {
    await writeEffort(join(out, plan.name), { handgrad: version, engine, threads, jobs, seconds, resumed });
  } catch (error) {
    return { failure: messageOf(error) };
  }
  return (await finishedRun(out, plan)) ?? { failure: 'it ended without the files of a finished run' };
}
