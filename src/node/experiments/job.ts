import { InputError } from '../../array/index.js';
import type { DatasetName } from '../data/datasets.js';

/** How far a job is, as its child process reports it. */
export interface JobStep {
  step: number;
  maxSteps: number;
}

/** What the command line of a job depends on. */
export interface JobPlace {
  /** The folder of the experiment. */
  out: string;
  /** The name of the experiment. */
  experiment: string;
  /** The flags of the experiment that choose its jobs. */
  flags: readonly string[];
  /** Continue from what an earlier process left behind. */
  resume: boolean;
}

/** How a job was computed: what its own files do not say. */
export interface JobEnvironment {
  /** The version of handgrad. */
  handgrad: string;
  /** How many jobs ran side by side. */
  jobs: number;
  /** Whether the job continued from an earlier process. */
  resumed: boolean;
}

/** One computation of an experiment. It runs in a child process and keeps its result in a file. */
export interface Job<Result> {
  /** Unique within the experiment. */
  readonly name: string;
  /** The file or folder of the result, relative to the folder of the experiment. */
  readonly path: string;
  /** The estimated cost, relative to the other jobs of the experiment. */
  readonly cost: number;
  /** The data set that it reads. */
  readonly dataset: DatasetName;
  /** The name of the job whose result it needs. It starts when that one has finished. */
  readonly after?: string;
  /** The finished result; undefined if it is missing, incomplete, or was computed with other settings. */
  load(out: string): Promise<Result | undefined>;
  /** Whether an earlier process began this job with the same settings, so that a new one can continue. */
  canResume(out: string): Promise<boolean>;
  /** Marks the job as unfinished before it starts. */
  clear(out: string): Promise<void>;
  /** The arguments of the `handgrad` command that computes the result. */
  command(place: JobPlace): string[];
  /** Marks the job as finished, after its process printed this document. */
  finish(out: string, document: unknown, environment: JobEnvironment): Promise<void>;
  /** One line about a result, such as `test accuracy 0.4837`. */
  describe(result: Result): string;
}

/** A job without a result, and why. */
export interface FailedJob {
  name: string;
  failure: string;
}

/** The finished results of some jobs, in their order. */
export async function loadResults<Result>(out: string, jobs: readonly Job<Result>[]): Promise<Result[]> {
  const results = await Promise.all(jobs.map((job) => job.load(out)));
  return results.flatMap((result) => result ?? []);
}

/** @throws InputError if two jobs have the same name and would write to the same place */
export function assertDistinctNames(jobs: readonly { name: string }[]): void {
  const names = jobs.map(({ name }) => name);
  const duplicate = names.find((name, i) => names.indexOf(name) < i);
  if (duplicate !== undefined) throw new InputError(`two jobs have the name ${duplicate}`);
}
