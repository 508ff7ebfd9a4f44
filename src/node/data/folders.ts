import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { InputError } from '../../array/index.js';
import { reasonOf } from './system-reason.js';

/** The folder for data sets: `$HANDGRAD_CACHE`, or the system's cache folder of the user. */
export function cacheFolder(): string {
  const chosen = process.env.HANDGRAD_CACHE;
  return chosen ? resolve(chosen) : envPaths('handgrad', { suffix: '' }).cache;
}

/** A folder that `makeFolder` created or found. */
export interface MadeFolder {
  /** Its absolute path. */
  folder: string;
  /** The outermost folder that was created for it. Undefined if it existed. */
  created: string | undefined;
}

/**
 * Creates a folder and its missing parents, one by one, because Node's `recursive` never returns in some folders that
 * are not writable, such as /proc.
 *
 * @throws InputError if it cannot be created or is not writable
 */
export async function makeFolder(path: string): Promise<MadeFolder> {
  const folder = resolve(path);
  const missing: string[] = [];
  for (let level = folder; !(await isThere(level)); level = dirname(level)) missing.unshift(level);
  try {
    for (const level of missing) await makeOrFind(level);
    await readdir(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    await discardFolder({ folder, created: missing[0] });
    throw unwritable(folder, error);
  }
  return { folder, created: missing[0] };
}

/** Creates a folder. Another process may create it at the same time. */
async function makeOrFind(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!(isSystemError(error) && error.code === 'EEXIST')) throw error;
  }
}

/**
 * Creates a folder that no other process has: `path`, or if that exists, `path-2`, `path-3` and so on.
 *
 * @throws InputError if it cannot be created
 */
export async function makeNewFolder(path: string): Promise<MadeFolder> {
  const parent = await makeFolder(dirname(path));
  for (let n = 1; ; n++) {
    const folder = join(parent.folder, n === 1 ? basename(path) : `${basename(path)}-${n}`);
    try {
      await mkdir(folder);
      return { folder, created: parent.created ?? folder };
    } catch (error) {
      if (!(isSystemError(error) && error.code === 'EEXIST')) throw unwritable(folder, error);
    }
  }
}

/** Removes the folders that `makeFolder` created, if they are empty. */
export async function discardFolder({ folder, created }: MadeFolder): Promise<void> {
  if (created === undefined) return;
  for (let path = folder; path.length >= created.length; path = dirname(path)) await rmdir(path).catch(() => {});
}

/** Whether a file or folder exists. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Creates `folder` completely or not at all: `fill` writes into a temporary folder beside it, which is renamed at the
 * end. If `fill` fails, the temporary folder is removed. Those of processes that were killed are removed first.
 *
 * @param replace whether to replace an existing folder. Otherwise it must be empty.
 * @throws InputError if the folder is not empty, or is not writable
 */
export async function createWhole(
  folder: string,
  fill: (partial: string) => Promise<void>,
  { replace = false }: { replace?: boolean } = {},
): Promise<void> {
  const target = resolve(folder);
  if ((await isThere(target)) && !replace && (await contentOf(target)).length > 0) {
    throw new InputError(`${target} already has other files; name an empty folder, or one that does not exist`);
  }
  const parent = await makeFolder(dirname(target));
  const mark = `.${basename(target)}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
  const partial = join(parent.folder, mark);
  try {
    await removeLeftOver(target);
    await mkdir(partial);
    await fill(partial);
    await replaceBy(partial, target, replace);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    await discardFolder(parent);
    throw unwritable(target, error);
  }
}

/** Renames `partial` to `target`, whose old content is removed first. */
async function replaceBy(partial: string, target: string, replace: boolean): Promise<void> {
  try {
    if (replace) await rm(target, { recursive: true, force: true });
    else await rmdir(target).catch(() => {});
    await rename(partial, target);
  } catch (cause) {
    if (!isSystemError(cause) || !(cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST')) throw cause;
    throw new InputError(`${target} was written by another process at the same time; what it wrote is kept`, { cause });
  }
}

async function contentOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Removes the temporary folders of processes that no longer run. */
async function removeLeftOver(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    const pid = name.startsWith(`.${basename(target)}.partial-`) ? Number(name.split('-').at(-2)) : Number.NaN;
    if (pid > 0 && !isRunning(pid)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

/** Whether a process with this number is running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}

/** Turns an error of the file system into a sentence. Other errors are returned unchanged. */
function unwritable(path: string, error: unknown): unknown {
  if (!isSystemError(error) || error.syscall === 'spawn') return error;
  return new InputError(`${path} cannot be written: ${reasonOf(error)}`, { cause: error });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/**
 * The bytes of a file.
 *
 * @throws InputError that names a file that cannot be read
 */
export async function bytesOfFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
