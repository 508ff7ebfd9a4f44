import { copyFloats } from '#copy';
import type { Convolution, Images, Windows } from './engine.js';
import { rowMajor } from './strided-block.js';
import type { SweepName } from './sweep.js';
import { runTask } from './wasm-context.js';
import { type Planes, WasmWorkspace } from './wasm-workspace.js';

/**
 * Winograd's convolution F(4×4, 3×3) in float32, for kernels of 3×3 and stride 1 (Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", 2016). The outputs are cut into tiles of 4×4. A tile takes 36 multiplications per pair
 * of channels, not 144:
 *
 *    Y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A
 *
 * with a kernel g, the 6×6 inputs d of a tile, and its outputs Y. At each of the 36 positions, the sum over the input
 * channels, for all output channels and tiles, is a matrix product. The gradients follow by the chain rule:
 *
 *    ∂L/∂g = Gᵀ [(A ∂L/∂Y Aᵀ) ∘ (Bᵀ d B)] G, summed over all tiles,
 *
 * and the gradient of the inputs is the convolution of ∂L/∂Y with the kernels turned by 180°, from output channels to
 * input channels. The transforms are in `assembly/winograd-transforms.ts`; this file gives them memory, threads and an order.
 */

/** The sizes of a convolution of images (N, C, H, W) with kernels (O, C, 3, 3) to images (N, O, OH, OW). */
interface Sizes {
  /** N */
  count: number;
  input: ImageSize;
  output: ImageSize;
  /** The rows and the columns of zeros on each side of an image, 0 to 2. */
  padding: readonly [rows: number, columns: number];
}

/** The size of each image of a batch. */
interface ImageSize {
  channels: number;
  height: number;
  width: number;
}

/** C = A · B + beta · C at all 36 positions, with A (n, k), B (k, m) and C (n, m). */
interface PlanesProduct {
  n: number;
  m: number;
  k: number;
  a: Planes;
  b: Planes;
  beta: 0 | 1;
  c: Planes;
}

/** The number of positions. */
const POSITIONS = 36;
/** The size of transformed images that are computed at once, so that they stay in the caches. */
const SLAB_BYTES = 2 ** 20;
/** Transforms of fewer numbers, and products of fewer multiplications, run on one thread: more would not be faster. */
const WORTH_THREADS = { transform: 2 ** 16, product: 2 ** 21 };

/**
 * The convolution, for what the algorithm can compute. When a thread dies, an attempt fails; the next one runs on one
 * thread.
 */
export const winograd: Convolution = {
  output(out, x, weight, windows) {
    if (!isPossible(out, windows)) return false;
    const [result, images, kernels] = [out, x, weight].map(floatsOf);
    const sizes = { count: x.shape[0], input: sizeOf(x), output: sizeOf(out), padding: windows.padding };
    while (!convolve(result, images, kernels, sizes, false));
    return true;
  },
  inputGradient(out, weight, dout, { padding: [rows, columns], ...windows }) {
    if (!isPossible(out, { padding: [rows, columns], ...windows })) return false;
    const [result, kernels, gradients] = [out, weight, dout].map(floatsOf);
    const padding = [2 - rows, 2 - columns] as const;
    const sizes = { count: dout.shape[0], input: sizeOf(dout), output: sizeOf(out), padding };
    while (!convolve(result, gradients, kernels, sizes, true));
    return true;
  },
  weightGradient(out, x, dout, windows) {
    if (!isPossible(out, windows)) return false;
    const [result, images, gradients] = [out, x, dout].map(floatsOf);
    const sizes = { count: x.shape[0], input: sizeOf(x), output: sizeOf(dout), padding: windows.padding };
    while (!correlate(result, images, gradients, sizes));
    return true;
  },
};

function isPossible({ dtype, size }: Images, { kernel, stride, padding }: Windows): boolean {
  const fits = kernel.every((length) => length === 3) && stride.every((step) => step === 1);
  return dtype === 'float32' && size > 0 && fits && padding.every((width) => width <= 2);
}

/** The elements in row-major order: the array's own memory if they are contiguous. */
function floatsOf(x: Images): Float32Array {
  return rowMajor(x) as Float32Array;
}

/**
 * One attempt at a convolution. Returns false if a thread died.
 *
 * @param turn whether the kernels are (C, O, 3, 3), and turned by 180°
 */
function convolve(
  out: Float32Array,
  x: Float32Array,
  kernels: Float32Array,
  { count, input, output, padding }: Sizes,
  turn: boolean,
): boolean {
  const slab = slabOf(count, input, output);
  const workspace = new WasmWorkspace();
  const [u, v, y] = [
    turn
      ? workspace.planes(POSITIONS, input.channels, output.channels)
      : workspace.planes(POSITIONS, output.channels, input.channels),
    workspace.planes(POSITIONS, input.channels, columnsOf(slab, output)),
    workspace.planes(POSITIONS, output.channels, columnsOf(slab, output)),
  ];
  const [atKernels, atInput, atOutput] = [kernels.length, slab * lengthOf(input), slab * lengthOf(output)].map(
    (length) => workspace.floats(length),
  );
  const memory = workspace.open();
  copyFloats(memory, atKernels / 4, kernels);
  if (
    !sweep('winogradKernels', [u.address, u.step, atKernels, kernels.length / 9, Number(turn)], kernels.length / 9, 4)
  )
    return false;
  const a = turn ? { ...u, row: u.column, column: u.row } : u;
  for (let first = 0; first < count; first += slab) {
    const some = Math.min(slab, count - first);
    copyFloats(memory, atInput / 4, someOf(x, first, some, input));
    const done =
      transform('winogradInputs', v, atInput, input, some, output, padding) &&
      multiplyPlanes({ n: output.channels, m: columnsOf(some, output), k: input.channels, a, b: v, beta: 0, c: y }) &&
      transform('winogradOutputs', y, atOutput, output, some, output, [0, 0]);
    if (!done) return false;
    copyFloats(out, first * lengthOf(output), memory.subarray(atOutput / 4, atOutput / 4 + some * lengthOf(output)));
  }
  return true;
}

/** One attempt at the gradient of the kernels. Returns false if a thread died. */
function correlate(
  dkernels: Float32Array,
  x: Float32Array,
  dout: Float32Array,
  { count, input, output, padding }: Sizes,
): boolean {
  const slab = slabOf(count, input, output);
  const workspace = new WasmWorkspace();
  const [v, z, u] = [
    workspace.planes(POSITIONS, input.channels, columnsOf(slab, output)),
    workspace.planes(POSITIONS, output.channels, columnsOf(slab, output)),
    workspace.planes(POSITIONS, output.channels, input.channels),
  ];
  const [atKernels, atInput, atOutput] = [dkernels.length, slab * lengthOf(input), slab * lengthOf(output)].map(
    (length) => workspace.floats(length),
  );
  const memory = workspace.open();
  const b = { ...v, row: v.column, column: v.row };
  for (let first = 0; first < count; first += slab) {
    const some = Math.min(slab, count - first);
    copyFloats(memory, atInput / 4, someOf(x, first, some, input));
    copyFloats(memory, atOutput / 4, someOf(dout, first, some, output));
    const beta = first === 0 ? 0 : 1;
    const done =
      transform('winogradInputs', v, atInput, input, some, output, padding) &&
      transform('winogradGradients', z, atOutput, output, some, output, [0, 0]) &&
      multiplyPlanes({ n: output.channels, m: input.channels, k: columnsOf(some, output), a: z, b, beta, c: u });
    if (!done) return false;
  }
  const total = dkernels.length / 9;
  if (!sweep('winogradKernelGradients', [atKernels, total, u.address, u.step], total, 4)) return false;
  copyFloats(dkernels, 0, memory.subarray(atKernels / 4, atKernels / 4 + dkernels.length));
  return true;
}

/** The products of the 36 positions. Returns false if a thread died. */
function multiplyPlanes({ n, m, k, a, b, beta, c }: PlanesProduct): boolean {
  return runTask(
    {
      name: 'multiplyPlanes',
      numbers: [
        ...[n, m, k, a.address, a.row, a.column, a.step, b.address, b.row, b.column, b.step],
        ...[beta, c.address, c.row, c.step],
      ],
      ...{ first: 0, last: POSITIONS, unit: 1 },
    },
    POSITIONS * n * m * k >= WORTH_THREADS.product,
  );
}

/** A transform of all tiles between images and planes, cut by channels. */
function transform(
  name: SweepName,
  planes: Planes,
  atImages: number,
  images: ImageSize,
  count: number,
  output: ImageSize,
  [padTop, padLeft]: Sizes['padding'],
): boolean {
  const { channels, height, width } = images;
  const [down, across] = tilesOf(output);
  const numbers = [
    ...[planes.address, planes.step, planes.row, atImages, 4 * lengthOf(images), count, height, width],
    ...[padTop, padLeft, down, across],
  ];
  return sweep(name, numbers, channels, 1, channels * columnsOf(count, output));
}

function sweep(name: SweepName, numbers: readonly number[], last: number, unit: number, size = last): boolean {
  return runTask({ name, numbers, first: 0, last, unit }, POSITIONS * size >= WORTH_THREADS.transform);
}

/**
 * How many images are computed at once: as many as have `SLAB_BYTES` in the transformed domain, or as the kernels have
 * there, because all kernels are read again for each slab.
 */
function slabOf(count: number, input: ImageSize, output: ImageSize): number {
  const ofKernels = 4 * POSITIONS * input.channels * output.channels;
  const ofImage = 4 * POSITIONS * Math.max(input.channels, output.channels) * columnsOf(1, output);
  return Math.min(count, Math.max(1, Math.floor(Math.max(SLAB_BYTES, ofKernels) / ofImage)));
}

/** The columns of a plane: one per tile, in whole vectors of four. */
function columnsOf(count: number, output: ImageSize): number {
  const [down, across] = tilesOf(output);
  return 4 * Math.ceil((count * down * across) / 4);
}

function tilesOf({ height, width }: ImageSize): [down: number, across: number] {
  return [Math.ceil(height / 4), Math.ceil(width / 4)];
}

function sizeOf({ shape: [, channels, height, width] }: Images): ImageSize {
  return { channels, height, width };
}

function lengthOf({ channels, height, width }: ImageSize): number {
  return channels * height * width;
}

/** Some images of a batch. */
function someOf(batch: Float32Array, first: number, some: number, images: ImageSize): Float32Array {
  return batch.subarray(first * lengthOf(images), (first + some) * lengthOf(images));
}
