import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import type { DatasetName } from '../data/datasets.js';
import { discardFolder, isThere, type MadeFolder, makeFolder } from '../data/folders.js';
import type { LoadedSet } from '../data/loaded-set.js';
import { version } from '../runs/version.js';
import { runChild } from './child-process.js';
import type { Experiment, ExperimentOptions, ExperimentReport } from './experiment.js';
import { assertDistinctNames, type FailedJob, type Job, loadResults } from './job.js';
import { parallelism } from './parallelism.js';
import { type JobListener, runJobs } from './scheduler.js';

/** How an experiment runs. */
export interface ExperimentSettings {
  /** The folder for results and report. Default: `runs/NAME`, or `runs/NAME-quick`. */
  out?: string;
  /** Jobs side by side, and threads of each. Default: what the machine can take. */
  jobs?: number;
  threads?: number;
  /** The engine of the matrix products, and the folder of the data set. */
  backend: string;
  dataDir?: string;
  /** Keep finished jobs and continue those that were begun; or overwrite them. */
  resume: boolean;
  force: boolean;
  /** The path of the `handgrad` program. */
  program: string;
  signal: AbortSignal;
  /** Loads a data set: before the first job starts, to make sure that it is there, and for pictures of a report. */
  loadData(dataset: DatasetName): Promise<LoadedSet>;
  /** Is told once when the jobs are about to start, and returns the listener of the jobs. */
  onReady?(jobs: readonly Job<unknown>[], folder: string, sideBySide: number): JobListener<unknown>;
}

/** What an experiment came to. */
export interface ExperimentOutcome {
  folder: string;
  report: ExperimentReport;
  failed: FailedJob[];
}

/** The folder that an experiment writes to by default. */
export function experimentFolder(name: string, { out, quick }: { out?: string; quick: boolean }): string {
  return out ?? join('runs', quick ? `${name}-quick` : name);
}

/**
 * Runs the jobs of an experiment and writes its report.
 *
 * @throws InputError for data that are missing, and for a folder that cannot be written or already holds the results
 */
export async function runExperiment<Result>(
  experiment: Experiment<Result>,
  options: ExperimentOptions,
  settings: ExperimentSettings,
): Promise<ExperimentOutcome> {
  const jobs = experiment.jobs(options);
  const { folder, failed } = await runSome(experiment, jobs, options, settings);
  const results = experiment.load ? await experiment.load(folder, options) : await loadResults(folder, jobs);
  return { folder, report: await reportOn(experiment, results, folder, options, settings), failed };
}

/** Runs some jobs of an experiment in its folder. */
export async function runSome<Result>(
  { name, oneAtATime }: Experiment<Result>,
  jobs: readonly Job<Result>[],
  { quick, seeds }: ExperimentOptions,
  settings: ExperimentSettings,
): Promise<{ folder: string; failed: FailedJob[] }> {
  const { program, signal, resume } = settings;
  assertDistinctNames(jobs);
  const made = await makeFolder(experimentFolder(name, { ...settings, quick }));
  await prepare(made, jobs, settings);
  const machine = { cores: availableParallelism(), memory: totalmem() };
  const share = parallelism(jobs.length, machine, oneAtATime ? { ...settings, jobs: settings.jobs ?? 1 } : settings);
  const out = made.folder;
  const { failed } = await runJobs(jobs, {
    out,
    experiment: name,
    flags: [...(quick ? ['--quick'] : []), ...(seeds === undefined ? [] : ['--seeds', String(seeds)])],
    jobs: share.jobs,
    resume,
    version: version(),
    signal,
    run: (args, onStep) => runChild([...args, ...childFlags(settings, share.threads)], { program, signal }, onStep),
    listener: settings.onReady?.(jobs, out, share.jobs),
  });
  return { folder: out, failed };
}

/** Writes the report on some results. */
export function reportOn<Result>(
  { report }: Experiment<Result>,
  results: readonly Result[],
  out: string,
  { quick }: ExperimentOptions,
  settings: ExperimentSettings,
): Promise<ExperimentReport> {
  return report(results, {
    out,
    warning: quick ? QUICK_WARNING : '',
    quick,
    loadData: settings.loadData,
    evaluate: (run) => evaluateRun(join(out, run), settings),
  });
}

const QUICK_WARNING = 'Made with --quick: a few steps per run. These figures mean nothing.';

/** Checks the folder and the data. If one is not as the jobs need it, throws and leaves no empty folder behind. */
async function prepare(made: MadeFolder, jobs: readonly Job<unknown>[], settings: ExperimentSettings): Promise<void> {
  const { resume, force, signal, loadData } = settings;
  try {
    for (const job of resume || force ? [] : jobs) {
      if (await isThere(join(made.folder, job.path)))
        throw new InputError(
          `${made.folder} already holds ${job.name}; --resume keeps finished results, --force overwrites them`,
        );
    }
    for (const dataset of new Set(jobs.map((job) => job.dataset))) await loadData(dataset);
    signal.throwIfAborted();
  } catch (error) {
    await discardFolder(made);
    throw error;
  }
}

/** The flags of a child process that do not change what it computes. */
function childFlags({ backend, dataDir }: ExperimentSettings, threads: number): string[] {
  const flags = ['--backend', backend, '--threads', String(threads), '--json'];
  return dataDir === undefined ? flags : [...flags, '--data-dir', dataDir];
}

async function evaluateRun(run: string, settings: ExperimentSettings): Promise<{ accuracy: number; loss: number }> {
  const outcome = await runChild(['evaluate', run, ...childFlags(settings, 1)], { program: settings.program });
  if ('failure' in outcome) throw new InputError(`${run} cannot be evaluated: ${outcome.failure}`);
  const { testAccuracy, testLoss } = outcome.document as { testAccuracy: number; testLoss: number };
  return { accuracy: testAccuracy, loss: testLoss };
}
