import { assign, at, full, type NdArray, setAt, slice, zeros } from '../../array/index.js';
import { type SlidingWindows, slidingWindows } from '../grading/graded-image-layers.js';
import type { Observation, Terms } from '../grading/observation.js';

/** What mistakes in convolution and pooling have in common: windows that slide over images. */

type Size = readonly [height: number, width: number];

/** The quantities of a test case with windows. */
export interface WindowParts extends SlidingWindows {
  terms: Terms;
  x: NdArray;
  dout: NdArray;
  want: NdArray;
  /** The value of a parameter's `grad` before. */
  start?: NdArray;
  /** H and W. */
  size: Size;
  /** OH and OW. */
  count: Size;
}

/** The quantities of an observation with windows. */
export function windowPartsOf({ terms, want, array, start, case: given }: Observation): WindowParts {
  const { x, dout = want } = terms;
  const [, , H, W] = x.shape;
  const [, , OH, OW] = (array === 'out' ? want : dout).shape;
  return { ...slidingWindows(given), terms, x, dout, want, start, size: [H, W], count: [OH, OW] };
}

/** Images with more rows and columns before and after. */
export function widened(x: NdArray, before: Size, after: Size, value = 0): NdArray {
  const [N, C, H, W] = x.shape;
  const wide = full([N, C, H + before[0] + after[0], W + before[1] + after[1]], value, 'float64');
  assign(slice(wide, null, null, [before[0], before[0] + H], [before[1], before[1] + W]), x);
  return wide;
}

/** The part of images that begins at a pixel. Where there are no pixels, it is 0. */
export function partOf(x: NdArray, [top, left]: Size, [H, W]: Size): NdArray {
  const wide = widened(x, [0, 0], [top + H, left + W]);
  return slice(wide, null, null, [top, top + H], [left, left + W]);
}

/** Kernels turned by 180°. */
export function turned(kernels: NdArray): NdArray {
  const [O, C, KH, KW] = kernels.shape;
  const out = zeros(kernels.shape, 'float64');
  for (let o = 0; o < O; o++) {
    for (let c = 0; c < C; c++) {
      for (let u = 0; u < KH; u++) {
        for (let v = 0; v < KW; v++) setAt(out, [o, c, u, v], at(kernels, o, c, KH - 1 - u, KW - 1 - v));
      }
    }
  }
  return out;
}

/** One window of one channel of one image. */
export interface OneWindow {
  /** The place of its output: n, c, i, j. */
  output: number[];
  /** The places of its pixels on the image, in row-major order: n, c, p, q. */
  pixels: number[][];
}

/** The windows of every channel, in row-major order. */
export function windowsOf({ x, kernelSize, stride, padding, size, count }: WindowParts): OneWindow[] {
  const [N, C] = x.shape;
  const along = (axis: 0 | 1, window: number) =>
    Array.from({ length: kernelSize[axis] }, (_, u) => window * stride[axis] - padding[axis] + u).filter(
      (pixel) => pixel >= 0 && pixel < size[axis],
    );
  const windows: OneWindow[] = [];
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      for (let i = 0; i < count[0]; i++) {
        for (let j = 0; j < count[1]; j++) {
          const pixels = along(0, i).flatMap((p) => along(1, j).map((q) => [n, c, p, q]));
          windows.push({ output: [n, c, i, j], pixels });
        }
      }
    }
  }
  return windows;
}

/**
 * dx of a pooling that gives the pixels of a window shares of its gradient.
 *
 * @param sharesOf the share of each pixel of a window
 * @param overwrite whether a later window overwrites what an earlier one gave to a pixel
 */
export function shared(
  parts: WindowParts,
  sharesOf: (values: number[], parts: WindowParts) => number[],
  overwrite = false,
): NdArray {
  const dx = zeros(parts.x.shape, 'float64');
  for (const { output, pixels } of windowsOf(parts)) {
    const shares = sharesOf(
      pixels.map((place) => at(parts.x, ...place)),
      parts,
    );
    for (const [k, place] of pixels.entries()) {
      if (shares[k] === 0) continue;
      setAt(dx, place, (overwrite ? 0 : at(dx, ...place)) + shares[k] * at(parts.dout, ...output));
    }
  }
  return dx;
}
