import type { ImageShape } from '../../data/augment/augmentation.js';
import { gridSvg } from './grid.js';
import { sheetOf } from './png-pixels.js';
import { textElement } from './svg.js';

/** An image, and maps that say where in it something is seen. */
export interface AttentionSample {
  /** Values from 0 to 255, channel by channel, row by row. */
  pixels: ArrayLike<number>;
  /** What is seen, and rows of numbers from 0 up. A map may have fewer pixels than the image. */
  maps: readonly { title: string; map: readonly (readonly number[])[] }[];
}

const SIDE = 96;
const GAP = 56;
/** The brightness of an image where its map is 0. */
const DARK = 0.2;

/**
 * Draws images, each followed by itself lit by its maps: bright where a map is largest, dark where it is 0.
 *
 * @param shape the shape of every image
 * @returns the text of an SVG file
 */
export function attentionSvg(samples: readonly AttentionSample[], shape: ImageShape, title: string): string {
  const most = Math.max(...samples.map(({ maps }) => maps.length));
  const size = { width: 40 + (most + 1) * SIDE + most * GAP, height: SIDE + 44 };
  const charts = samples.map(({ pixels, maps }) =>
    [
      `<svg width="${size.width}" height="${size.height}">`,
      imageAt(20, pixels, shape),
      ...maps.flatMap(({ title, map }, i) => {
        const left = 20 + (i + 1) * (SIDE + GAP);
        return [imageAt(left, lit(pixels, map, shape), shape), textElement(title, left, SIDE + 21)];
      }),
      '</svg>',
    ].join('\n'),
  );
  return gridSvg(title, [], charts, { ...size, columns: 2 });
}

function imageAt(left: number, pixels: ArrayLike<number>, shape: ImageShape): string {
  const { href } = sheetOf([pixels], shape, { columns: 1, gap: 0 });
  return `<image x="${left}" y="4" width="${SIDE}" height="${SIDE}" style="image-rendering: pixelated" href="${href}"/>`;
}

/** The image, darkened where the map is small. Between the centers of the map's pixels it is interpolated. */
function lit(
  pixels: ArrayLike<number>,
  map: readonly (readonly number[])[],
  { channels, height, width }: ImageShape,
): number[] {
  const largest = Math.max(...map.flat()) || 1;
  return Array.from({ length: channels * height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width) % height, i % width];
    const value = between(map, ((y + 0.5) * map.length) / height - 0.5, ((x + 0.5) * map[0].length) / width - 0.5);
    return pixels[i] * (DARK + (1 - DARK) * (value / largest));
  });
}

/** The value of a map between its pixels. Outside it is that of the nearest pixel. */
function between(map: readonly (readonly number[])[], y: number, x: number): number {
  const along = (values: readonly number[], at: number) => {
    const place = Math.min(Math.max(at, 0), values.length - 1);
    const low = Math.min(Math.floor(place), values.length - 1);
    const high = Math.min(low + 1, values.length - 1);
    return values[low] + (place - low) * (values[high] - values[low]);
  };
  return along(
    map.map((row) => along(row, x)),
    y,
  );
}
