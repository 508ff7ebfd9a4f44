import { type Augmentation, type Image, uncover, wholeNumber } from './augmentation.js';

/**
 * Covers a square of every image with the background, so that a net learns not to rely on any one part (DeVries and
 * Taylor 2017, arXiv 1708.04552, section 3.2). The center of the square is a random pixel, so part of the square may
 * lie outside the image, and all parts of the image are covered about equally often.
 *
 * @param size the side of the square in pixels
 * @throws RangeError unless `size` is a whole number from 1 up
 */
export function cutout(size: number): Augmentation {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new RangeError(`cutout: expected a whole number of pixels from 1 up, got ${size}`);
  return (image, rng) => {
    const x = wholeNumber(0, image.shape.width - 1, rng);
    const y = wholeNumber(0, image.shape.height - 1, rng);
    cutOut(image, x, y, size);
  };
}

/**
 * Covers the square of side `size` around the pixel (x, y), in place. An even size reaches one pixel farther to the
 * left and up.
 */
export function cutOut(image: Image, x: number, y: number, size: number): void {
  const left = x - Math.floor(size / 2);
  const top = y - Math.floor(size / 2);
  uncover(image, { left, right: left + size, top, bottom: top + size });
}
