import { Random } from '../../../src/index.js';
import type { Augmentation, Image } from '../../../src/node.js';

/** An image of two channels, 3 rows and 4 columns: 0 … 11 and 100 … 111, over a background of −1 … −24. */
export function numbered(): Image {
  const pixels = Float32Array.from({ length: 24 }, (_, i) => (i < 12 ? i : 88 + i));
  const background = Float32Array.from({ length: 24 }, (_, i) => -1 - i);
  return { pixels, background, shape: { channels: 2, height: 3, width: 4 } };
}

/** The pixels of an image, row by row; those of the background as null. */
export function rowsOf({ pixels, background, shape }: Image): (number | null)[][] {
  const shown = Array.from(pixels, (pixel, i) => (pixel === background[i] ? null : pixel));
  const rows = shape.channels * shape.height;
  return Array.from({ length: rows }, (_, row) => shown.slice(row * shape.width, (row + 1) * shape.width));
}

/** How often each picture comes out of an augmentation of the numbered image. */
export function outcomes(augment: Augmentation, draws: number, seed = 1): Map<string, number> {
  const counts = new Map<string, number>();
  const rng = new Random(seed);
  for (let i = 0; i < draws; i++) {
    const image = numbered();
    augment(image, rng);
    const key = JSON.stringify(rowsOf(image));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
