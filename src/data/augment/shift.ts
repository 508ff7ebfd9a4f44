import { type Augmentation, type Image, uncover, wholeNumber } from './augmentation.js';

/**
 * Moves each image by −`most` to `most` pixels to the right and down. It is the same as padding the image with `most`
 * pixels of background on every side and cutting out a random window of the old size (He et al. 2016, arXiv
 * 1512.03385, section 4.2).
 *
 * @param most in pixels
 * @throws RangeError unless `most` is a whole number from 1 up
 */
export function shift(most: number): Augmentation {
  if (!Number.isSafeInteger(most) || most < 1)
    throw new RangeError(`shift: expected a whole number of pixels from 1 up, got ${most}`);
  return (image, rng) => {
    const right = wholeNumber(-most, most, rng);
    const down = wholeNumber(-most, most, rng);
    shiftBy(image, right, down);
  };
}

/** Moves an image by `right` pixels to the right and `down` pixels down (negative: left, up), in place. */
export function shiftBy(image: Image, right: number, down: number): void {
  const { pixels, shape } = image;
  const { height, width } = shape;
  // All pixels lie in one line, so all move by the same distance. A pixel that crosses an edge arrives in the next
  // row or the next channel, where the background goes afterward.
  const distance = down * width + right;
  if (distance > 0) pixels.copyWithin(distance, 0);
  else pixels.copyWithin(0, -distance);
  uncover(image, { left: 0, right: width, top: 0, bottom: down });
  uncover(image, { left: 0, right: width, top: height + Math.min(down, 0), bottom: height });
  uncover(image, { left: 0, right, top: 0, bottom: height });
  uncover(image, { left: width + Math.min(right, 0), right: width, top: 0, bottom: height });
}
