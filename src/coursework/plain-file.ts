import { closeSync, constants, fstatSync, lstatSync, openSync, type PathLike, readFileSync } from 'node:fs';

/** Opening a pipe would wait for a writer, and a link leads elsewhere. Windows has neither flag. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Reads a stranger's file as UTF-8: a plain file of a limited size, not a link, a pipe or a device.
 *
 * @param most bytes
 * @throws Error whose message continues a sentence that begins with the path, such as `it is a hard link`
 */
export function readPlainFile(path: PathLike, most: number): string {
  if (!lstatSync(path).isFile()) throw new Error('it is not a plain file'); // opening a device can have effects
  const file = openSync(path, CAREFULLY);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error('it is not a plain file');
    if (stats.nlink > 1) throw new Error('it is a hard link');
    if (stats.size > most) throw new Error(`it has ${stats.size} bytes, more than ${most}`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
