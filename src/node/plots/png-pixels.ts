import { encode } from 'fast-png';
import type { ImageShape } from '../../data/augment/augmentation.js';

/** A sheet of images of equal size: images per row, and the pixels between them. */
export interface Sheet {
  columns: number;
  gap: number;
}

/**
 * Puts images on one sheet, row by row from the top left, as a PNG in a data URL for an `href`.
 *
 * @param images values from 0 to 255, channel by channel, row by row
 */
export function sheetOf(
  images: readonly ArrayLike<number>[],
  { channels, height, width }: ImageShape,
  { columns, gap }: Sheet,
): { href: string; width: number; height: number } {
  const rows = Math.ceil(images.length / columns);
  const [allWidth, allHeight] = [columns * (width + gap) - gap, rows * (height + gap) - gap];
  const data = new Uint8Array(4 * allWidth * allHeight); // transparent between the images
  for (const [n, image] of images.entries()) {
    const [left, top] = [(n % columns) * (width + gap), Math.floor(n / columns) * (height + gap)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = 4 * ((top + y) * allWidth + left + x);
        for (let c = 0; c < 3; c++) {
          const channel = Math.min(c, channels - 1); // gray images have one channel
          data[at + c] = Math.max(0, Math.min(255, Math.round(image[(channel * height + y) * width + x])));
        }
        data[at + 3] = 255;
      }
    }
  }
  const png = encode({ width: allWidth, height: allHeight, data, channels: 4, depth: 8 });
  return { href: `data:image/png;base64,${Buffer.from(png).toString('base64')}`, width: allWidth, height: allHeight };
}
