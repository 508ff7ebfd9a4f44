import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../../array/index.js';
import { decodeHistory } from '../../training/decode-history.js';
import { bestEntry, type ClassifierEntry, type History } from '../../training/history.js';
import { isThere } from '../data/folders.js';
import { parseRunConfig } from '../runs/read-config.js';
import type { RunConfig } from '../runs/run-config.js';
import { flagsOf } from '../runs/run-flags.js';
import { RUN_FILES, readJson } from '../runs/run-folder.js';
import { formatTime } from './statistics.js';

/** How a run was computed. The run's own files, which depend on the seed alone, do not say it. */
export interface Effort {
  /** The version of handgrad. */
  handgrad: string;
  engine: string;
  threads: number;
  /** How many runs of the experiment ran side by side. */
  jobs: number;
  /** From the first step to the last evaluation. For a resumed run, from where it continued. */
  seconds: number;
  /** The peak memory of the process in bytes. Absent in files of earlier versions. */
  peakMemory?: number;
  resumed: boolean;
}

/** A run of `handgrad train` that reached its last step. */
export interface MeasuredRun {
  name: string;
  config: RunConfig;
  effort: Effort;
  history: History<ClassifierEntry>;
  last: ClassifierEntry;
  /** The evaluation with the highest accuracy. */
  best: ClassifierEntry;
}

/** The file that marks the folder of a run as finished. Only experiments write it. */
export const EFFORT_FILE = 'effort.json';

/**
 * Reads the run in the folder `out`/`name`.
 *
 * @param config the settings that it must have
 * @returns undefined if there is no such run, it is not finished, or it has other settings
 */
export async function loadRunResult(out: string, name: string, config: RunConfig): Promise<MeasuredRun | undefined> {
  const folder = join(out, name);
  return orUndefined(async () => {
    const effort = await readJson(join(folder, EFFORT_FILE));
    const path = join(folder, RUN_FILES.history);
    const history = decodeHistory(await readJson(path), path);
    if (!(await hasSettings(folder, config)) || !isEffort(effort) || !isOfClassifier(history)) return undefined;
    if (!(await isThere(join(folder, RUN_FILES.model)))) return undefined;
    const [last, best] = [history.evaluations.at(-1), bestEntry(history)];
    if (!last || !best || last.step !== config.maxSteps) return undefined;
    return { name, config, effort, history, last, best };
  });
}

/** Reads every finished run in a folder, with any settings. */
export async function loadAllRunResults(out: string): Promise<MeasuredRun[]> {
  const results: MeasuredRun[] = [];
  for (const name of (await readdir(out)).sort()) {
    const path = join(out, name, RUN_FILES.config);
    if (!(await isThere(path))) continue;
    const result = await loadRunResult(out, name, parseRunConfig(await readJson(path), path));
    if (result) results.push(result);
  }
  return results;
}

/** The finished runs of each setting, without the settings that have none. */
export function groupRuns<Setting extends object>(
  settings: readonly Setting[],
  results: readonly MeasuredRun[],
  isOf: (setting: Setting, run: MeasuredRun) => boolean,
): (Setting & { runs: MeasuredRun[] })[] {
  return settings
    .map((setting) => ({ ...setting, runs: results.filter((run) => isOf(setting, run)) }))
    .filter(({ runs }) => runs.length > 0);
}

/** Whether the folder of a run holds a `config.json` with these settings. */
export async function hasSettings(folder: string, config: RunConfig): Promise<boolean> {
  const path = join(folder, RUN_FILES.config);
  const found = await orUndefined(async () => parseRunConfig(await readJson(path), path));
  return found !== undefined && isDeepStrictEqual({ ...found }, { ...config });
}

/** Undefined if a file is missing or is not what it should be. */
async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function isEffort(value: unknown): value is Effort {
  return typeof value === 'object' && value !== null && 'seconds' in value && 'engine' in value;
}

/** An experiment's runs have classes. */
function isOfClassifier(history: History): history is History<ClassifierEntry> {
  return history.evaluations.every(({ testAccuracy }) => testAccuracy !== undefined);
}

/** What `--json` prints of a run. */
export function runSummary({ name, config, effort, last, best }: MeasuredRun): object {
  return { name, seed: config.seed, ...effort, last, best };
}

/** The command that repeats a run with the same engine. */
export function runCommand({ config, effort }: MeasuredRun): string {
  return ['npx handgrad train', ...flagsOf(config), `--backend ${effort.engine} --threads ${effort.threads}`].join(' ');
}

/** The time of a run; a dash for a resumed one, whose full time is unknown. */
export function runTimeText({ effort }: MeasuredRun): string {
  return effort.resumed ? '–' : formatTime(effort.seconds);
}
