import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { InputError } from '../array/index.js';

/** The folder that data sets are kept in: `$HANDGRAD_CACHE`, or the user's cache folder of this system. */
export function cacheFolder(): string {
  const chosen = process.env.HANDGRAD_CACHE;
  return chosen ? resolve(chosen) : envPaths('handgrad', { suffix: '' }).cache;
}

/**
 * Makes `folder` appear complete or not at all: `fill` writes into a folder beside it that takes its name at the
 * end. What a killed process left of an earlier try is removed first, what a failed one wrote at once.
 *
 * @throws InputError when the folder holds something already, or cannot be written
 */
export async function createWhole(folder: string, fill: (partial: string) => Promise<void>): Promise<void> {
  const target = resolve(folder);
  const prefix = `.${basename(target)}.partial-${process.pid}-`;
  const partial = join(dirname(target), prefix + randomBytes(4).toString('hex'));
  try {
    await mkdir(partial, { recursive: true });
    if ((await readdir(target).catch(() => [])).length > 0) {
      throw new InputError(`${target} holds other files already; name an empty folder, or one that does not exist`);
    }
    await removeLeftOver(target);
    await fill(partial);
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw unwritable(target, error);
  }
}

/** Removes the partial folders of processes that no longer run. */
async function removeLeftOver(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    const pid = name.startsWith(`.${basename(target)}.partial-`) ? Number(name.split('-').at(-2)) : Number.NaN;
    if (pid > 0 && !isRunning(pid)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}

/** An error of the file system as a sentence; any other error as it is. */
export function unwritable(path: string, error: unknown): unknown {
  if (!isSystemError(error) || error.syscall === 'spawn') return error;
  return new InputError(`${path} cannot be written: ${error.message}`, { cause: error });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
