import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { InputError } from '../../array/index.js';

/** The folder that data sets are kept in: `$HANDGRAD_CACHE`, or the user's cache folder of this system. */
export function cacheFolder(): string {
  const chosen = process.env.HANDGRAD_CACHE;
  return chosen ? resolve(chosen) : envPaths('handgrad', { suffix: '' }).cache;
}

/** A folder that was made, or was there. */
export interface MadeFolder {
  /** Its absolute path. */
  folder: string;
  /** The outermost folder that had to be made for it; undefined when it was there. */
  created: string | undefined;
}

/**
 * Makes a folder and those above it, one by one: Node's own `recursive` never returns in some places that cannot be
 * written, such as /proc.
 *
 * @throws InputError when it cannot be made or written
 */
export async function makeFolder(path: string): Promise<MadeFolder> {
  const folder = resolve(path);
  const missing: string[] = [];
  for (let level = folder; !(await isThere(level)); level = dirname(level)) missing.unshift(level);
  try {
    for (const level of missing) await mkdir(level);
    await readdir(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    await discardFolder({ folder, created: missing[0] });
    throw unwritable(folder, error);
  }
  return { folder, created: missing[0] };
}

/** Removes again what `makeFolder` made, as far as it is empty. */
export async function discardFolder({ folder, created }: MadeFolder): Promise<void> {
  if (created === undefined) return;
  for (let path = folder; path.length >= created.length; path = dirname(path)) await rmdir(path).catch(() => {});
}

/** Whether there is a file or a folder of that name. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Makes `folder` appear complete or not at all: `fill` writes into a folder beside it that takes its name at the
 * end. What a killed process left of an earlier try is removed first, what a failed one wrote at once.
 *
 * @param replace put it in the place of what is there; else that must be empty
 * @throws InputError when the folder holds something already, or cannot be written
 */
export async function createWhole(
  folder: string,
  fill: (partial: string) => Promise<void>,
  { replace = false }: { replace?: boolean } = {},
): Promise<void> {
  const target = resolve(folder);
  if ((await isThere(target)) && !replace && (await contentOf(target)).length > 0) {
    throw new InputError(`${target} holds other files already; name an empty folder, or one that does not exist`);
  }
  const parent = await makeFolder(dirname(target));
  const mark = `.${basename(target)}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
  const partial = join(parent.folder, mark);
  try {
    await removeLeftOver(target);
    await mkdir(partial);
    await fill(partial);
    if (replace) await rm(target, { recursive: true, force: true });
    else await rmdir(target).catch(() => {});
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    await discardFolder(parent);
    throw unwritable(target, error);
  }
}

async function contentOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Removes the partial folders of processes that no longer run. */
async function removeLeftOver(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    const pid = name.startsWith(`.${basename(target)}.partial-`) ? Number(name.split('-').at(-2)) : Number.NaN;
    if (pid > 0 && !isRunning(pid)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

/** Whether a process of that number runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}

/** An error of the file system as a sentence; any other error as it is. */
function unwritable(path: string, error: unknown): unknown {
  if (!isSystemError(error) || error.syscall === 'spawn') return error;
  return new InputError(`${path} cannot be written: ${error.message}`, { cause: error });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
