import { InputError } from './errors.js';
import { allocate } from './memory.js';
import { elementType } from './npy-elements.js';
import type { FloatData } from './types.js';

/** How the files of other libraries store numbers, by NumPy's names; NumPy itself has no bfloat16. */
export type StoredType =
  | ('bool' | 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64')
  | ('float16' | 'bfloat16' | 'float32' | 'float64');

/** The bytes of one number. */
export function storedBytes(type: StoredType): number {
  return type === 'bfloat16' ? 2 : (elementType(type)?.bytes ?? 0);
}

/**
 * The numbers in little-endian bytes. Floats up to 32 bits become float32; float64 and whole numbers float64. Every value is
 * exact.
 *
 * @param what the name of the array in an error message
 * @throws InputError for bytes that are no whole number of elements, or a whole number that no float64 equals
 */
export function decodeElements(bytes: Uint8Array, type: StoredType, what: string): FloatData {
  const width = storedBytes(type);
  const count = bytes.length / width;
  if (!Number.isInteger(count))
    throw new InputError(`${what} has ${bytes.length} bytes, which are not ${type} numbers`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (type === 'bfloat16') {
    // The upper half of a float32.
    const bits = Uint32Array.from({ length: count }, (_, i) => view.getUint16(2 * i, true) << 16);
    return new Float32Array(bits.buffer);
  }
  const element = elementType(type);
  if (!element) throw new InputError(`${what} has elements of the type ${type}, which cannot be read`);
  const data = allocate(count, element.dtype);
  for (let i = 0; i < count; i++) data[i] = element.read(view, i * width, true);
  if (type.endsWith('int64') && data.some(Number.isNaN)) {
    throw new InputError(`${what} has an ${type} that no float64 equals`);
  }
  return data;
}
