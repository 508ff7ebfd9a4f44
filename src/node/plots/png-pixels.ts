import { encode } from 'fast-png';
import type { ImageShape } from '../../data/augment/augmentation.js';

/** Images of equal size on one sheet, some pixels apart. */
export interface Sheet {
  columns: number;
  gap: number;
}

/**
 * Images on one sheet, row by row from the top left, as the text of a PNG that can stand in a `href`.
 *
 * @param images 0 to 255, each channel by channel, row by row
 */
export function sheetOf(
  images: readonly ArrayLike<number>[],
  { channels, height, width }: ImageShape,
  { columns, gap }: Sheet,
): { href: string; width: number; height: number } {
  const rows = Math.ceil(images.length / columns);
  const [allWidth, allHeight] = [columns * (width + gap) - gap, rows * (height + gap) - gap];
  const data = new Uint8Array(4 * allWidth * allHeight); // transparent where there is no image
  for (const [n, image] of images.entries()) {
    const [left, top] = [(n % columns) * (width + gap), Math.floor(n / columns) * (height + gap)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = 4 * ((top + y) * allWidth + left + x);
        for (let c = 0; c < 3; c++) {
          const channel = Math.min(c, channels - 1); // gray images have one
          data[at + c] = Math.max(0, Math.min(255, Math.round(image[(channel * height + y) * width + x])));
        }
        data[at + 3] = 255;
      }
    }
  }
  const png = encode({ width: allWidth, height: allHeight, data, channels: 4, depth: 8 });
  return { href: `data:image/png;base64,${Buffer.from(png).toString('base64')}`, width: allWidth, height: allHeight };
}
