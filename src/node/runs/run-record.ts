import { join } from 'node:path';
import { assertText, backend, backendDescription, ENGINE_NAMES, type EngineName, threads } from '../../array/index.js';
import { invalidEntry } from '../../models/read-settings.js';
import { isCount } from '../../models/setting.js';
import { isNetData, type NetData } from '../../training/trained-net.js';
import { type CheckpointEvery, isCheckpointEvery } from './checkpointer.js';
import { parseRunConfig } from './read-config.js';
import type { RunConfig } from './run-config.js';
import { RUN_FILES, readJson, writeJson } from './run-folder.js';
import { version } from './version.js';

/** What computes a run. In another environment, the last bits of the results may differ. */
export interface Environment {
  /** The version of handgrad. */
  handgrad: string;
  /** The engine of the array operations. */
  engine: EngineName;
  /** What the engine is, such as the name of a BLAS. */
  engineVersion: string;
  /** The number of threads of the engine. */
  threads: number;
  /** The version of Node. */
  node: string;
  /** The operating system and the processor architecture. */
  platform: string;
}

/** What the `config.json` of a run holds: its settings, and what is needed to resume it. */
export interface RunRecord {
  /** The settings. */
  config: RunConfig;
  /** When checkpoints are written. */
  checkpointEvery: CheckpointEvery;
  /** What the net is trained on. A run of an earlier version has none before it is resumed. */
  data?: NetData;
  /** The folder of the data that `--data-dir` named. */
  dataDir?: string;
  /** What computes the run. */
  environment: Environment;
  /** Earlier environments of the run, each with the step at which it ended. */
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

/** The changes of an environment that may change bits: `node was v20.1.0 and is v22.0.0`. */
export function changesOfBits(before: Environment, now: Environment): string[] {
  // A BLAS splits sums between its threads. The wasm engine does not, and the reference engine has one thread.
  const harmless = now.engine !== 'blas' ? 'threads' : undefined;
  return Object.entries(now).flatMap(([name, value]) => {
    const was = new Map(Object.entries(before)).get(name);
    return was === value || name === harmless ? [] : [`${name} was ${was} and is ${value}`];
  });
}

/** Writes `config.json`. */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  const { config, data, environment, checkpointEvery, dataDir, earlier } = record;
  const past = earlier.length > 0 ? { earlier } : {};
  await writeJson(join(folder, RUN_FILES.config), {
    ...config,
    data,
    ...environment,
    checkpointEvery,
    dataDir,
    ...past,
  });
}

/**
 * Reads `config.json`.
 *
 * @throws InputError that names the file and the first entry that is missing or not valid
 */
export async function readRecord(folder: string): Promise<RunRecord> {
  assertText('readRecord', 'folder', folder);
  const path = join(folder, RUN_FILES.config);
  const json = await readJson(path);
  const config = parseRunConfig(json, path);
  const found = new Map(Object.entries(typeof json === 'object' && json ? json : {}));
  const entry = <T>(name: string, valid: (value: unknown) => value is T, fallback?: T): T => {
    const value: unknown = found.get(name) ?? fallback;
    if (!valid(value)) throw invalidEntry(path, name, value);
    return value;
  };
  const text = (name: string) => entry(name, (value) => typeof value === 'string', 'unknown');
  return {
    config,
    data: netDataIn(json, path),
    checkpointEvery: entry('checkpointEvery', isCheckpointEvery, 'minute'),
    dataDir: entry('dataDir', (value) => value === undefined || typeof value === 'string'),
    environment: {
      handgrad: text('handgrad'),
      engine: entry('engine', (value): value is EngineName => ENGINE_NAMES.some((name) => name === value)),
      engineVersion: text('engineVersion'),
      threads: entry('threads', isCount),
      node: text('node'),
      platform: text('platform'),
    },
    earlier: entry('earlier', (value) => Array.isArray(value), []),
  };
}

/**
 * What the net of a `config.json` is trained on, or undefined if an earlier version wrote the file.
 *
 * @throws InputError that names the file
 */
export function netDataIn(json: unknown, path: string): NetData | undefined {
  const data = typeof json === 'object' && json !== null && 'data' in json ? json.data : undefined;
  if (data === undefined || isNetData(data)) return data;
  throw invalidEntry(path, 'data', data);
}
