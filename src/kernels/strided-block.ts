import { copyFloats } from '#copy';
import type { Images, Matrix } from './engine.js';

/**
 * A block of memory that contains a matrix, and the place of the matrix in it. Positions and strides count elements.
 */
export interface StridedBlock {
  data: Float32Array | Float64Array;
  first: number;
  row: number;
  column: number;
}

/**
 * The memory from the first to the last element of a matrix. If a view skips more than half of it, as every tenth
 * column does, its elements are copied to new memory instead.
 */
export function stridedBlockOf(x: Matrix): StridedBlock {
  const { data, offset, shape, stride } = x;
  const [rows, columns] = shape;
  const [row, column] = stride;
  const reach = [(rows - 1) * row, (columns - 1) * column];
  const low = offset + Math.min(0, reach[0]) + Math.min(0, reach[1]);
  const high = offset + Math.max(0, reach[0]) + Math.max(0, reach[1]);
  if (high - low < 2 * rows * columns) return { data: data.subarray(low, high + 1), first: offset - low, row, column };
  return { data: rowMajorCopy(x), first: 0, row: columns, column: 1 };
}

/** The elements of a matrix in new memory, row by row. */
export function rowMajorCopy(x: Matrix): Matrix['data'] {
  const copy = emptyLike(x);
  readRows(copy, x);
  return copy;
}

/** The elements of images in row-major order: their own memory if they are contiguous, otherwise a copy. */
export function rowMajor(x: Images): Matrix['data'] {
  const { data, offset, shape, stride, size } = x;
  const [N, C, H, W] = shape;
  const contiguous = [C * H * W, H * W, W, 1].every((step, axis) => shape[axis] === 1 || stride[axis] === step);
  if (contiguous) return data.subarray(offset, offset + size);
  const copy = emptyLike(x);
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) readRows(copy.subarray((n * C + c) * H * W), x.pick(n, c));
  }
  return copy;
}

/** New memory for the elements of an array, of its dtype. */
export function emptyLike(x: Matrix): Matrix['data'] {
  return x.dtype === 'float64' ? new Float64Array(x.size) : new Float32Array(x.size);
}

/** Some rows of a matrix, as a view. */
export function rowsOf(x: Matrix, start: number, count: number): Matrix {
  return x.lo(start, 0).hi(count, x.shape[1]);
}

/** Copies a matrix into a flat array, row by row. */
export function readRows(
  to: Float32Array | Float64Array,
  { data, offset, shape: [rows, columns], stride: [row, column] }: Matrix,
): void {
  if (column === 1 && row === columns) {
    copyFloats(to, 0, data.subarray(offset, offset + rows * columns));
    return;
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) to[i * columns + j] = data[offset + i * row + j * column];
  }
}

/** Copies a flat array into a matrix, row by row. */
export function writeRows(
  from: Float32Array | Float64Array,
  { data, offset, shape: [rows, columns], stride: [row, column] }: Matrix,
): void {
  if (column === 1 && row === columns) {
    copyFloats(data, offset, from);
    return;
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[offset + i * row + j * column] = from[i * columns + j];
  }
}
