import { copyFloats } from '#copy';
import type { Engine, Windows } from './engine.js';
import { rowMajor } from './strided-block.js';
import { runTask } from './wasm-context.js';
import { Workspace } from './wasm-workspace.js';

/** The size of the channels that are copied at once, so that they stay in the caches. */
const SLAB_BYTES = 2 ** 21;
/** For fewer numbers, one thread is faster. */
const WORTH_THREADS = 2 ** 16;

/** Max pooling in float32: `assembly/pooling-loops.ts` on some channels at a time. */
export const wasmMaxima: Engine['maxima'] = (out, positions, x, windows) => {
  if (!(out instanceof Float32Array)) return false;
  const { shape } = x;
  const images = rowMajor(x) as Float32Array;
  while (!attempt(out, positions, images, [shape[2], shape[3]], windows));
  return true;
};

/** Returns false if a thread died. */
function attempt(
  out: Float32Array,
  positions: Int32Array,
  images: Float32Array,
  [height, width]: readonly [number, number],
  { kernel, stride, padding, count }: Windows,
): boolean {
  const [pixels, windows] = [height * width, count[0] * count[1]];
  const channels = images.length / pixels;
  const slab = Math.min(channels, Math.max(1, Math.floor(SLAB_BYTES / (4 * pixels))));
  const workspace = new Workspace();
  const [atOut, atPositions, atImages] = [windows, windows, pixels].map((size) => workspace.floats(slab * size));
  const memory = workspace.open();
  const places = new Int32Array(memory.buffer);
  for (let first = 0; first < channels; first += slab) {
    const some = Math.min(slab, channels - first);
    copyFloats(memory, atImages / 4, images.subarray(first * pixels, (first + some) * pixels));
    const numbers = [atOut, atPositions, atImages, height, width, ...kernel, ...stride, ...padding, ...count];
    const isLarge = some * pixels >= WORTH_THREADS;
    if (!runTask({ name: 'maxima', numbers, first: 0, last: some, unit: 1 }, isLarge)) return false;
    copyFloats(out, first * windows, memory.subarray(atOut / 4, atOut / 4 + some * windows));
    positions.set(places.subarray(atPositions / 4, atPositions / 4 + some * windows), first * windows);
  }
  return true;
}
