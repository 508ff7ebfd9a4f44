import type { Augmentation, Image } from './augmentation.js';

/**
 * Mirrors each image with probability ½. A horse that looks to the left is still a horse. (Do not use it for digits:
 * a mirrored 3 is not a digit.)
 */
export function flip(): Augmentation {
  return (image, rng) => {
    if (rng.next() < 0.5) flipHorizontally(image);
  };
}

/** Mirrors an image left to right, in place. */
export function flipHorizontally({ pixels, shape }: Image): void {
  for (let row = 0; row < pixels.length; row += shape.width) {
    for (let left = row, right = row + shape.width - 1; left < right; left++, right--) {
      const pixel = pixels[left];
      pixels[left] = pixels[right];
      pixels[right] = pixel;
    }
  }
}
