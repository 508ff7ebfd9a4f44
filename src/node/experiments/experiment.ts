import { InputError } from '../../array/index.js';
import { isCount } from '../../models/setting.js';
import type { DatasetName } from '../data/datasets.js';
import type { LoadedSet } from '../data/loaded-set.js';
import type { Job } from './job.js';

/**
 * An experiment. `handgrad experiment NAME` derives its flags, its help, its work and its output from this object.
 */
export interface Experiment<Result> {
  name: string;
  /** One line, for lists. */
  summary: string;
  /** A paragraph, for the help. */
  description: string;
  /** How long it takes, and on which machine. */
  expected: string;
  /** Its flags, in addition to those of every experiment. */
  options: readonly ExperimentOption[];
  /** Run one job at a time by default, because the jobs measure time or memory. */
  oneAtATime?: boolean;
  /** What is to be computed. */
  jobs(options: ExperimentOptions): Job<Result>[];
  /** Loads every result that the report covers. Default: the results of the jobs. */
  load?(out: string, options: ExperimentOptions): Promise<Result[]>;
  /** Writes the report, unless there are no results, and says what the command prints. */
  report(results: readonly Result[], context: ReportContext): Promise<ExperimentReport>;
}

/** The values of an experiment's own flags. */
export interface ExperimentOptions {
  /** A few steps per job, to see that everything works. */
  quick: boolean;
  /** The number of seeds. */
  seeds?: number;
  /** The setups of Table 1, by number. */
  only?: readonly number[];
  /** Choose settings on held-out images. */
  validation?: boolean;
  /** Flags of `handgrad train` for candidates that are compared with the recipe. */
  try?: readonly string[];
  epochs?: number;
}

/** A flag of one experiment. */
export interface ExperimentOption {
  /** As the help shows it: `--seeds <n>`. */
  flags: `--${string}`;
  help: string;
  /** Makes a value of the text of the flag; not for a flag without a text. Throws an InputError with a sentence. */
  parse?(text: string, previous: unknown): unknown;
  default?: unknown;
  /** The default in words. */
  defaultText?: string;
}

/** What a report may use. */
export interface ReportContext {
  /** The folder of the experiment. */
  out: string;
  /** A sentence for the top of the report; empty for a full run. */
  warning: string;
  /** Whether the runs are those of `--quick`. */
  quick: boolean;
  /** Loads a data set. */
  loadData(dataset: DatasetName): Promise<LoadedSet>;
  /** Evaluates a run of the experiment on the test set, in a child process. */
  evaluate(run: string): Promise<{ accuracy: number; loss: number }>;
}

/** What an experiment found. */
export interface ExperimentReport {
  /** The files to open, by what they are, relative to the folder of the experiment; undefined if none was written. */
  files?: Readonly<Record<string, string>>;
  /** The results for the terminal, as a table with a header and as lines. */
  table?: readonly (readonly string[])[];
  /** The columns of the table that a narrow terminal can do without, the first to go first. */
  optional?: readonly number[];
  lines?: readonly string[];
  /** The part of the JSON document that is specific to the experiment. */
  document: object;
}

/**
 * `--seeds`.
 *
 * @param value the default, or its description if it depends on `--quick`
 */
export function seedsOption(help: string, value: number | string): ExperimentOption {
  const option = { flags: '--seeds <n>', help: `${help}, with the seeds 42, 0, 1, 2 …`, parse: parseCount } as const;
  if (typeof value === 'number') return { ...option, default: value };
  return { ...option, help: `${option.help} (default: ${value})` };
}

/** A whole number from 1 up. */
export function parseCount(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!isCount(value)) throw new InputError('Expected a whole number from 1 up.');
  return value;
}
