import fc from 'fast-check';
import { type Dtype, type EngineName, type NdArray, setBackend } from '../../src/index.js';
import { arraysOf, indicesOf } from './naive.js';

/** Arbitrary convolutions and poolings, and plain loops over the definition to compare with. */

type Two = [number, number];

/** A convolution: the size of everything. */
export interface Setup {
  N: number;
  I: number;
  O: number;
  size: Two;
  kernel: Two;
  stride: Two;
  padding: Two;
}

const pairs = (min: number, max: number): fc.Arbitrary<Two> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Convolutions of every kind, also with kernels that are larger than the image, or strides larger than the kernel. */
export const setups: fc.Arbitrary<Setup> = fc
  .record({
    N: fc.integer({ min: 1, max: 3 }),
    I: fc.integer({ min: 1, max: 3 }),
    O: fc.integer({ min: 1, max: 4 }),
    size: pairs(1, 7),
    kernel: pairs(1, 5),
    stride: pairs(1, 4),
    padding: pairs(0, 3),
  })
  .filter(({ size, kernel, padding }) => [0, 1].every((a) => size[a] + 2 * padding[a] >= kernel[a]));

/** Kinds that are easy to get wrong. */
export const CORNERS: Readonly<Record<string, Setup>> = {
  'the course’s 2 × 2 kernel': { N: 1, I: 1, O: 1, size: [3, 3], kernel: [2, 2], stride: [1, 1], padding: [0, 0] },
  'a kernel larger than the image': {
    ...{ N: 2, I: 2, O: 3, size: [2, 3] },
    ...{ kernel: [5, 4], stride: [1, 1], padding: [2, 1] },
  },
  'an end that no window reaches': {
    ...{ N: 2, I: 1, O: 2, size: [7, 6], kernel: [2, 3], stride: [3, 2], padding: [0, 0] },
  },
  'an even kernel with padding': { N: 1, I: 2, O: 1, size: [5, 4], kernel: [4, 2], stride: [1, 1], padding: [2, 1] },
  'a stride larger than the kernel': {
    ...{ N: 2, I: 2, O: 2, size: [7, 7], kernel: [1, 2], stride: [3, 4], padding: [1, 0] },
  },
  'one pixel': { N: 1, I: 3, O: 2, size: [1, 1], kernel: [3, 3], stride: [2, 2], padding: [1, 1] },
  'a kernel of one pixel': { N: 3, I: 2, O: 4, size: [3, 5], kernel: [1, 1], stride: [1, 1], padding: [0, 0] },
  'windows on padding alone': { N: 1, I: 1, O: 2, size: [3, 2], kernel: [2, 1], stride: [1, 1], padding: [3, 2] },
};

/** How many windows there are: as many as start inside the padded image and end inside it. */
export function windowCount({ size, kernel, stride, padding }: Setup): Two {
  const along = (a: 0 | 1) => {
    let count = 0;
    for (let start = 0; start + kernel[a] <= size[a] + 2 * padding[a]; start += stride[a]) count++;
    return count;
  };
  return [along(0), along(1)];
}

/** The options that the functions take. */
export function options({ stride, padding }: Setup): { stride: Two; padding: Two } {
  return { stride, padding };
}

/** A window, a position in it, and the pixel that the two meet at. */
export interface Meeting {
  window: Two;
  position: Two;
  pixel: Two;
}

/** Every position of every window that lies on a pixel, not on padding. */
export function meetings(setup: Setup): Meeting[] {
  const { size, kernel, stride, padding } = setup;
  return indicesOf([...windowCount(setup), ...kernel])
    .map(([oy, ox, ky, kx]): Meeting => {
      const pixel: Two = [oy * stride[0] - padding[0] + ky, ox * stride[1] - padding[1] + kx];
      return { window: [oy, ox], position: [ky, kx], pixel };
    })
    .filter(({ pixel: [y, x] }) => y >= 0 && y < size[0] && x >= 0 && x < size[1]);
}

/** An array of the given shape and dtype, of any layout. */
export function images(shape: readonly number[], dtype: Dtype): fc.Arbitrary<NdArray> {
  const eighths = fc.integer({ min: -64, max: 64 }).map((n) => n / 8);
  return arraysOf(shape, eighths, fc.constant(dtype));
}

/** Adds to an element. */
export function addAt(x: NdArray, index: readonly number[], value: number): void {
  x.set(...index, x.get(...index) + value);
}

/** The engines that run on this system. */
export function usableEngines(): EngineName[] {
  const names: EngineName[] = ['reference', 'wasm', 'blas'];
  return names.filter((name) => {
    try {
      setBackend(name);
      return true;
    } catch {
      return false;
    } finally {
      setBackend('auto');
    }
  });
}
