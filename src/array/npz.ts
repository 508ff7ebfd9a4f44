import { assertArray, assertOptions } from './checks.js';
import { InputError, printable } from './errors.js';
import { decodeNpy, encodeNpy } from './npy.js';
import { isNpy, readNpyHeader } from './npy-header.js';
import type { NdArray } from './types.js';
import { assertBytes, assertText } from './value-checks.js';
import { unpackMember, unreadableMember, type ZipMember, zipMembers } from './zip-read.js';
import { writeZip } from './zip-write.js';

/**
 * NumPy's `.npz` format: a zip archive with one `.npy` file per array. `numpy.load` opens the archives that are
 * written here. Archives of `numpy.savez` and `numpy.savez_compressed` can be read.
 */

/**
 * The bytes of an uncompressed `.npz` file with the given arrays, in their order.
 *
 * @param arrays the arrays by the names that they have in NumPy; any number of them
 * @throws InputError for a name that a zip archive cannot store, or 4 GB or more in all
 */
export function encodeNpz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  assertOptions('encodeNpz', arrays);
  for (const [name, x] of Object.entries(arrays)) assertArray('encodeNpz', name, x);
  return writeZip(
    Object.entries(arrays).map(([name, x]) => [`${name}.npy`, encodeNpy(x)]),
    'encodeNpz',
  );
}

/**
 * The arrays in the bytes of a `.npz` file, by name.
 *
 * An array that cannot be read, such as one of text or complex numbers, does not spoil the others: an InputError says
 * what it is when you ask for it, as in NumPy. Files in the archive that are not arrays are left out. `listNpz` lists
 * both with the reason.
 *
 * @param bytes the whole file
 * @param name the name of the file in an error message
 * @returns the arrays in the order of the archive, with the dtypes of `decodeNpy`
 * @throws InputError for bytes that are not such a file, are damaged, or contain no array
 */
export function decodeNpz(bytes: Uint8Array, name = 'the .npz data'): Record<string, NdArray> {
  const contents = readContents('decodeNpz', bytes, name);
  const found = contents.filter(({ isArray }) => isArray);
  if (found.length === 0 && contents.length > 0) {
    throw new InputError(
      `${name} contains no NumPy arrays, only ${listOf(contents.map(({ file }) => printable(file)))}`,
    );
  }
  const arrays: Record<string, NdArray> = {};
  for (const { file, value } of found) {
    const key = file.replace(/\.npy$/, '');
    if (Object.hasOwn(arrays, key)) throw new InputError(`${name} contains two arrays named ${printable(key)}`);
    const get = () => {
      if (value instanceof InputError) throw value;
      return value;
    };
    const property = value instanceof InputError ? { get } : { value, writable: true };
    Object.defineProperty(arrays, key, { ...property, enumerable: true, configurable: true });
  }
  return arrays;
}

/** One file of a `.npz` archive. */
export interface NpzEntry {
  /** Its name in the archive, such as `weight.npy`. */
  file: string;
  /** NumPy's name of its element type, such as int64, if it can be read. */
  dtype?: string;
  /** Its shape, if it can be read. */
  shape?: number[];
  /** Why `decodeNpz` cannot read it, in a sentence; absent if it can. */
  problem?: string;
}

/**
 * What a `.npz` file contains, in the order of the archive, with the files that `decodeNpz` cannot read.
 *
 * @param bytes the whole file
 * @param name the name of the file in an error message
 * @throws InputError for bytes that are not such a file, or are damaged
 */
export function listNpz(bytes: Uint8Array, name = 'the .npz data'): NpzEntry[] {
  return readContents('listNpz', bytes, name).map(({ file, value, dtype }) =>
    value instanceof InputError ? { file, problem: value.message } : { file, dtype, shape: value.shape },
  );
}

interface Content {
  file: string;
  isArray: boolean;
  value: NdArray | InputError;
  dtype?: string;
}

function readContents(call: string, bytes: Uint8Array, name: string): Content[] {
  assertBytes(call, 'bytes', bytes);
  assertText(call, 'name', name);
  const members = zipMembers(bytes, name).filter(({ name: file }) => !file.endsWith('/'));
  return members.map((member) => readContent(bytes, member, name));
}

function readContent(archive: Uint8Array, member: ZipMember, name: string): Content {
  const file = member.name;
  const where = `${name}, array ${printable(file)}`;
  const problem = unreadableMember(member);
  if (problem !== undefined) {
    return { file, isArray: file.endsWith('.npy'), value: new InputError(`${where} cannot be read: ${problem}`) };
  }
  const content = unpackMember(archive, member, name);
  if (!file.endsWith('.npy') && !isNpy(content)) {
    return { file, isArray: false, value: new InputError(`${name}, file ${printable(file)} is not an array`) };
  }
  try {
    const value = decodeNpy(content, where);
    return { file, isArray: true, value, dtype: readNpyHeader(content, where).type.name };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { file, isArray: true, value: error };
  }
}

function listOf(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
}
