import { resolve } from 'node:path';
import { InputError } from '../../array/index.js';
import { isThere } from '../data/folders.js';
import type { Experiment, ExperimentOption, ExperimentOptions } from './experiment.js';
import { type FailedJob, type Job, loadResults } from './job.js';
import {
  type ExperimentOutcome,
  type ExperimentSettings,
  experimentFolder,
  reportOn,
  runSome,
} from './run-experiment.js';

/** A part of an experiment as a command line, for a machine of a batch system. */
export interface PlannedPart {
  name: string;
  /** The part that has to be finished before. */
  after?: string;
  /** The words of the command, beginning with `experiment`. */
  args: string[];
}

/**
 * The parts of an experiment, each as a command that computes it alone. A part comes after the one that it needs.
 *
 * @param shared the flags that do not choose parts: engine, threads, folder of the data
 */
export function planExperiment(
  experiment: Experiment<unknown>,
  options: ExperimentOptions,
  out: string,
  shared: readonly string[],
): PlannedPart[] {
  const jobs = experiment.jobs(options);
  const depth = ({ after }: Job<unknown>): number => (after === undefined ? 0 : 1 + depth(jobNamed(jobs, after)));
  const own = [...flagsOfOptions(experiment.options, options), ...(options.quick ? ['--quick'] : [])];
  return [...jobs]
    .sort((a, b) => depth(a) - depth(b))
    .map(({ name, after }) => ({
      name,
      after,
      args: ['experiment', experiment.name, ...own, '--out', out, ...shared, '--part', name],
    }));
}

/**
 * Computes one part in the folder of the experiment. A finished part is kept, and one that was begun goes on.
 *
 * @throws InputError if there is no such part, or the part that it needs is not finished
 */
export async function runPart(
  experiment: Experiment<unknown>,
  part: string,
  options: ExperimentOptions,
  settings: ExperimentSettings,
): Promise<{ folder: string; failed: FailedJob[] }> {
  const jobs = experiment.jobs(options);
  const job = jobs.find(({ name }) => name === part);
  if (!job) throw new InputError(`--part ${part}: ${experiment.name} has no such part; --plan lists all of them`);
  const needed = job.after === undefined ? [] : [jobNamed(jobs, job.after)];
  const out = resolve(experimentFolder(experiment.name, { ...settings, quick: options.quick }));
  for (const before of needed) {
    if ((await before.load(out)) === undefined)
      throw new InputError(`--part ${part} needs the result of --part ${before.name}, which is not in ${out}`);
  }
  return runSome(experiment, [...needed, job], options, { ...settings, resume: true });
}

/**
 * Writes the report on the finished parts in a folder.
 *
 * @returns also the names of the parts that are not finished
 * @throws InputError if none is
 */
export async function collectExperiment<Result>(
  experiment: Experiment<Result>,
  given: string,
  options: ExperimentOptions,
  settings: ExperimentSettings,
): Promise<ExperimentOutcome & { missing: string[] }> {
  const folder = resolve(given);
  if (!(await isThere(folder))) throw new InputError(`--collect ${given}: there is no such folder`);
  const jobs = experiment.jobs(options);
  const found = await Promise.all(jobs.map(async (job) => ({ name: job.name, result: await job.load(folder) })));
  const missing = found.flatMap(({ name, result }) => (result === undefined ? [name] : []));
  if (missing.length === jobs.length)
    throw new InputError(`--collect ${given}: it has no finished part of ${experiment.name} with these settings`);
  const results = experiment.load ? await experiment.load(folder, options) : await loadResults(folder, jobs);
  return { folder, report: await reportOn(experiment, results, folder, options, settings), failed: [], missing };
}

/** The flags that an experiment's own options stand for. */
function flagsOfOptions(known: readonly ExperimentOption[], options: ExperimentOptions): string[] {
  return known.flatMap(({ flags }) => {
    const [flag] = flags.split(' ');
    const value: unknown = options[flag.slice(2) as keyof ExperimentOptions];
    if (value === undefined || value === false) return [];
    if (value === true) return [flag];
    if (!Array.isArray(value)) return [flag, String(value)];
    return typeof value[0] === 'number' ? [flag, value.join(',')] : value.flatMap((one) => [flag, one]);
  });
}

function jobNamed<Result>(jobs: readonly Job<Result>[], wanted: string): Job<Result> {
  const job = jobs.find(({ name }) => name === wanted);
  if (!job) throw new Error(`there is no job ${wanted}`);
  return job;
}
