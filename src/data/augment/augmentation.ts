import type { Random } from '../../array/index.js';

/** How many numbers an image has along each of its axes; they lie channel by channel, row by row. */
export interface ImageShape {
  /** 3 for red, green and blue; 1 for grey. */
  channels: number;
  /** Rows of pixels. */
  height: number;
  /** Pixels a row. */
  width: number;
}

/** An image on its way into a batch, before the mean image is taken off it. */
export interface Image {
  /** On the scale of 0 to 255, channel by channel, row by row. */
  pixels: Float32Array;
  /** The mean image. What an augmentation uncovers is filled with it, so that a net sees 0 there: nothing. */
  background: Float32Array;
  /** Of pixels and background alike: both hold channels · height · width numbers. */
  shape: ImageShape;
}

/** Changes an image in place, in a way that leaves its label true, with the randomness that it draws from `rng`. */
export type Augmentation = (image: Image, rng: Random) => void;

/** Pixels from `left` and `top` to before `right` and `bottom`; what lies outside the image is ignored. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Replaces a box, in every channel, by the background. */
export function uncover({ pixels, background, shape }: Image, box: Box): void {
  const { channels, height, width } = shape;
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, width)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, height)];
  for (let channel = 0; channel < channels; channel++) {
    for (let y = top; y < bottom; y++) {
      const row = (channel * height + y) * width;
      for (let at = row + left; at < row + right; at++) pixels[at] = background[at];
    }
  }
}

/** One of the whole numbers from `low` to `high`, each equally likely. */
export function wholeNumber(low: number, high: number, rng: Random): number {
  return low + Math.floor(rng.next() * (high - low + 1));
}
