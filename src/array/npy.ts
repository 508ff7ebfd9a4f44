import { assertArray, shapeText } from './checks.js';
import { InputError } from './errors.js';
import { allocate, packed, sizeOf, wrap } from './memory.js';
import { isNpy, NPY_MAGIC, readNpyHeader } from './npy-header.js';
import { transpose } from './rearrange.js';
import type { Dtype, NdArray } from './types.js';
import { assertBytes, assertText } from './value-checks.js';

/**
 * NumPy's `.npy` format: a magic string, a version, the text of a Python dictionary with the element type, the order
 * and the shape, and then the elements.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

const DESCR: Record<Dtype, string> = { float32: '<f4', float64: '<f8' };

/** The bytes of a `.npy` file (version 1.0, little-endian, C order) that contains `x`. */
export function encodeNpy(x: NdArray): Uint8Array {
  assertArray('encodeNpy', 'x', x);
  const dictionary = `{'descr': '${DESCR[x.dtype]}', 'fortran_order': False, 'shape': ${shapeText(x.shape)}, }`;
  // The data starts at a multiple of 64 bytes; the header is padded with spaces and ends with a newline.
  const unpadded = 10 + dictionary.length + 1;
  const header = dictionary + ' '.repeat((64 - (unpadded % 64)) % 64) + '\n';
  const width = x.dtype === 'float64' ? 8 : 4;
  const out = new Uint8Array(10 + header.length + x.size * width);
  out.set(NPY_MAGIC);
  const view = new DataView(out.buffer);
  view.setUint8(6, 1);
  view.setUint8(7, 0);
  view.setUint16(8, header.length, true);
  for (let i = 0; i < header.length; i++) out[10 + i] = header.charCodeAt(i);
  packed(x).forEach((value, i) => {
    const position = 10 + header.length + i * width;
    if (width === 8) view.setFloat64(position, value, true);
    else view.setFloat32(position, value, true);
  });
  return out;
}

/**
 * The array in the bytes of a `.npy` file: bool, any integer or any float up to 64 bits, either byte order, C or
 * Fortran order, with every header that NumPy reads.
 *
 * @param bytes the whole file
 * @param name the name of the file in an error message
 * @returns a fresh array. float64 and float32 keep their dtype, float16 becomes float32, and bool (as 0 and 1) and all
 * integers become float64. Every value is exact.
 * @throws InputError for bytes that are not such a file, are incomplete, have elements that are not numbers, or have
 * an integer that no float64 equals
 */
export function decodeNpy(bytes: Uint8Array, name = 'the .npy data'): NdArray {
  assertBytes('decodeNpy', 'bytes', bytes);
  assertText('decodeNpy', 'name', name);
  const { type, fortran, shape, start } = readNpyHeader(bytes, name);
  const { read, littleEndian } = type;
  const size = sizeOf(shape);
  const found = bytes.length - start;
  if (found > size * type.bytes && isNpy(bytes.subarray(start + size * type.bytes))) {
    throw new InputError(`${name} holds more than one array; only a file of one array can be read`);
  }
  if (found !== size * type.bytes) {
    throw new InputError(
      `${name} should have ${size * type.bytes} bytes of data for shape ${shapeText(shape)}, but has ${found}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, found);
  const data = allocate(size, type.dtype);
  for (let i = 0; i < size; i++) data[i] = read(view, i * type.bytes, littleEndian);
  if (type.name.endsWith('int64') && data.some(Number.isNaN)) {
    const at = data.findIndex(Number.isNaN);
    const value = view[type.name === 'int64' ? 'getBigInt64' : 'getBigUint64'](at * 8, littleEndian);
    throw new InputError(
      `${name} has the ${type.name} ${value} as element ${at}, and no float64 is exactly that number`,
    );
  }
  return fortran ? transpose(wrap(data, [...shape].reverse())) : wrap(data, shape);
}
