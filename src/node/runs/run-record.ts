import { join } from 'node:path';
import { backend, backendDescription, InputError, threads } from '../../array/index.js';
import { type CheckpointEvery, isCheckpointEvery } from './checkpointer.js';
import { ENGINES, type Engine } from './engines.js';
import { RUN_FILES, readJson, writeJson } from './run-folder.js';
import { isCount } from './setting-values.js';
import { parseConfig, type TrainConfig } from './train-config.js';
import { version } from './version.js';

/** What computes a run, beside its settings: where it differs, the last bits of the results may. */
export interface Environment {
  handgrad: string;
  engine: Engine;
  engineVersion: string;
  threads: number;
  node: string;
  platform: string;
}

/** What a run's `config.json` holds: its settings, and all that is needed to go on with it. */
export interface RunRecord {
  config: TrainConfig;
  checkpointEvery: CheckpointEvery;
  /** Where `--data-dir` said that the data are. */
  dataDir?: string;
  environment: Environment;
  /** Other environments that the run was in before, each with the step until which it was. */
  earlier: unknown[];
}

/** The environment of this process. */
export function environment(): Environment {
  return {
    handgrad: version(),
    engine: backend(),
    engineVersion: backendDescription(),
    threads: threads(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** What of an environment has changed in a way that may change bits: `node was v20.1.0 and is v22.0.0`. */
export function changesThatShow(before: Environment, now: Environment): string[] {
  // The threads of a BLAS cut sums; those of wasm never do, and the reference has but one.
  const silent = now.engine !== 'blas' ? 'threads' : undefined;
  return Object.entries(now).flatMap(([name, value]) => {
    const was = new Map(Object.entries(before)).get(name);
    return was === value || name === silent ? [] : [`${name} was ${was} and is ${value}`];
  });
}

/** Writes `config.json`. */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  const { config, environment, checkpointEvery, dataDir, earlier } = record;
  const past = earlier.length > 0 ? { earlier } : {};
  await writeJson(join(folder, RUN_FILES.config), { ...config, ...environment, checkpointEvery, dataDir, ...past });
}

/**
 * Reads `config.json`.
 *
 * @throws InputError that names the file and the first entry that is missing or of the wrong kind
 */
export async function readRecord(folder: string): Promise<RunRecord> {
  const path = join(folder, RUN_FILES.config);
  const json = await readJson(path);
  const config = parseConfig(json, path);
  const found = new Map(Object.entries(typeof json === 'object' && json ? json : {}));
  const entry = <T>(name: string, valid: (value: unknown) => value is T, fallback?: T): T => {
    const value: unknown = found.get(name) ?? fallback;
    if (!valid(value)) throw new InputError(`${path} has no valid '${name}': ${JSON.stringify(value) ?? 'missing'}`);
    return value;
  };
  const text = (name: string) => entry(name, (value) => typeof value === 'string', 'unknown');
  return {
    config,
    checkpointEvery: entry('checkpointEvery', isCheckpointEvery, 'minute'),
    dataDir: entry('dataDir', (value) => value === undefined || typeof value === 'string'),
    environment: {
      handgrad: text('handgrad'),
      engine: entry('engine', (value): value is Engine => ENGINES.some((name) => name === value)),
      engineVersion: text('engineVersion'),
      threads: entry('threads', isCount),
      node: text('node'),
      platform: text('platform'),
    },
    earlier: entry('earlier', (value) => Array.isArray(value), []),
  };
}
