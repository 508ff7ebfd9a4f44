import type { Windows } from '../kernels/engine.js';
import { assertNoMoreOptions, inWords, shapeText } from './checks.js';
import { ShapeError } from './errors.js';
import type { Shape } from './types.js';
import { checkedOptions } from './value-checks.js';

export type { Windows };

/** The windows that a convolution or a pooling slides over an image of shape (N, C, H, W). */

/** A number for both directions, or a pair: height before width. */
export type Pair = number | readonly [height: number, width: number];

/** How windows slide. */
export interface WindowOptions {
  /** The distance between windows. Default: 1; the size of the window in a pooling. */
  stride?: Pair;
  /** The rows added above and below the image, and the columns added left and right. Default: 0. */
  padding?: Pair;
}

/**
 * A number or a pair as a pair.
 *
 * @param call what the message begins with, such as `Conv2d`
 * @param name what the message calls the value, such as `stride`
 * @param least 0 or 1
 * @throws RangeError unless both are whole numbers from `least` up
 */
export function pairOf(call: string, name: string, value: Pair, least: 0 | 1): readonly [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((size) => Number.isSafeInteger(size) && size >= least)) {
    throw new RangeError(
      `${call}: expected ${name} to be a whole number from ${least} up, or a pair of them, got ${inWords(value)}`,
    );
  }
  return [pair[0], pair[1]];
}

/**
 * The windows on images of the given shape. The last window ends inside the padded image, so that rows or columns at
 * its end may belong to no window: $OH = \lfloor (H + 2 P - KH) / S \rfloor + 1$.
 *
 * @param call what the message begins with, such as `conv2d`
 * @param shape (…, H, W)
 * @param kernelSize the size of a window
 * @param options stride and padding
 * @throws RangeError for a wrong size, stride or padding; ShapeError when no window fits into the padded image
 */
export function windowsOn(call: string, shape: Shape, kernelSize: Pair, options: WindowOptions = {}): Windows {
  const { stride = 1, padding = 0, ...rest } = checkedOptions(call, options);
  assertNoMoreOptions(call, rest);
  const kernel = pairOf(call, 'kernelSize', kernelSize, 1);
  const [steps, pads] = [pairOf(call, 'stride', stride, 1), pairOf(call, 'padding', padding, 0)];
  const size = shape.slice(-2); // (H, W)
  const count = ([0, 1] as const).map((a) => Math.floor((size[a] + 2 * pads[a] - kernel[a]) / steps[a]) + 1);
  if (!(count[0] >= 1 && count[1] >= 1)) {
    throw new ShapeError(
      `${call}: a window of ${kernel.join(' × ')} does not fit into an image of ${size.join(' × ')} with a padding of ` +
        `${pads.join(' × ')}; the shape is ${shapeText(shape)}`,
    );
  }
  return { kernel, stride: steps, padding: pads, count: [count[0], count[1]] };
}

/** The windows of a pooling. */
export interface Pooling {
  /** The height and the width of a window. */
  kernelSize: readonly [number, number];
  /** The distance between windows. */
  stride: readonly [number, number];
  /** The rows added above and below the image, and the columns added left and right. */
  padding: readonly [number, number];
}

/**
 * The windows of a pooling, as pairs.
 *
 * @param call what an error begins with, such as `MaxPool2d`
 * @param kernelSize the size of a window
 * @param options stride, by default the size of a window; padding
 * @throws RangeError for a wrong size or option, or a padding of more than half a window, with which a window could lie
 * on padding alone
 */
export function poolingOf(call: string, kernelSize: Pair, options: WindowOptions): Pooling {
  const { stride = kernelSize, padding = 0, ...rest } = checkedOptions(call, options);
  assertNoMoreOptions(call, rest);
  const pooling = {
    kernelSize: pairOf(call, 'kernelSize', kernelSize, 1),
    stride: pairOf(call, 'stride', stride, 1),
    padding: pairOf(call, 'padding', padding, 0),
  };
  if ([0, 1].some((axis) => pooling.padding[axis] > pooling.kernelSize[axis] / 2)) {
    const [window, pads] = [pooling.kernelSize, pooling.padding].map((pair) => pair.join(' × '));
    throw new RangeError(`${call}: expected a padding of at most half a window of ${window}, got ${pads}`);
  }
  return pooling;
}

/**
 * Visits the pairs of a row of pixels and a row of windows that meet at one position of the kernel. Position (ky, kx) of
 * window (oy, ox) lies on the pixel in row oy · stride − padding + ky, and in the column alike. Positions on the padding
 * are left out.
 *
 * @param size H and W of the image
 * @param visit gets the position in the kernel, ky · KW + kx; the first pixel of the row, y · W + x; the first window,
 * oy · OW + ox; and the number of windows from there on. Each lies `stride[1]` pixels after the one before.
 */
export function forEachRun(
  [H, W]: readonly number[],
  { kernel: [KH, KW], stride, padding, count: [OH, OW] }: Windows,
  visit: (position: number, pixel: number, window: number, length: number) => void,
): void {
  for (let ky = 0; ky < KH; ky++) {
    for (let kx = 0; kx < KW; kx++) {
      const [first, last] = windowsInside(W, kx - padding[1], stride[1], OW);
      if (first > last) continue;
      for (let oy = 0; oy < OH; oy++) {
        const y = oy * stride[0] - padding[0] + ky;
        if (y < 0 || y >= H) continue;
        const x = first * stride[1] - padding[1] + kx;
        visit(ky * KW + kx, y * W + x, oy * OW + first, last - first + 1);
      }
    }
  }
}

/** The first and the last of `count` windows o for which o · stride + shift is from 0 to size − 1. */
function windowsInside(size: number, shift: number, stride: number, count: number): [first: number, last: number] {
  return [Math.max(0, Math.ceil(-shift / stride)), Math.min(count - 1, Math.floor((size - 1 - shift) / stride))];
}
