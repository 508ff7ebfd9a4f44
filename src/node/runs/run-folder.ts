import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeNpz, encodeNpz, InputError, messageOf } from '../../array/index.js';
import type { StateDict } from '../../layers/module.js';
import { isRunning, isThere, type MadeFolder, makeFolder } from '../data/folders.js';

/** The files of a finished run. */
export const RUN_FILES = {
  config: 'config.json',
  history: 'history.json',
  model: 'model.npz',
  curves: 'curves.svg',
  /** Only of a run with `--report`. */
  report: 'report.html',
} as const;

/** The files that every finished run has. */
const RESULTS = [RUN_FILES.config, RUN_FILES.history, RUN_FILES.model, RUN_FILES.curves];

/** The folder of a run's checkpoints, which a finished run has no more. */
export const CHECKPOINTS = 'checkpoints';

/**
 * Makes the folder of a new run.
 *
 * @throws InputError when it cannot be made or written, or holds a run's files already and `force` is not set
 */
export async function createRunFolder(out: string, force: boolean): Promise<MadeFolder> {
  const run = await makeFolder(out);
  for (const file of [...Object.values(RUN_FILES), CHECKPOINTS]) {
    if (!force && (await isThere(join(run.folder, file)))) {
      throw new InputError(`${run.folder} holds a ${file} already; choose another --out, or --force to write over it`);
    }
  }
  return run;
}

/** Removes the files of an earlier run, so that those of two runs never stand side by side. */
export async function clearRunFolder(folder: string): Promise<void> {
  await clearRemains(folder);
  for (const file of Object.values(RUN_FILES)) await rm(join(folder, file), { force: true });
}

/** Removes what a finished run has no use for: checkpoints, and what a killed process had begun to write. */
export async function clearRemains(folder: string): Promise<void> {
  await removePartials(folder);
  await rm(join(folder, CHECKPOINTS), { recursive: true, force: true });
}

/** Removes what an interrupted run left as its results, and what a killed one had begun to write. */
export async function clearResults(folder: string): Promise<void> {
  await removePartials(folder);
  for (const file of [RUN_FILES.history, RUN_FILES.model, RUN_FILES.curves, RUN_FILES.report])
    await rm(join(folder, file), { force: true });
}

/**
 * Writes a file under another name first, so that a reader sees the old one or the new one, never a part; it is on
 * the disk before it has its name, so that this holds of a power cut too.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = join(dirname(path), `.${process.pid}.partial`);
  try {
    const file = await open(partial, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(partial, { force: true });
    throw new InputError(`${path} cannot be written: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Brings a folder's names to the disk, where the system can. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Removes the files that processes which no longer run had begun to write. */
export async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/^\.(\d+)\.partial$/.exec(name)?.[1]);
    if (pid === process.pid || (pid > 0 && !isRunning(pid))) await rm(join(folder, name), { force: true });
  }
}

/** Writes a value as JSON that people can read. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes what a net has learned, in NumPy's format. */
export async function writeModel(folder: string, state: StateDict): Promise<void> {
  await writeWhole(join(folder, RUN_FILES.model), encodeNpz(state));
}

/** Reads it again. */
export async function readModel(folder: string): Promise<StateDict> {
  const path = join(folder, RUN_FILES.model);
  return decodeNpz(await readRunFile(path), path);
}

/** Reads a JSON file of a run. */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readRunFile(path));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path} is not valid JSON: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function readRunFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read; a run folder holds ${RESULTS.join(', ')}`, {
      cause,
    });
  }
}
