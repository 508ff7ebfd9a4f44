import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeNpz, encodeNpz, InputError, messageOf } from '../../array/index.js';
import { decodeInputs, encodeInputs, type NetInputs } from '../../data/net-inputs.js';
import type { StateDict } from '../../layers/module.js';
import { isRunning, isThere } from '../data/folders.js';
import { reasonOf } from '../data/system-reason.js';

/** The files of a finished run. */
export const RUN_FILES = {
  config: 'config.json',
  history: 'history.json',
  /** What is done to a sample before it goes into the net; a run of an earlier version may have none. */
  inputs: 'inputs.npz',
  model: 'model.npz',
  curves: 'curves.svg',
  /** Only after `handgrad predict`. */
  predictions: 'predictions.svg',
  /** Only of a run with `--report`. */
  report: 'report.html',
} as const;

/** The files that every finished run has. */
const RESULTS = [RUN_FILES.config, RUN_FILES.history, RUN_FILES.inputs, RUN_FILES.model, RUN_FILES.curves];

/** The folder of a run's checkpoints. A finished run has none. */
export const CHECKPOINTS = 'checkpoints';

/** @throws InputError if a folder already holds files of a run */
export async function assertNoRun(folder: string): Promise<void> {
  for (const file of [...Object.values(RUN_FILES), CHECKPOINTS]) {
    if (await isThere(join(folder, file)))
      throw new InputError(`${folder} already holds a ${file}; choose another --out, or overwrite it with --force`);
  }
}

/** @throws InputError if the folder of a run is gone, because somebody removed it while the run went on */
export async function assertStillThere(folder: string): Promise<void> {
  if (!(await isThere(folder)))
    throw new InputError(`${folder} was removed while the run was going on; nothing is saved`);
}

/** Removes the files of an earlier run, so that a folder never holds files of two runs. */
export async function clearRunFolder(folder: string): Promise<void> {
  await clearRemains(folder);
  for (const file of Object.values(RUN_FILES)) await rm(join(folder, file), { force: true });
}

/** Removes what a finished run does not need: checkpoints, and files that a killed process wrote only in part. */
export async function clearRemains(folder: string): Promise<void> {
  await removePartials(folder);
  await rm(join(folder, CHECKPOINTS), { recursive: true, force: true });
}

/** Removes the results of an interrupted run, and files that a killed process wrote only in part. */
export async function clearResults(folder: string): Promise<void> {
  await removePartials(folder);
  for (const file of [RUN_FILES.history, RUN_FILES.model, RUN_FILES.curves, RUN_FILES.report, RUN_FILES.predictions])
    await rm(join(folder, file), { force: true });
}

/**
 * Writes a file under another name and then renames it, so that a reader sees the old file or the new one, never a
 * part. The content is on the disk before the file is renamed, so this also holds after a power failure.
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
    throw new InputError(`${path} cannot be written: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/** Writes the names in a folder to the disk, on systems that can do it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Removes files that were written only in part by processes that no longer run. */
export async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/^\.(\d+)\.partial$/.exec(name)?.[1]);
    if (pid === process.pid || (pid > 0 && !isRunning(pid))) await rm(join(folder, name), { force: true });
  }
}

/** Writes a value as indented JSON. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes the arrays of a net to `model.npz`. */
export async function writeModel(folder: string, state: StateDict): Promise<void> {
  await writeWhole(join(folder, RUN_FILES.model), encodeNpz(state));
}

/** Writes `inputs.npz`. */
export async function writeInputs(folder: string, inputs: NetInputs): Promise<void> {
  await writeWhole(join(folder, RUN_FILES.inputs), encodeInputs(inputs));
}

/** Reads `inputs.npz`, or returns undefined if a run of an earlier version has none. */
export async function readInputs(folder: string): Promise<NetInputs | undefined> {
  const path = join(folder, RUN_FILES.inputs);
  return (await isThere(path)) ? decodeInputs(await readRunFile(path), path) : undefined;
}

/** Reads `model.npz`. */
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
