import ndarray from 'ndarray';
import type { Dtype, FloatData, NdArray, Shape } from './types.js';

/**
 * How an array lies in memory. An ndarray is a typed array plus a shape, a stride an axis and an offset;
 * a transposed or sliced view shares the memory of its origin and differs in these three only. `packed` is
 * the bridge from views to flat loops: elements in row-major (C) order, without a copy where they already are.
 */

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Fresh zeroed memory for `size` elements. */
export function allocate(size: number, dtype: Dtype): FloatData {
  return dtype === 'float64' ? new Float64Array(size) : new Float32Array(size);
}

/** An ndarray on `data`, row-major from its first element; shares the memory. */
export function wrap(data: FloatData, shape: Shape): NdArray {
  return ndarray(data, [...shape]);
}

/** Fresh zeroed array. */
export function empty(shape: Shape, dtype: Dtype): NdArray {
  return wrap(allocate(sizeOf(shape), dtype), shape);
}

/** Whether the elements lie one after the other in row-major order. */
export function isContiguous(x: NdArray): boolean {
  let expected = 1;
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    if (x.shape[axis] !== 1 && x.stride[axis] !== expected) return false;
    expected *= x.shape[axis];
  }
  return true;
}

/** The elements of `x` in row-major order: its own memory where they lie so already, else a copy. Read only. */
export function packed(x: NdArray): FloatData {
  if (isContiguous(x)) return x.data.subarray(x.offset, x.offset + x.size);
  const out = allocate(x.size, x.dtype);
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
  if (x.size > 0) walk(0, x.offset);
  return out;
}
