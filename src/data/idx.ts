import { InputError, kindHint, shapeText } from '../array/index.js';

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
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0 || axes === 0 || !(type in TYPES)) {
    throw new InputError(`${name} is not an IDX file${kindHint(bytes) || ': its header is wrong'}`);
  }
  if (type !== UNSIGNED_BYTE) throw new InputError(`${name} has numbers of type ${TYPES[type]}, not unsigned bytes`);
  if (bytes.length < 4 + 4 * axes) throw new InputError(`${name} is incomplete: it ends inside its header`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
const TYPES: Record<number, string> = {
  [UNSIGNED_BYTE]: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
