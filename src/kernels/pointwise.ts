import { copyFloats } from '#copy';
import type { Convolution, Images, Windows } from './engine.js';
import type { Product } from './product.js';
import { rowMajor } from './strided-block.js';
import { runTask } from './wasm-context.js';
import { WasmWorkspace } from './wasm-workspace.js';

/**
 * The convolution with kernels of 1×1 in float32: a product of the kernels and the pixels. A batch (N, C, H, W) becomes a
 * matrix with a row for each channel and a column for each pixel of each image. Then with kernels W (O, C), images X (C, N · H · W) and
 * outputs Y (O, N · H · W)
 *
 *    Y = W X,   ∂L/∂W = ∂L/∂Y Xᵀ,   ∂L/∂X = Wᵀ ∂L/∂Y.
 *
 * The batch is rearranged while it is copied into the memory of WebAssembly, some images at a time.
 */
export const pointwise: Convolution = {
  output(out, x, weight, windows) {
    if (!isPossible(out, windows)) return false;
    while (!mapPixels(out, weight, x, false));
    return true;
  },
  inputGradient(out, weight, dout, windows) {
    if (!isPossible(out, windows)) return false;
    while (!mapPixels(out, weight, dout, true));
    return true;
  },
  weightGradient(out, x, dout, windows) {
    if (!isPossible(out, windows)) return false;
    while (!correlate(out, x, dout));
    return true;
  },
};

/** The size of the images and outputs that are multiplied at once, so that they stay in the caches. */
const SLAB_BYTES = 2 ** 22;
/** Products of fewer multiplications run on one thread. */
const WORTH_THREADS = 2 ** 21;

function isPossible({ dtype, size }: Images, { kernel, stride, padding }: Windows): boolean {
  const isPixel = [...kernel, ...stride].every((length) => length === 1) && padding.every((width) => width === 0);
  return dtype === 'float32' && size > 0 && isPixel;
}

/** One attempt at W X, or at Wᵀ X. Returns false if a thread died. */
function mapPixels(out: Images, weight: Images, x: Images, transposed: boolean): boolean {
  const [result, kernels, images] = [out, weight, x].map((array) => rowMajor(array) as Float32Array);
  const [count, k, pixels] = sizeOf(x);
  const n = out.shape[1];
  const slab = slabOf(count, n + k, pixels);
  const workspace = new WasmWorkspace();
  const [a, b, c] = [n * k, k * slab * pixels, n * slab * pixels].map((length) => workspace.floats(length));
  const memory = workspace.open();
  copyFloats(memory, a / 4, kernels);
  for (let first = 0; first < count; first += slab) {
    const some = Math.min(slab, count - first);
    const row = 4 * some * pixels;
    toColumns(memory, b / 4, images, first, some, k, pixels);
    const done = multiply({
      ...{ size: 4, n, m: some * pixels, k, alpha: 1, beta: 0 },
      ...{ a, rowA: transposed ? 4 : 4 * k, columnA: transposed ? 4 * n : 4, b, rowB: row, columnB: 4, c, rowC: row },
    });
    if (!done) return false;
    fromColumns(result, memory, c / 4, first, some, n, pixels);
  }
  return true;
}

/** One attempt at the gradient of the kernels. Returns false if a thread died. */
function correlate(out: Images, x: Images, dout: Images): boolean {
  const [result, images, gradients] = [out, x, dout].map((array) => rowMajor(array) as Float32Array);
  const [count, m, pixels] = sizeOf(x);
  const n = dout.shape[1];
  const slab = slabOf(count, n + m, pixels);
  const workspace = new WasmWorkspace();
  const [a, b, c] = [n * slab * pixels, m * slab * pixels, n * m].map((length) => workspace.floats(length));
  const memory = workspace.open();
  for (let first = 0; first < count; first += slab) {
    const some = Math.min(slab, count - first);
    const row = 4 * some * pixels;
    toColumns(memory, a / 4, gradients, first, some, n, pixels);
    toColumns(memory, b / 4, images, first, some, m, pixels);
    const done = multiply({
      ...{ size: 4, n, m, k: some * pixels, alpha: 1, beta: first === 0 ? 0 : 1 },
      ...{ a, rowA: row, columnA: 4, b, rowB: 4, columnB: row, c, rowC: 4 * m },
    });
    if (!done) return false;
  }
  copyFloats(result, 0, memory.subarray(c / 4, c / 4 + n * m));
  return true;
}

function multiply(product: Product): boolean {
  return runTask(product, product.n * product.m * product.k >= WORTH_THREADS);
}

/** Copies some images into a matrix with a row for each channel. */
function toColumns(
  memory: Float32Array,
  at: number,
  images: Float32Array,
  first: number,
  some: number,
  channels: number,
  pixels: number,
): void {
  for (let n = 0; n < some; n++) {
    for (let c = 0; c < channels; c++) {
      const from = ((first + n) * channels + c) * pixels;
      copyFloats(memory, at + (c * some + n) * pixels, images.subarray(from, from + pixels));
    }
  }
}

/** Copies such a matrix back into images. */
function fromColumns(
  images: Float32Array,
  memory: Float32Array,
  at: number,
  first: number,
  some: number,
  channels: number,
  pixels: number,
): void {
  for (let n = 0; n < some; n++) {
    for (let c = 0; c < channels; c++) {
      const from = at + (c * some + n) * pixels;
      copyFloats(images, ((first + n) * channels + c) * pixels, memory.subarray(from, from + pixels));
    }
  }
}

/** N, C and the number of pixels of each image. */
function sizeOf({ shape: [count, channels, height, width] }: Images): [number, number, number] {
  return [count, channels, height * width];
}

function slabOf(count: number, channels: number, pixels: number): number {
  return Math.min(count, Math.max(1, Math.floor(SLAB_BYTES / (4 * channels * pixels))));
}
