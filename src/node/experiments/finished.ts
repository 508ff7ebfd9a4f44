import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import { bestEntry, type History, type HistoryEntry } from '../../training/history.js';
import { isThere } from '../data/folders.js';
import { RUN_FILES, readJson, writeJson } from '../runs/run-folder.js';
import { parseConfig, type TrainConfig } from '../runs/train-config.js';
import type { RunPlan } from './plan.js';

/** What a run took, which its own files, the same for the same seed, do not say. */
export interface Effort {
  /** The version of handgrad. */
  handgrad: string;
  engine: string;
  threads: number;
  /** How many runs of the experiment went side by side. */
  jobs: number;
  /** From the first step to the last test, or of a run that was interrupted, from where it went on. */
  seconds: number;
  resumed: boolean;
}

/** A run that reached its last step. */
export interface FinishedRun {
  name: string;
  config: TrainConfig;
  effort: Effort;
  history: History;
  last: HistoryEntry;
  /** The look with the highest accuracy, of which the run is told only afterwards. */
  best: HistoryEntry;
}

/** The file that an experiment adds to a run's folder when the run has reached its last step. */
export const EFFORT_FILE = 'effort.json';

/** Marks a run as finished. */
export async function writeEffort(folder: string, effort: Effort): Promise<void> {
  await writeJson(join(folder, EFFORT_FILE), effort);
}

/**
 * The run in the folder `out`/`plan.name`, if it is finished and its settings are those of the plan; undefined if it is
 * not there, was interrupted, or is of other settings.
 */
export async function finishedRun(out: string, { name, config }: RunPlan): Promise<FinishedRun | undefined> {
  const folder = join(out, name);
  try {
    const effort = await readJson(join(folder, EFFORT_FILE));
    const history = await readJson(join(folder, RUN_FILES.history));
    const path = join(folder, RUN_FILES.config);
    const ran = parseConfig(await readJson(path), path);
    if (!sameSettings(ran, config) || !isEffort(effort) || !isHistory(history)) return undefined;
    if (!(await isThere(join(folder, RUN_FILES.model)))) return undefined;
    const [last, best] = [history.evaluations.at(-1), bestEntry(history)];
    if (!last || !best || last.step !== config.maxSteps) return undefined;
    return { name, config, effort, history, last, best };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Those of some runs that are finished, in their order. */
export async function finishedRuns(out: string, plans: readonly RunPlan[]): Promise<FinishedRun[]> {
  const runs = await Promise.all(plans.map((plan) => finishedRun(out, plan)));
  return runs.flatMap((run) => run ?? []);
}

/** Every finished run in a folder, whatever its settings. */
export async function everyFinishedRun(out: string): Promise<FinishedRun[]> {
  const plans: RunPlan[] = [];
  for (const name of (await readdir(out)).sort()) {
    const path = join(out, name, RUN_FILES.config);
    if (await isThere(path)) plans.push({ name, config: parseConfig(await readJson(path), path) });
  }
  return finishedRuns(out, plans);
}

/** Whether a run of these settings was begun in this folder, and can go on there. */
export async function isBegun(out: string, { name, config }: RunPlan): Promise<boolean> {
  const path = join(out, name, RUN_FILES.config);
  try {
    return sameSettings(parseConfig(await readJson(path), path), config);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function sameSettings(a: TrainConfig, b: TrainConfig): boolean {
  const text = (config: TrainConfig) => JSON.stringify(Object.entries(config).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}

function isEffort(value: unknown): value is Effort {
  return typeof value === 'object' && value !== null && 'seconds' in value && 'engine' in value;
}

function isHistory(value: unknown): value is History {
  return typeof value === 'object' && value !== null && 'evaluations' in value && Array.isArray(value.evaluations);
}
