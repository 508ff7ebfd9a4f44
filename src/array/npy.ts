import { assertArray, shapeText } from './checks.js';
import { InputError } from './errors.js';
import { allocate, packed, sizeOf, wrap } from './memory.js';
import { transpose } from './rearrange.js';
import type { Dtype, NdArray } from './types.js';

/**
 * NumPy's `.npy` format: a magic string, a version, the text of a Python dictionary with the element type, the order
 * and the shape, and then the elements.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
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
  out.set(MAGIC);
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
 * The array in the bytes of a `.npy` file of float32 or float64, either byte order, C or Fortran order.
 *
 * @param name the name of the file in an error message
 * @throws InputError for bytes that are not such a file, or are incomplete
 */
export function decodeNpy(bytes: Uint8Array, name = 'the .npy data'): NdArray {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new InputError(`${name} is not a NumPy .npy file: it does not begin with \\x93NUMPY`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = view.getUint8(6) >= 2;
  if (wide && bytes.length < 12) throw new InputError(`${name} is incomplete: it ends inside its header`);
  const start = (wide ? 12 : 10) + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (bytes.length < start) throw new InputError(`${name} is incomplete: it ends inside its header`);
  const { dtype, littleEndian, fortran, shape } = parseHeader(
    Array.from(bytes.subarray(wide ? 12 : 10, start), (byte) => String.fromCharCode(byte)).join(''),
    name,
  );
  const width = dtype === 'float64' ? 8 : 4;
  const size = sizeOf(shape);
  if (bytes.length !== start + size * width) {
    throw new InputError(
      `${name} should have ${size * width} bytes of data for shape ${shapeText(shape)}, but has ${bytes.length - start}`,
    );
  }
  const read = (i: number) =>
    width === 8 ? view.getFloat64(start + i * 8, littleEndian) : view.getFloat32(start + i * 4, littleEndian);
  const data = allocate(size, dtype);
  for (let i = 0; i < size; i++) data[i] = read(i);
  return fortran ? transpose(wrap(data, [...shape].reverse())) : wrap(data, shape);
}

interface Header {
  dtype: Dtype;
  littleEndian: boolean;
  fortran: boolean;
  shape: number[];
}

function parseHeader(text: string, name: string): Header {
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || sizes === undefined) {
    throw new InputError(`${name} has a damaged .npy header: ${JSON.stringify(text.trim().slice(0, 80))}`);
  }
  const type = /^([<>])f([48])$/.exec(descr);
  if (!type) {
    throw new InputError(
      `${name} has elements of type '${descr}'; only float32 ('<f4') and float64 ('<f8') can be read`,
    );
  }
  return {
    dtype: type[2] === '8' ? 'float64' : 'float32',
    littleEndian: type[1] === '<',
    fortran: order === 'True',
    shape: sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)])),
  };
}
