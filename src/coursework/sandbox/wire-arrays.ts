import { asArray, type NdArray, toNested } from '../../array/index.js';
import type { WireArray } from './wire.js';

/** Encodes an array as the bytes of its float64 values. */
export function wireOf(x: NdArray | number): WireArray {
  const shape = typeof x === 'number' ? [] : [...x.shape];
  const values = typeof x === 'number' ? x : toNested(x);
  const flat: unknown[] = Array.isArray(values) ? values.flat(8 as 0) : [values];
  return { $array: Buffer.from(Float64Array.from(flat, Number).buffer).toString('base64'), shape };
}

/**
 * Decodes an array.
 *
 * @throws ShapeError when the number of values does not match the shape
 */
export function arrayOf({ $array, shape }: WireArray): NdArray {
  const bytes = Uint8Array.from(Buffer.from($array, 'base64')); // a copy, aligned
  return asArray(new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8)), shape);
}

/** Whether an untrusted value has the form of an encoded array. */
export function isWireArray(value: unknown): value is WireArray {
  if (typeof value !== 'object' || value === null || !('$array' in value) || !('shape' in value)) return false;
  const { $array, shape } = value;
  return (
    typeof $array === 'string' &&
    Array.isArray(shape) &&
    shape.length <= 8 &&
    shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  );
}
