import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../../array/index.js';
import { isRunning } from '../data/folders.js';
import { reasonOf } from '../data/system-reason.js';

/** The file that says which process writes into a run folder. */
const LOCK = '.lock';
/** The milliseconds after which a run that has taken over a stale lock checks that it still holds it. */
const SETTLED = 50;

/**
 * Does something while no other run writes into the run folder. The lock of a process that was killed is stale, and is
 * taken over.
 *
 * @param folder an existing run folder
 * @throws InputError if another run uses the folder, or the folder cannot be written to
 */
export async function withRunLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, LOCK);
  const own = `${process.pid} ${randomUUID()}\n`;
  if (!(await claim(path, own))) {
    const owner = await ownerOf(path);
    if (owner === undefined || isRunning(owner)) throw inUse(folder, owner);
    await rm(path, { force: true });
    if (!(await claim(path, own))) throw inUse(folder, await ownerOf(path));
    // Of two runs that find the same stale lock, the slower one may have removed this new one.
    await new Promise((done) => setTimeout(done, SETTLED));
    if ((await readLock(path)) !== own) throw inUse(folder, await ownerOf(path));
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true }).catch(() => {}); // a lock that stays is stale when this process ends
  }
}

/** Writes the lock. Returns whether there was none. */
async function claim(path: string, own: string): Promise<boolean> {
  try {
    await writeFile(path, own, { flag: 'wx' });
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw new InputError(`${dirname(path)} cannot be written: ${reasonOf(cause)}`, { cause });
  }
}

function readLock(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** The process that wrote the lock. Undefined if it has not written its number yet. */
async function ownerOf(path: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readLock(path), 10);
  return pid > 0 ? pid : undefined;
}

function inUse(folder: string, owner: number | undefined): InputError {
  const who = owner === undefined ? '' : ` (process ${owner})`;
  return new InputError(`${folder} is in use by another run${who}; wait until it ends, or choose another folder`);
}
