import { InputError, shapeText } from '../array/index.js';

/** An array of bytes in an IDX file. */
export interface IdxArray {
  shape: number[];
  /** The elements in row-major order, in the memory of the file. */
  data: Uint8Array;
}

/**
 * Reads the IDX format of MNIST: two bytes 0, a byte for the type (8 for unsigned bytes, the only type that is read
 * here), a byte for the number of axes, the size of each axis as four bytes in big-endian order, and then the
 * elements.
 *
 * @param name the name of the file in an error message
 * @throws InputError for bytes of another format or type, or for too few or too many bytes
 */
export function readIdx(bytes: Uint8Array, name: string): IdxArray {
  const [zero, alsoZero, type, axes] = bytes;
  if (zero !== 0 || alsoZero !== 0 || !(axes >= 1) || bytes.length < 4 + 4 * axes) {
    throw new InputError(`${name} is not an IDX file: its header is wrong`);
  }
  if (type !== UNSIGNED_BYTE) throw new InputError(`${name} has numbers of type ${type}, not unsigned bytes`);
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = Array.from({ length: axes }, (_, axis) => header.getUint32(4 + 4 * axis));
  const data = bytes.subarray(4 + 4 * axes);
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size) {
    throw new InputError(
      `${name} is ${data.length < size ? 'incomplete' : 'too long'}: its shape is ${shapeText(shape)}, and it has ${data.length} elements`,
    );
  }
  return { shape, data };
}

const UNSIGNED_BYTE = 8;
