import { access, constants, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { decodeNpz, encodeNpz, InputError } from '../array/index.js';
import type { StateDict } from '../layers/module.js';

/** The files of a finished run. */
export const RUN_FILES = {
  config: 'config.json',
  history: 'history.json',
  model: 'model.npz',
  curves: 'curves.svg',
} as const;

/** The folder of a new run. */
export interface RunFolder {
  /** Its absolute path. */
  folder: string;
  /** The outermost folder that had to be made for it; undefined when it was there. */
  created: string | undefined;
}

/**
 * Makes the folder of a new run.
 *
 * @throws InputError when it cannot be made or written, or holds a run already and `force` is not set
 */
export async function createRunFolder(out: string, force: boolean): Promise<RunFolder> {
  const folder = resolve(out);
  if (!force && (await isThere(join(folder, RUN_FILES.config)))) {
    throw new InputError(`${folder} holds a run already; choose another --out, or --force to write over it`);
  }
  try {
    const created = await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return { folder, created };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`${folder} cannot be written: ${reason}`, { cause });
  }
}

/** Removes again what `createRunFolder` made, as long as it is empty. */
export async function discardRunFolder({ folder, created }: RunFolder): Promise<void> {
  if (created === undefined) return;
  for (let path = folder; path.length >= created.length; path = dirname(path)) await rmdir(path).catch(() => {});
}

/** Removes the files of an earlier run, so that those of two runs never stand side by side. */
export async function clearRunFolder(folder: string): Promise<void> {
  for (const file of Object.values(RUN_FILES)) await rm(join(folder, file), { force: true });
}

/** Writes a file under another name first, so that a reader sees the old one or the new one, never a part. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = join(dirname(path), `.${process.pid}.partial`);
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new InputError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
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
    throw new InputError(`${path} is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

async function readRunFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read; a run folder holds ${Object.values(RUN_FILES).join(', ')}`, {
      cause,
    });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
