import { unzipSync, type Zippable, zipSync } from 'fflate';
import { crc32, zipChecksums } from './crc32.js';
import { InputError } from './errors.js';
import { decodeNpy, encodeNpy } from './npy.js';
import type { NdArray } from './types.js';

/**
 * NumPy's `.npz` format: a zip archive with one `.npy` file per array. `numpy.load` opens the archives that are
 * written here. Archives of `numpy.savez` and `numpy.savez_compressed` can be read.
 */

// Every file has the same date, the first that zip can store, so that the same arrays always give the same bytes.
const EPOCH = new Date(1980, 0, 1);

/**
 * The bytes of an uncompressed `.npz` file with the given arrays, in their order.
 *
 * @param arrays the arrays by the names that they have in NumPy
 */
export function encodeNpz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  const files: Zippable = {};
  for (const [name, x] of Object.entries(arrays)) files[`${name}.npy`] = [encodeNpy(x), { level: 0 }];
  return zipSync(files, { mtime: EPOCH });
}

/**
 * The arrays in the bytes of a `.npz` file, by name.
 *
 * @param name the name of the file in an error message
 * @throws InputError for bytes that are not such a file, or are damaged
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
