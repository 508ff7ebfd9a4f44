import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError, kindHint, messageOf } from '../../array/index.js';
import { reasonOf } from './system-reason.js';

/**
 * Reads a file that may be gzipped, which its name says with `.gz`. A hostile file cannot take more memory than the
 * file that is expected, because its length is checked before it is read, and again while it is unpacked.
 *
 * @param path the file
 * @param most the length of the expected content in bytes
 * @returns the content, unpacked
 * @throws InputError for a file that cannot be read, is longer, is damaged, or whose name does not fit its content
 */
export async function readGzipped(path: string, most: number): Promise<Uint8Array> {
  const bytes = await readAtMost(path, most);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!path.endsWith('.gz')) {
    if (packed) throw new InputError(`${path} is gzip data; rename it to ${basename(path)}.gz`);
    if (bytes.length > most) throw tooLong(path, `${bytes.length} bytes`, most);
    return bytes;
  }
  if (!packed) {
    const hint =
      bytes[0] === 0 && bytes[1] === 0 ? `: it is unpacked; rename it to ${basename(path, '.gz')}` : undefined;
    throw new InputError(`${path} is not gzip data${hint ?? kindHint(bytes)}`);
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE')
      throw tooLong(path, `more than ${most} bytes when it is unpacked`, most);
    const state = codeOf(cause) === 'Z_BUF_ERROR' ? 'incomplete' : 'damaged';
    throw new InputError(`${path} is ${state}: it cannot be unpacked (${messageOf(cause)})`, { cause });
  }
}

async function readAtMost(path: string, most: number): Promise<Uint8Array> {
  try {
    // Gzip adds a few bytes to data that it cannot make shorter.
    const { size } = await stat(path);
    if (size > 1.01 * most + 1024) throw tooLong(path, `${size} bytes`, most);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function tooLong(path: string, length: string, most: number): InputError {
  return new InputError(`${path} is too long: it has ${length}, and this file of the set has ${most}`);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
