import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Checkpoint, decodeCheckpoint } from '../../src/node/runs/checkpoint.js';
import type { PartialRunConfig } from '../../src/node/runs/run-config.js';
import { node, type Outcome, type Spawned } from './command.js';

const script = fileURLToPath(new URL('tiny-run.mjs', import.meta.url));

/** What `tiny-run.mjs` is told; there it says what each means. */
export interface TinyRun {
  config: PartialRunConfig;
  every: number | 'minute' | 'none';
  killAt?: number;
  killAtWrite?: number;
  nobody?: boolean;
}

/** Begins a small run in a folder, or goes on with the one that it holds. */
export function tinyRun(folder: string, run: TinyRun, spawned: Spawned = {}): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  return node([script, folder, JSON.stringify(run)], '.', spawned);
}

/** The results of a run whose bytes do not depend on how often it was stopped. */
export function resultsOf(folder: string): Record<string, string> {
  const files = ['history.json', 'model.npz'];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file)).toString('base64')]));
}

/** The steps of a run's checkpoints, each of them verified. */
export function checkpointsOf(folder: string): number[] {
  return namesIn(join(folder, 'checkpoints'))
    .filter((name) => name.endsWith('.npz'))
    .map((name) => readCheckpoint(join(folder, 'checkpoints', name)).state.trainer.step)
    .sort((a, b) => a - b);
}

/** The files that a run had begun to write when it was killed. */
export function partialsOf(folder: string): string[] {
  return [...namesIn(folder), ...namesIn(join(folder, 'checkpoints'))].filter((name) => name.endsWith('.partial'));
}

function readCheckpoint(path: string): Checkpoint {
  return decodeCheckpoint(readFileSync(path), path);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
