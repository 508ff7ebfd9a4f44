import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { modelKind } from '../../models/model-table.js';
import { DATASETS, type DatasetName, isDatasetName } from '../data/datasets.js';
import { modelSize, type RunConfig } from '../runs/run-config.js';
import { flagsOf } from '../runs/run-flags.js';
import { RUN_FILES, writeJson } from '../runs/run-folder.js';
import { testName } from '../runs/split.js';
import type { Job, JobEnvironment, JobPlace } from './job.js';
import { EFFORT_FILE, type Effort, hasSettings, loadRunResult, type MeasuredRun } from './run-result.js';

/**
 * A run of `handgrad train`. Its result is a run folder, the same as that of anyone who types its flags.
 *
 * A job may go on from the weights of another one, with a new optimizer. It starts when that one has finished.
 */
export class TrainJob implements Job<MeasuredRun> {
  readonly after?: string;

  constructor(
    readonly name: string,
    readonly config: RunConfig,
    private readonly from?: TrainJob,
  ) {
    this.after = from?.name;
  }

  get path(): string {
    return this.name;
  }

  get cost(): number {
    return trainingCost(this.config);
  }

  get dataset(): DatasetName {
    return namedDataset(this.config);
  }

  load(out: string): Promise<MeasuredRun | undefined> {
    return loadRunResult(out, this.name, this.configIn(out));
  }

  canResume(out: string): Promise<boolean> {
    return hasSettings(join(out, this.name), this.configIn(out));
  }

  clear(out: string): Promise<void> {
    return rm(join(out, this.name, EFFORT_FILE), { force: true });
  }

  command({ out, resume }: JobPlace): string[] {
    const folder = join(out, this.name);
    return ['train', ...(resume ? ['--resume', folder] : [...flagsOf(this.configIn(out)), '--out', folder, '--force'])];
  }

  async finish(out: string, document: unknown, { handgrad, jobs, resumed }: JobEnvironment): Promise<void> {
    const { engine, threads, seconds, peakMemory } = document as Effort;
    const effort: Effort = { handgrad, engine, threads, jobs, seconds, peakMemory, resumed };
    await writeJson(join(out, this.name, EFFORT_FILE), effort);
  }

  describe({ config, last, best }: MeasuredRun): string {
    const final = `${testName(config)} accuracy ${last.testAccuracy.toFixed(4)}`;
    return `${final}, best ${best.testAccuracy.toFixed(4)} at step ${best.step}`;
  }

  /** The settings in the folder of an experiment, where the weights are with which the run starts. */
  private configIn(out: string): RunConfig {
    return this.from ? { ...this.config, weights: join(out, this.from.name, RUN_FILES.model) } : this.config;
  }
}

/** The first seeds of 42, 0, 1, 2 and so on. 42 is the default of `handgrad train`. */
export function firstSeeds(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? 42 : i - 1));
}

/** The steps of a run with `--quick`. */
export const QUICK_STEPS = 4;

/** The same run in four steps, for `--quick`. A run with one evaluation still has one. */
export function shortened(config: RunConfig): RunConfig {
  const evalEvery = config.evalEvery < config.maxSteps ? 2 : QUICK_STEPS;
  return { ...config, maxSteps: QUICK_STEPS, evalEvery, warmup: Math.min(config.warmup, 1) };
}

/** The data set of an experiment's run, which always has a name. */
function namedDataset({ dataset }: RunConfig): DatasetName {
  if (!isDatasetName(dataset)) throw new Error(`expected a data set with a name, got ${dataset}`);
  return dataset;
}

/**
 * The estimated cost of a run, in floating-point operations of a fast matrix product. It is good enough to tell a run
 * of ten seconds from one of ten minutes, and to estimate the remaining time.
 */
export function trainingCost(config: RunConfig): number {
  const { model, batchSize, accumulate, maxSteps, evalEvery } = config;
  const dataset = namedDataset(config);
  const size = modelSize(dataset, config.labels);
  const { multiplications, elementwise } = modelKind(model).work(model, size);
  const update = 150 * modelKind(model).parameterCount(model, size);
  const step = batchSize * accumulate * (6 * multiplications + elementwise) + update;
  const evaluation = DATASETS[dataset].testImages * (2 * multiplications + elementwise / 2);
  return maxSteps * step + Math.ceil(maxSteps / evalEvery) * evaluation;
}
