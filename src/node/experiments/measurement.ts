import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backend, InputError, threads } from '../../array/index.js';
import type { DatasetName } from '../data/datasets.js';
import type { LoadedSet } from '../data/loaded-set.js';
import { readJson, writeJson } from '../runs/run-folder.js';
import { version } from '../runs/version.js';
import type { Job, JobPlace } from './job.js';

/** What a measurement may use. */
export interface MeasurementContext {
  /** Loads the real CIFAR-10. */
  cifar10(): Promise<LoadedSet>;
  /** Reports progress and yields to the event loop. Throws if the measurement is to stop. */
  onStep(step: number, steps: number): Promise<void>;
}

/** A measurement before it runs. */
export interface MeasurementPlan<Value> {
  /** The name of its file. */
  name: string;
  /** Everything that the value depends on. A file with other settings is computed again. */
  settings: Readonly<Record<string, unknown>>;
  /** The estimated cost, relative to the other measurements. */
  cost: number;
  /** The measurement whose value this one starts from. */
  after?: Measurement<Value>;
  /** @param before the value of `after` */
  measure(context: MeasurementContext, before?: Value): Promise<Value>;
}

/** The file of a measurement. */
export interface MeasurementFile<Value> {
  name: string;
  settings: Readonly<Record<string, unknown>>;
  /** The version of handgrad. */
  handgrad: string;
  engine: string;
  threads: number;
  /** From the first step to the last. */
  seconds: number;
  result: Value;
}

/** The folder of the files, in the folder of the experiment. */
const FOLDER = 'parts';

/** A function of an experiment that runs in a child process and keeps its value as one JSON file. */
export class Measurement<Value> implements Job<MeasurementFile<Value>> {
  readonly name: string;
  readonly cost: number;
  readonly dataset: DatasetName = 'cifar10';
  readonly after?: string;

  constructor(private readonly plan: MeasurementPlan<Value>) {
    this.name = plan.name;
    this.cost = plan.cost;
    this.after = plan.after?.name;
  }

  get path(): string {
    return join(FOLDER, `${this.name}.json`);
  }

  async load(out: string): Promise<MeasurementFile<Value> | undefined> {
    try {
      const file = await readJson(join(out, this.path));
      return this.isOwnFile(file) ? file : undefined;
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  async canResume(): Promise<boolean> {
    return false;
  }

  clear(out: string): Promise<void> {
    return rm(join(out, this.path), { force: true });
  }

  command({ out, experiment, flags }: JobPlace): string[] {
    return ['experiment', experiment, '--measure', this.name, '--out', out, ...flags];
  }

  /** Nothing to do: the child process wrote the file. */
  async finish(): Promise<void> {}

  describe(): string {
    return 'measured';
  }

  /** Computes the value in this process and writes its file. */
  async measure(out: string, context: MeasurementContext): Promise<MeasurementFile<Value>> {
    const { after } = this.plan;
    const before = await after?.load(out);
    if (after && !before)
      throw new InputError(`${this.name} needs the result of ${after.name}, which is not in ${out}`);
    const started = performance.now();
    const result = await this.plan.measure(context, before?.result);
    const seconds = (performance.now() - started) / 1000;
    const { name, settings } = this.plan;
    const file = { name, settings, handgrad: version(), engine: backend(), threads: threads(), seconds, result };
    await this.save(out, file);
    return file;
  }

  async save(out: string, file: MeasurementFile<Value>): Promise<void> {
    await mkdir(join(out, FOLDER), { recursive: true });
    await writeJson(join(out, this.path), file);
  }

  private isOwnFile(value: unknown): value is MeasurementFile<Value> {
    const { name, settings } = this.plan;
    if (typeof value !== 'object' || value === null || !('result' in value) || !('settings' in value)) return false;
    return 'name' in value && value.name === name && JSON.stringify(value.settings) === JSON.stringify(settings);
  }
}

/** What `--json` prints of a measurement. */
export function measurementSummary({ name, engine, threads, seconds }: MeasurementFile<unknown>): object {
  return { name, engine, threads, seconds };
}
