import { assertShape, shapeText } from './checks.js';
import { ShapeError } from './errors.js';
import { empty, packed } from './memory.js';
import type { NdArray } from './types.js';
import { forEachRun, type Pair, pairOf, type WindowOptions, type Windows, windowsOn } from './windows.js';

/**
 * Unfolding turns a convolution into a matrix product: it copies every window of an image into a column (im2col).
 * Folding is its transpose: it adds every column back to the pixels that the column came from (col2im).
 */

/**
 * The windows of images as the columns of a matrix, as PyTorch's `unfold` has them. Padding is 0.
 *
 * @param x (N, C, H, W)
 * @param kernelSize KH and KW
 * @param options stride and padding
 * @returns (N, C · KH · KW, OH · OW), a fresh array: row (c, ky, kx) of column (oy, ox) is the pixel of channel c in row
 * oy · stride − padding + ky and in the column alike
 * @throws ShapeError for an x of another rank or without a window, RangeError for a wrong option
 */
export function unfold(x: NdArray, kernelSize: Pair, options: WindowOptions = {}): NdArray {
  assertShape('unfold', 'x', x, ['N', 'C', 'H', 'W']);
  return columnsOf(x, windowsOn('unfold', x.shape, kernelSize, options));
}

/** `unfold` for windows that were checked. */
export function columnsOf(x: NdArray, windows: Windows): NdArray {
  const [N, C, H, W] = x.shape;
  const [positions, count] = [windows.kernel[0] * windows.kernel[1], windows.count[0] * windows.count[1]];
  const out = empty([N, C * positions, count], x.dtype);
  const [from, to, step] = [packed(x), out.data, windows.stride[1]];
  forEachRun([H, W], windows, (position, pixel, window, length) => {
    for (let plane = 0; plane < N * C; plane++) {
      const p = plane * H * W + pixel;
      const q = (plane * positions + position) * count + window;
      for (let i = 0; i < length; i++) to[q + i] = from[p + i * step];
    }
  });
  return out;
}

/**
 * The transpose of `unfold`: every pixel is the sum of the elements that `unfold` copies it to.
 *
 * @param columns (N, C · KH · KW, OH · OW)
 * @param size H and W of the images
 * @param kernelSize KH and KW
 * @param options stride and padding
 * @returns (N, C, H, W), a fresh array; 0 where no window reaches
 * @throws ShapeError for columns that no image of this size has, RangeError for a wrong size or option
 */
export function fold(columns: NdArray, size: Pair, kernelSize: Pair, options: WindowOptions = {}): NdArray {
  const image = pairOf('fold', 'size', size, 1);
  const windows = windowsOn('fold', image, kernelSize, options);
  const [positions, count] = [windows.kernel[0] * windows.kernel[1], windows.count[0] * windows.count[1]];
  assertShape('fold', 'columns', columns, ['N', `C · ${positions}`, count]);
  const C = columns.shape[1] / positions;
  if (!Number.isInteger(C)) {
    throw new ShapeError(
      `fold: expected columns of shape (N, C · ${positions}, ${count}), got ${shapeText(columns.shape)}`,
    );
  }
  const out = empty([columns.shape[0], C, ...image], columns.dtype);
  addColumns(out, columns, windows);
  return out;
}

/** Adds columns to the pixels of `out`, which is contiguous, for windows that were checked. */
export function addColumns(out: NdArray, columns: NdArray, windows: Windows): void {
  const [N, C, H, W] = out.shape;
  const [positions, count] = [windows.kernel[0] * windows.kernel[1], windows.count[0] * windows.count[1]];
  const [from, to, step] = [packed(columns), packed(out), windows.stride[1]];
  forEachRun([H, W], windows, (position, pixel, window, length) => {
    for (let plane = 0; plane < N * C; plane++) {
      const p = plane * H * W + pixel;
      const q = (plane * positions + position) * count + window;
      for (let i = 0; i < length; i++) to[p + i * step] += from[q + i];
    }
  });
}
