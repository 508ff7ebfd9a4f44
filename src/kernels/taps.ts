import { copyFloats } from '#copy';
import type { Convolution, Images, Windows } from './engine.js';
import type { Product } from './product.js';
import { rowMajor } from './strided-block.js';
import type { SweepName } from './sweep.js';
import { runTask } from './wasm-context.js';
import { type Planes, WasmWorkspace } from './wasm-workspace.js';

/**
 * The convolution of small images in float32, directly. Position t of the kernels, a *tap*, is a matrix $W_t$ (O, C). If it lies on pixel p of
 * the image in window q, it adds $W_t X_p$ to the output $Y_q$, where the columns of $X_p$ and $Y_q$ are the images of the batch. On images of 2×2
 * with kernels of 3×3, only 16 of the 36 pairs of a tap and a window lie on a pixel; all others lie on padding. The gradients are
 *
 *    ∂L/∂W_t = Σ ∂L/∂Y_q X_pᵀ,   ∂L/∂X_p = Σ W_tᵀ ∂L/∂Y_q,   over the same pairs.
 */
export const tapByTap: Convolution = {
  output(out, x, weight, windows) {
    const pairs = pairsOf(out, x, windows);
    if (!pairs) return false;
    while (!mapPixels(out, weight, x, pairs, false));
    return true;
  },
  inputGradient(out, weight, dout, windows) {
    const pairs = pairsOf(dout, out, windows);
    if (!pairs) return false;
    while (!mapPixels(out, weight, dout, pairs, true));
    return true;
  },
  weightGradient(out, x, dout, windows) {
    const pairs = pairsOf(dout, x, windows);
    if (!pairs) return false;
    while (!correlate(out, x, dout, pairs));
    return true;
  },
};

/** Tap t of window q lies on pixel p. */
interface Pair {
  tap: number;
  window: number;
  pixel: number;
}

/** The largest images: with more pixels, Winograd's algorithm multiplies less. */
const MOST_PIXELS = 4;
/** Transforms of fewer kernels, and products of fewer multiplications, run on one thread. */
const WORTH_THREADS = { kernels: 2 ** 13, product: 2 ** 21 };

/** All pairs, for small images in float32 with more than one tap; otherwise undefined. */
function pairsOf(outputs: Images, images: Images, { kernel, stride, padding, count }: Windows): Pair[] | undefined {
  const [, , height, width] = images.shape;
  const isSmall = height * width <= MOST_PIXELS && count[0] * count[1] <= MOST_PIXELS;
  if (outputs.dtype !== 'float32' || outputs.size * images.size === 0 || !isSmall || kernel[0] * kernel[1] === 1) {
    return undefined;
  }
  const pairs: Pair[] = [];
  for (let window = 0; window < count[0] * count[1]; window++) {
    const [i, j] = [Math.floor(window / count[1]), window % count[1]];
    for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
      const y = i * stride[0] - padding[0] + Math.floor(tap / kernel[1]);
      const x = j * stride[1] - padding[1] + (tap % kernel[1]);
      if (y >= 0 && y < height && x >= 0 && x < width) pairs.push({ tap, window, pixel: y * width + x });
    }
  }
  return pairs;
}

/** One attempt at the output, or with `transposed` at the gradient of the images. Returns false if a thread died. */
function mapPixels(out: Images, weight: Images, x: Images, pairs: readonly Pair[], transposed: boolean): boolean {
  const [count, k] = x.shape;
  const n = out.shape[1];
  const workspace = new WasmWorkspace();
  const kernels = new Kernels(workspace, weight);
  const [b, c] = [x, out].map((images) => workspace.planes(pixelsOf(images), images.shape[1], count));
  const memory = workspace.open();
  memory.fill(0, c.address / 4, (c.address + pixelsOf(out) * c.step) / 4); // an output that no pixel reaches is 0
  if (!kernels.split(memory, rowMajor(weight) as Float32Array)) return false;
  toPlanes(memory, b, x);
  for (const { tap, window, pixel } of pairs) {
    const a = { ...kernels.planes, address: kernels.planes.address + tap * kernels.planes.step };
    const [from, to] = transposed ? [window, pixel] : [pixel, window];
    const done = multiply({
      ...{ size: 4, n, m: count, k, alpha: 1, beta: 1 },
      ...{ a: a.address, rowA: transposed ? a.column : a.row, columnA: transposed ? a.row : a.column },
      ...{ b: b.address + from * b.step, rowB: b.row, columnB: b.column, c: c.address + to * c.step, rowC: c.row },
    });
    if (!done) return false;
  }
  fromPlanes(out, memory, c);
  return true;
}

/** One attempt at the gradient of the kernels. Returns false if a thread died. */
function correlate(out: Images, x: Images, dout: Images, pairs: readonly Pair[]): boolean {
  const [k, n, m] = [x.shape[0], dout.shape[1], x.shape[1]];
  const workspace = new WasmWorkspace();
  const kernels = new Kernels(workspace, out);
  const [a, b] = [dout, x].map((images) => workspace.planes(pixelsOf(images), images.shape[1], k));
  const memory = workspace.open();
  toPlanes(memory, a, dout);
  toPlanes(memory, b, x);
  const { planes } = kernels;
  memory.fill(0, planes.address / 4, (planes.address + pixelsOf(out) * planes.step) / 4); // a tap on padding alone has none
  for (const { tap, window, pixel } of pairs) {
    const done = multiply({
      ...{ size: 4, n, m, k, alpha: 1, beta: 1, c: planes.address + tap * planes.step, rowC: planes.row },
      ...{ a: a.address + window * a.step, rowA: a.row, columnA: a.column },
      ...{ b: b.address + pixel * b.step, rowB: b.column, columnB: b.row },
    });
    if (!done) return false;
  }
  return kernels.join(memory, out.data as Float32Array, out.offset);
}

/** Kernels (O, C, KH, KW) in WebAssembly's memory: as they are, and as a matrix (O, C) for each tap. */
class Kernels {
  readonly planes: Planes;
  private readonly address: number;
  private readonly count: number;
  private readonly taps: number;

  constructor(workspace: WasmWorkspace, { shape: [outputs, inputs, height, width] }: Images) {
    this.taps = height * width;
    this.count = outputs * inputs;
    this.planes = workspace.planes(this.taps, outputs, inputs);
    this.address = workspace.floats(this.count * this.taps);
  }

  split(memory: Float32Array, kernels: Float32Array): boolean {
    copyFloats(memory, this.address / 4, kernels);
    return this.sweep('splitTaps');
  }

  join(memory: Float32Array, kernels: Float32Array, at: number): boolean {
    if (!this.sweep('joinTaps')) return false;
    const start = this.address / 4;
    copyFloats(kernels, at, memory.subarray(start, start + this.count * this.taps));
    return true;
  }

  private sweep(name: SweepName): boolean {
    const numbers = [this.planes.address, this.planes.step, this.address, this.taps];
    return runTask({ name, numbers, first: 0, last: this.count, unit: 16 }, this.count >= WORTH_THREADS.kernels);
  }
}

function multiply(product: Product): boolean {
  return runTask(product, product.n * product.m * product.k >= WORTH_THREADS.product);
}

/** A matrix for each pixel, with a row for each channel and a column for each image. */
function toPlanes(memory: Float32Array, { address, row, step }: Planes, images: Images): void {
  const values = rowMajor(images);
  const [count, channels] = images.shape;
  const pixels = pixelsOf(images);
  for (let n = 0, read = 0; n < count; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) memory[(address + p * step + c * row) / 4 + n] = values[read++];
    }
  }
}

/** Such matrices back to images, which are contiguous. */
function fromPlanes(images: Images, memory: Float32Array, { address, row, step }: Planes): void {
  const [count, channels] = images.shape;
  const pixels = pixelsOf(images);
  for (let n = 0, written = images.offset; n < count; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) images.data[written++] = memory[(address + p * step + c * row) / 4 + n];
    }
  }
}

function pixelsOf({ shape: [, , height, width] }: Images): number {
  return height * width;
}
