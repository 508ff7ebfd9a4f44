import ndarray from 'ndarray';
import { unfilledMemory } from '#copy';
import { inspectable } from '#inspection';
import type { Dtype, FloatData, NdArray, Shape } from './types.js';

/**
 * How an array is stored. An ndarray is a typed array, a shape, one stride per axis, and an offset. A transposed or
 * sliced view shares the typed array and differs only in the other three. `packed` leads from views to flat loops: it
 * gives the elements in row-major (C) order, and copies them only if they are in another order.
 */

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The dtype of a result computed from several arrays: float64 if one of them is float64. */
export function commonDtype(arrays: readonly NdArray[]): Dtype {
  return arrays.some((x) => x.dtype === 'float64') ? 'float64' : 'float32';
}

/** New memory for `size` elements, all 0. */
export function allocate(size: number, dtype: Dtype): FloatData {
  return dtype === 'float64' ? new Float64Array(size) : new Float32Array(size);
}

/** New memory for `size` elements, for a caller that writes all of them. Until then their values are arbitrary. */
export function unfilled(size: number, dtype: Dtype): FloatData {
  return dtype === 'float64' ? new Float64Array(unfilledMemory(8 * size)) : new Float32Array(unfilledMemory(4 * size));
}

/** A row-major ndarray that shares the memory of `data`, from its first element on. */
export function wrap(data: FloatData, shape: Shape): NdArray {
  return view(data, shape);
}

/** An ndarray over memory that is already there. Default: row-major, from the first element on. */
export function view(data: FloatData, shape: Shape, stride?: readonly number[], offset?: number): NdArray {
  return inspectable(ndarray(data, [...shape], stride && [...stride], offset));
}

/** A fresh array of zeros. */
export function empty(shape: Shape, dtype: Dtype): NdArray {
  return wrap(allocate(sizeOf(shape), dtype), shape);
}

/** Whether the elements are contiguous in row-major order. */
export function isContiguous(x: NdArray): boolean {
  let expected = 1;
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    if (x.shape[axis] !== 1 && x.stride[axis] !== expected) return false;
    expected *= x.shape[axis];
  }
  return true;
}

/** The elements of `x` in row-major order: its own memory if it is contiguous, otherwise a copy. Only for reading. */
export function packed(x: NdArray): FloatData {
  if (isContiguous(x)) return x.data.subarray(x.offset, x.offset + x.size);
  const out = unfilled(x.size, x.dtype);
  const { shape, stride, data } = x;
  const last = shape.length - 1;
  let written = 0;
  const walk = (axis: number, start: number): void => {
    if (axis === last) {
      for (let i = 0, p = start; i < shape[last]; i++, p += stride[last]) out[written++] = data[p];
    } else {
      for (let i = 0; i < shape[axis]; i++) walk(axis + 1, start + i * stride[axis]);
    }
  };
  walk(0, x.offset);
  return out;
}
