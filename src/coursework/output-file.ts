import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { InputError } from '../array/index.js';
import { reasonOf } from '../node/data/system-reason.js';

/** The bytes of a trial: a disk without room for them is full. */
const TRIAL = 65_536;

/**
 * Finds out whether a file can be written, before the work whose result it will hold. Nothing that exists is changed.
 *
 * @param flag the flag that names the file, for the message
 * @throws InputError when it cannot be written
 */
export function tryOutput(flag: string, path: string): void {
  trying(flag, path, () => {
    const { target, isSpecial } = targetOf(path);
    if (isSpecial) return; // a device or a pipe: a trial would arrive there
    const temporary = besideOf(target);
    try {
      writeFileSync(temporary, Buffer.alloc(TRIAL));
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/**
 * Writes a file beside its place and renames it, so that there is never half a file, even on a full disk. A device or a
 * pipe is written directly. A link stays, and what it points to is replaced.
 *
 * @param flag the flag that names the file, for the message
 * @throws InputError when it cannot be written
 */
export function writeOutput(flag: string, path: string, content: string | Uint8Array): void {
  trying(flag, path, () => {
    const { target, isSpecial } = targetOf(path);
    if (isSpecial) {
      writeFileSync(target, content);
      return;
    }
    const temporary = besideOf(target);
    try {
      writeFileSync(temporary, content);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** The file that a path means, and whether it is a device or a pipe. */
function targetOf(path: string): { target: string; isSpecial: boolean } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { target: path, isSpecial: false };
  if (stats.isDirectory()) throw new Error('it is a folder');
  const isSpecial = !stats.isFile();
  return { target: isSpecial ? path : realpathSync(path), isSpecial };
}

function besideOf(path: string): string {
  return `${path}.${process.pid}.partial`;
}

function trying(flag: string, path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new InputError(`${flag} ${path}: cannot write this file: ${reasonOf(cause)}`, { cause });
  }
}
