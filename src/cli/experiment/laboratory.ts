import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../array/index.js';
import { discardFolder, isThere, type MadeFolder, makeFolder } from '../../node/data/folders.js';
import { type RunPlan, sharing } from '../../node/experiments/plan.js';
import { makeRuns, type RunsOutcome } from '../../node/experiments/runs.js';
import { version } from '../../node/runs/version.js';
import { chooseBackend } from '../engine-options.js';
import { Console } from '../console.js';
import { loadWithProgress } from '../load-with-progress.js';
import { INTERRUPTED, stopSignal } from '../signals.js';
import { type ExperimentFlags, outFolder } from './options.js';
import { RunsProgress } from './runs-progress.js';

/** The program that `handgrad` is, for the processes of an experiment. */
export const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));

/** What came of the runs, where they are, and the exit code that this is worth. */
export interface LaboratoryOutcome extends RunsOutcome {
  folder: string;
  exitCode: 0 | 1 | typeof INTERRUPTED;
}

/**
 * Makes the runs of an experiment as its flags say, with progress on stderr: bad input is found before the first of them
 * begins.
 *
 * @throws InputError for an engine that is not here, a folder that cannot be written or holds such runs, and missing data
 */
export async function makeExperimentRuns(
  name: string,
  plans: readonly RunPlan[],
  flags: ExperimentFlags,
): Promise<LaboratoryOutcome> {
  const cores = availableParallelism();
  const { jobs, threads } = sharing(plans.length, { cores, memory: totalmem() }, flags);
  chooseBackend({ backend: flags.backend, threads: 1 });
  const progress = new RunsProgress(plans);
  const signal = stopSignal(() => progress.say('stopping; what is finished stays'));
  const made = await makeFolder(outFolder(name, flags));
  await provided(made, plans, flags, signal);
  progress.say(`${plans.length} run${plans.length === 1 ? '' : 's'} in ${made.folder}, ${jobs} at a time`);
  const outcome = await makeRuns(plans, {
    program: PROGRAM,
    flags: runFlags(flags, threads),
    out: made.folder,
    jobs,
    version: version(),
    resume: flags.resume,
    signal,
    onKept: (run) => progress.keep(run),
    onStart: (plan) => progress.start(plan),
    onStep: (plan, step) => progress.step(plan, step),
    onFinished: (run) => progress.finish(run),
    onFailed: (plan, failure) => progress.fail(plan, failure),
  });
  progress.close();
  if (signal.aborted) progress.say('interrupted; the same command with --resume makes the rest');
  const exitCode = signal.aborted ? INTERRUPTED : outcome.failed.length > 0 ? 1 : 0;
  return { ...outcome, folder: made.folder, exitCode };
}

/** Sees to it that data and folder are as the runs need them, or throws and leaves no empty folder. */
async function provided(made: MadeFolder, plans: readonly RunPlan[], flags: ExperimentFlags, signal: AbortSignal) {
  try {
    for (const plan of flags.resume || flags.force ? [] : plans) {
      if (await isThere(join(made.folder, plan.name)))
        throw new InputError(
          `${made.folder} holds ${plan.name} already; --resume keeps what is finished, --force writes over it`,
        );
    }
    for (const dataset of new Set(plans.map(({ config }) => config.dataset)))
      await loadWithProgress(new Console(true), { dataset, dataDir: flags.dataDir, signal });
    signal.throwIfAborted();
  } catch (error) {
    await discardFolder(made);
    throw error;
  }
}

/** The flags of a run's process that are not about its net. */
export function runFlags({ backend, dataDir }: ExperimentFlags, threads: number): string[] {
  const engine = ['--backend', backend, '--threads', String(threads)];
  return dataDir === undefined ? engine : [...engine, '--data-dir', dataDir];
}
