import { unzipSync, type Zippable, zipSync } from 'fflate';
import { crc32, zipChecksums } from './crc32.js';
import { InputError } from './errors.js';
import { decodeNpy, encodeNpy } from './npy.js';
import type { NdArray } from './types.js';

/**
 * NumPy's `.npz` format: a zip archive with one `.npy` file an array. `numpy.load` opens what is written
 * here, and what `numpy.savez` or `numpy.savez_compressed` wrote is read.
 */

// The archive's own clock is set to zip's first day: the same arrays always give the same bytes.
const EPOCH = new Date(1980, 0, 1);

/**
 * The bytes of an uncompressed `.npz` file with the given arrays, in their order.
 *
 * @param arrays by the names under which `numpy.load` will have them
 */
export function encodeNpz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  const files: Zippable = {};
  for (const [name, x] of Object.entries(arrays)) files[`${name}.npy`] = [encodeNpy(x), { level: 0 }];
  return zipSync(files, { mtime: EPOCH });
}

/**
 * The arrays in the bytes of a `.npz` file, by name.
 *
 * @param name what to call the file in an error
 * @throws InputError for bytes that are no such file, or are damaged
 */
export function decodeNpz(bytes: Uint8Array, name = 'the .npz data'): Record<string, NdArray> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes);
  } catch (cause) {
    throw new InputError(`${name} is not a readable .npz file (a zip archive of arrays)`, { cause });
  }
  const checksums = zipChecksums(bytes);
  return Object.fromEntries(
    Object.entries(files).map(([file, content]) => {
      if (crc32(content) !== checksums.get(file))
        throw new InputError(`${name} is damaged: the checksum of ${file} is wrong`);
      return [file.replace(/\.npy$/, ''), decodeNpy(content, `${name}, array ${file}`)];
    }),
  );
}
