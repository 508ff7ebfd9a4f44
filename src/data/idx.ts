import { InputError, shapeText } from '../array/index.js';

/** An array of bytes as an IDX file holds it. */
export interface IdxArray {
  shape: number[];
  /** In row-major order, in the memory of the file. */
  data: Uint8Array;
}

/**
 * Reads the IDX format, in which MNIST is published: two bytes 0, one for the type (8 for unsigned bytes, the only one read
 * here), one for the number of axes, the size along each as four bytes with the highest first, and then the elements.
 *
 * @param name what to call the file in an error
 * @throws InputError for bytes of another format or type, and for too few or too many
 */
export function readIdx(bytes: Uint8Array, name: string): IdxArray {
  const [zero, alsoZero, type, axes] = bytes;
  if (zero !== 0 || alsoZero !== 0 || !(axes >= 1) || bytes.length < 4 + 4 * axes) {
    throw new InputError(`${name} is no IDX file: it does not begin as one`);
  }
  if (type !== UNSIGNED_BYTE) throw new InputError(`${name} holds numbers of type ${type}, not unsigned bytes`);
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = Array.from({ length: axes }, (_, axis) => header.getUint32(4 + 4 * axis));
  const data = bytes.subarray(4 + 4 * axes);
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size) {
    throw new InputError(
      `${name} is ${data.length < size ? 'cut short' : 'too long'}: its shape is ${shapeText(shape)}, and it has ${data.length} elements`,
    );
  }
  return { shape, data };
}

const UNSIGNED_BYTE = 8;
