import { InputError } from '../../array/index.js';
import { DATASETS, inputsOf } from '../data/datasets.js';
import type { TrainConfig } from '../runs/train-config.js';

/** A run that an experiment is made of: a run folder's name, and the settings of `handgrad train` that fill it. */
export interface RunPlan {
  name: string;
  config: TrainConfig;
}

/** The files of an experiment's report, beside the folders of its runs. */
export const REPORT_FILES = { markdown: 'report.md', page: 'index.html' } as const;

/** The seeds of the documented runs: 42, which is the default, then 0, 1, 2 and so on. */
export function firstSeeds(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? 42 : i - 1));
}

/** The same run with so few steps that it shows no more than that everything works; one that is tested once still is. */
export function shortened(config: TrainConfig): TrainConfig {
  const evalEvery = config.evalEvery < config.maxSteps ? 2 : 4;
  return { ...config, maxSteps: 4, evalEvery, warmup: Math.min(config.warmup, 1) };
}

/**
 * About how much work a run is, in floating-point operations of a fast matrix product: good enough to tell a run of ten
 * seconds from one of ten minutes, and to guess how long the rest of them takes.
 */
export function workOf({ config }: RunPlan): number {
  const { dataset, hidden, norm, batchSize, accumulate, maxSteps, evalEvery } = config;
  const widths = [inputsOf(dataset), ...hidden, DATASETS[dataset].classes.length];
  const weights = widths.slice(1).reduce((total, width, i) => total + width * widths[i], 0);
  const units = widths.reduce((total, width) => total + width, 0);
  const elementwise = (norm === 'none' ? 500 : 1500) * units; // about as long as so many operations of a product
  const step = batchSize * accumulate * (6 * weights + elementwise) + 150 * weights;
  const look = DATASETS[dataset].testImages * (2 * weights + elementwise / 2);
  return maxSteps * step + Math.ceil(maxSteps / evalEvery) * look;
}

/**
 * How many runs go side by side, and on how many threads each. One thread a run comes first: two runs of one thread each
 * were measured to take 0.6 to 0.75 of the time of one after the other on two threads, for small nets and large ones.
 *
 * @param wanted the number of runs side by side; without, one a core, as far as there are runs and memory
 */
export function sharing(
  runs: number,
  machine: { cores: number; memory: number },
  wanted: { jobs?: number; threads?: number },
): { jobs: number; threads: number } {
  const fitting = Math.max(1, Math.floor(machine.memory / BYTES_A_RUN));
  const jobs = Math.max(1, Math.min(wanted.jobs ?? Math.min(machine.cores, fitting), runs));
  return { jobs, threads: wanted.threads ?? Math.max(1, Math.floor(machine.cores / jobs)) };
}

/** Memory that a run is given: it takes 350 to 700 MB, by its net. */
const BYTES_A_RUN = 2 ** 30;

/** @throws InputError when two runs would share a folder */
export function assertDistinct(plans: readonly RunPlan[]): void {
  const names = plans.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`two runs are called ${twice}`);
}
