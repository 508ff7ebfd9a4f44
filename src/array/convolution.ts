import { engine } from '../kernels/backend.js';
import { assertDtype, assertShape } from './checks.js';
import { matmul, multiplyInto } from './matmul.js';
import { sizeOf, unfilled, wrap } from './memory.js';
import { reshape, slice, transpose } from './rearrange.js';
import type { NdArray } from './types.js';
import { addColumns, columnsOf } from './unfold.js';
import { type Pair, pairOf, type WindowOptions, type Windows, windowsOn } from './windows.js';

/**
 * The three products of a convolution, the output and two gradients. Each is a sum over images of a matrix product with
 * unfolded images. One image is unfolded at a time, because its columns hold each pixel KH · KW times. An engine may have
 * something faster.
 */

/**
 * The convolution of images with kernels. As in all of deep learning, the kernels are not flipped:
 * $Y_{noyx} = \sum_{i,u,v} W_{oiuv}\, X_{n,\, i,\, y S + u - P,\, x S + v - P}$, where X is 0 outside of the image.
 *
 * @param x (N, I, H, W)
 * @param weight (O, I, KH, KW), of the dtype of x
 * @param options stride and padding
 * @returns (N, O, OH, OW), a fresh array, with $OH = \lfloor (H + 2 P - KH) / S \rfloor + 1$
 * @throws ShapeError for shapes that do not match or a kernel that does not fit, DtypeError for two dtypes, RangeError
 * for a wrong option
 */
export function conv2d(x: NdArray, weight: NdArray, options: WindowOptions = {}): NdArray {
  assertShape('conv2d', 'x', x, ['N', 'I', 'H', 'W']);
  assertShape('conv2d', 'weight', weight, ['O', x.shape[1], 'KH', 'KW']);
  assertDtype('conv2d', 'weight', weight, x.dtype);
  const windows = windowsOn('conv2d', x.shape, sizeOfKernel(weight), options);
  const [N, O] = [x.shape[0], weight.shape[0]];
  const shape = [N, O, ...windows.count];
  const out = wrap(unfilled(sizeOf(shape), x.dtype), shape);
  if (engine().convolution?.output(out, x, weight, windows)) return out;

  const rows = reshape(weight, [O, -1]); // (O, I · KH · KW)
  for (let n = 0; n < N; n++) {
    const columns = columnsOfImage(x, n, windows); // (I · KH · KW, OH · OW)
    multiplyInto(matrixOf(sample(out, n)), rows, columns, 0); // (O, OH · OW)
  }
  return out;
}

/**
 * The gradient of a loss with respect to the kernels of a convolution: the sum over images of
 * $\mathrm{d}Y_n\, \mathrm{unfold}(X_n)^\top$.
 *
 * @param x (N, I, H, W), what `conv2d` got
 * @param dout (N, O, OH, OW), the gradient with respect to its output
 * @param kernelSize KH and KW
 * @param options the stride and padding that `conv2d` got
 * @returns (O, I, KH, KW), a fresh array
 * @throws ShapeError for shapes that do not match, DtypeError for two dtypes, RangeError for a wrong size or option
 */
export function conv2dWeightGradient(
  x: NdArray,
  dout: NdArray,
  kernelSize: Pair,
  options: WindowOptions = {},
): NdArray {
  assertShape('conv2dWeightGradient', 'x', x, ['N', 'I', 'H', 'W']);
  const windows = windowsOn('conv2dWeightGradient', x.shape, kernelSize, options);
  assertShape('conv2dWeightGradient', 'dout', dout, [x.shape[0], 'O', ...windows.count]);
  assertDtype('conv2dWeightGradient', 'dout', dout, x.dtype);
  const [N, O] = dout.shape;
  const shape = [O, x.shape[1], ...windows.kernel];
  const dWeight = wrap(unfilled(sizeOf(shape), x.dtype), shape);
  if (engine().convolution?.weightGradient(dWeight, x, dout, windows)) return dWeight;
  dWeight.data.fill(0);

  for (let n = 0; n < N; n++) {
    const columns = columnsOfImage(x, n, windows); // (I · KH · KW, OH · OW)
    multiplyInto(reshape(dWeight, [O, -1]), matrixOf(sample(dout, n)), transpose(columns), 1); // (O, I · KH · KW)
  }
  return dWeight;
}

/**
 * The gradient of a loss with respect to the images of a convolution: $\mathrm{fold}(W^\top \mathrm{d}Y_n)$ for each
 * image.
 *
 * @param weight (O, I, KH, KW), what `conv2d` got
 * @param dout (N, O, OH, OW), the gradient with respect to its output
 * @param size H and W of the images
 * @param options the stride and padding that `conv2d` got
 * @returns (N, I, H, W), a fresh array; 0 where no window reaches
 * @throws ShapeError for shapes that do not match, DtypeError for two dtypes, RangeError for a wrong size or option
 */
export function conv2dInputGradient(weight: NdArray, dout: NdArray, size: Pair, options: WindowOptions = {}): NdArray {
  assertShape('conv2dInputGradient', 'weight', weight, ['O', 'I', 'KH', 'KW']);
  const image = pairOf('conv2dInputGradient', 'size', size, 1);
  const windows = windowsOn('conv2dInputGradient', image, sizeOfKernel(weight), options);
  assertShape('conv2dInputGradient', 'dout', dout, ['N', weight.shape[0], ...windows.count]);
  assertDtype('conv2dInputGradient', 'dout', dout, weight.dtype);
  const [N, O] = dout.shape;
  const shape = [N, weight.shape[1], ...image];
  const dx = wrap(unfilled(sizeOf(shape), weight.dtype), shape);
  if (engine().convolution?.inputGradient(dx, weight, dout, windows)) return dx;
  dx.data.fill(0);

  const columnsOfWeight = transpose(reshape(weight, [O, -1])); // (I · KH · KW, O)
  for (let n = 0; n < N; n++) {
    const [image, dOut] = [sample(dx, n), matrixOf(sample(dout, n))]; // (1, I, H, W) and (O, OH · OW)
    if (arePixels(windows)) multiplyInto(matrixOf(image), columnsOfWeight, dOut, 0);
    else addColumns(image, matmul(columnsOfWeight, dOut), windows); // from (I · KH · KW, OH · OW)
  }
  return dx;
}

/** (I · KH · KW, OH · OW), the windows of image n: the image itself if every window is a pixel. */
function columnsOfImage(x: NdArray, n: number, windows: Windows): NdArray {
  const image = sample(x, n); // (1, I, H, W)
  return matrixOf(arePixels(windows) ? image : columnsOf(image, windows));
}

/** Whether the windows are the pixels: a kernel of 1 × 1, a stride of 1, no padding. */
function arePixels({ kernel, stride, padding }: Windows): boolean {
  return [...kernel, ...stride].every((size) => size === 1) && padding[0] + padding[1] === 0;
}

function sizeOfKernel(weight: NdArray): readonly [number, number] {
  return [weight.shape[2], weight.shape[3]];
}

/** (1, …), sample n alone: a view. */
function sample(x: NdArray, n: number): NdArray {
  return slice(x, [n, n + 1]);
}

/** (1, C, …) as a matrix (C, …), with the positions in one axis. A view if x is contiguous. */
function matrixOf(x: NdArray): NdArray {
  return reshape(x, [x.shape[1], -1]);
}
