import { engine } from '../kernels/backend.js';
import { assertMemory, assertShape, shapeText } from './checks.js';
import { indexArray } from './create.js';
import { ShapeError } from './errors.js';
import { empty, packed, sizeOf } from './memory.js';
import type { FloatData, IndexArray, NdArray } from './types.js';
import { forEachRun, type Pair, pairOf, poolingOf, type WindowOptions, type Windows, windowsOn } from './windows.js';

/** Pooling: one number for each window of each channel, its maximum or its average. As in PyTorch. */

/** The maximum of each window, and where it is. */
export interface Maxima {
  /** (N, C, OH, OW) */
  out: NdArray;
  /** (N, C, OH, OW): the position y · W + x of the maximum within its channel. */
  indices: IndexArray;
}

/**
 * The maximum of every window of every channel. Padding is −∞ and never wins. Of equal values the first one in row-major
 * order wins. The first NaN wins over every number.
 *
 * @param x (N, C, H, W)
 * @param kernelSize the size of a window
 * @param options stride, by default the size of a window; padding, at most half of it
 * @returns the maxima and their positions, fresh arrays
 * @throws ShapeError for an x of another rank or without a window, RangeError for a wrong size or option
 */
export function maxPool2d(x: NdArray, kernelSize: Pair, options: WindowOptions = {}): Maxima {
  const windows = poolingWindows('maxPool2d', x, kernelSize, options);
  const [N, C, H, W] = x.shape;
  const shape = [N, C, ...windows.count];
  const [out, positions] = [empty(shape, x.dtype), new Int32Array(sizeOf(shape))];
  if (x.size === 0 || !engine().maxima?.(out.data, positions, x, windows)) {
    const values = packed(x);
    for (let plane = 0; plane < N * C; plane++) maximaOfPlane(out.data, positions, values, plane, [H, W], windows);
  }
  return { out, indices: indexArray(positions, shape) };
}

/** The maxima of the windows of one channel of one image. */
function maximaOfPlane(
  out: FloatData,
  positions: Int32Array,
  values: FloatData,
  plane: number,
  [H, W]: readonly [number, number],
  { kernel, stride, padding, count: [OH, OW] }: Windows,
): void {
  const start = plane * H * W;
  let written = plane * OH * OW;
  for (let oy = 0; oy < OH; oy++) {
    const top = oy * stride[0] - padding[0];
    const [firstY, lastY] = [Math.max(0, top), Math.min(H, top + kernel[0]) - 1];
    for (let ox = 0; ox < OW; ox++, written++) {
      const left = ox * stride[1] - padding[1];
      const [firstX, lastX] = [Math.max(0, left), Math.min(W, left + kernel[1]) - 1];
      let most = values[start + firstY * W + firstX];
      let position = firstY * W + firstX;
      for (let y = firstY; y <= lastY; y++) {
        for (let p = y * W + firstX; p <= y * W + lastX; p++) {
          const value = values[start + p];
          if (!(value <= most) && !Number.isNaN(most)) {
            most = value;
            position = p;
          }
        }
      }
      out[written] = most;
      positions[written] = position;
    }
  }
}

/**
 * The gradient of a loss with respect to the images of a max pooling: each gradient goes to the maximum of its window,
 * and adds to what comes from other windows with the same maximum.
 *
 * @param dout (N, C, OH, OW), the gradient with respect to the maxima
 * @param indices (N, C, OH, OW), the positions of the maxima
 * @param size H and W of the images
 * @returns (N, C, H, W), a fresh array
 * @throws ShapeError for shapes that do not match, or for a position outside of the image
 */
export function maxPool2dGradient(dout: NdArray, indices: IndexArray, size: Pair): NdArray {
  assertShape('maxPool2dGradient', 'dout', dout, ['N', 'C', 'OH', 'OW']);
  assertMemory('maxPool2dGradient', 'indices', indices);
  if (shapeText(indices.shape) !== shapeText(dout.shape)) {
    throw new ShapeError(
      `maxPool2dGradient: expected indices of shape ${shapeText(dout.shape)}, got ${shapeText(indices.shape)}`,
    );
  }
  const [H, W] = pairOf('maxPool2dGradient', 'size', size, 1);
  const [N, C, OH, OW] = dout.shape;
  const dx = empty([N, C, H, W], dout.dtype);
  const gradients = packed(dout);
  const [alongN, alongC, alongY, alongX] = indices.stride;
  let read = 0;
  for (let plane = 0; plane < N * C; plane++) {
    const start = indices.offset + Math.floor(plane / C) * alongN + (plane % C) * alongC;
    for (let oy = 0; oy < OH; oy++) {
      for (let ox = 0; ox < OW; ox++, read++) {
        const position = indices.data[start + oy * alongY + ox * alongX];
        if (!(position >= 0 && position < H * W)) {
          throw new ShapeError(`maxPool2dGradient: an image of ${H} × ${W} has no position ${position}`);
        }
        dx.data[plane * H * W + position] += gradients[read];
      }
    }
  }
  return dx;
}

/**
 * The average of every window of every channel. Padding counts as 0, and the divisor is always the size of the window:
 * PyTorch's `count_include_pad`, its default.
 *
 * @param x (N, C, H, W)
 * @param kernelSize the size of a window
 * @param options stride, by default the size of a window; padding, at most half of it
 * @returns (N, C, OH, OW), a fresh array
 * @throws ShapeError for an x of another rank or without a window, RangeError for a wrong size or option
 */
export function avgPool2d(x: NdArray, kernelSize: Pair, options: WindowOptions = {}): NdArray {
  const windows = poolingWindows('avgPool2d', x, kernelSize, options);
  const [N, C, H, W] = x.shape;
  const [values, out] = [packed(x), empty([N, C, ...windows.count], x.dtype)];
  const [sums, step, count] = [out.data, windows.stride[1], windows.count[0] * windows.count[1]];
  forEachRun([H, W], windows, (_position, pixel, window, length) => {
    for (let plane = 0; plane < N * C; plane++) {
      const [p, q] = [plane * H * W + pixel, plane * count + window];
      for (let i = 0; i < length; i++) sums[q + i] += values[p + i * step];
    }
  });
  const divisor = windows.kernel[0] * windows.kernel[1];
  for (let i = 0; i < sums.length; i++) sums[i] /= divisor;
  return out;
}

/**
 * The gradient of a loss with respect to the images of an average pooling: every pixel of a window gets an equal share
 * of the gradient of its average.
 *
 * @param dout (N, C, OH, OW), the gradient with respect to the averages
 * @param size H and W of the images
 * @param kernelSize the size of a window
 * @param options the stride and padding that `avgPool2d` got
 * @returns (N, C, H, W), a fresh array; 0 where no window reaches
 * @throws ShapeError for a dout that does not match, RangeError for a wrong size or option
 */
export function avgPool2dGradient(dout: NdArray, size: Pair, kernelSize: Pair, options: WindowOptions = {}): NdArray {
  assertShape('avgPool2dGradient', 'dout', dout, ['N', 'C', 'OH', 'OW']);
  const [N, C] = dout.shape;
  const [H, W] = pairOf('avgPool2dGradient', 'size', size, 1);
  const dx = empty([N, C, H, W], dout.dtype);
  const windows = poolingWindows('avgPool2dGradient', dx, kernelSize, options);
  assertShape('avgPool2dGradient', 'dout', dout, [N, C, ...windows.count]);
  const [gradients, sums] = [packed(dout), dx.data];
  const [step, count] = [windows.stride[1], windows.count[0] * windows.count[1]];
  const divisor = windows.kernel[0] * windows.kernel[1];
  forEachRun([H, W], windows, (_position, pixel, window, length) => {
    for (let plane = 0; plane < N * C; plane++) {
      const [p, q] = [plane * H * W + pixel, plane * count + window];
      for (let i = 0; i < length; i++) sums[p + i * step] += gradients[q + i] / divisor;
    }
  });
  return dx;
}

function poolingWindows(call: string, x: NdArray, kernelSize: Pair, options: WindowOptions): Windows {
  assertShape(call, 'x', x, ['N', 'C', 'H', 'W']);
  const { stride, padding } = poolingOf(call, kernelSize, options);
  return windowsOn(call, x.shape, kernelSize, { stride, padding });
}
