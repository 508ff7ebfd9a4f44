import type { Random } from '../../array/index.js';

/** The size of an image along each of its axes. Its numbers lie channel by channel, row by row. */
export interface ImageShape {
  /** 3 for red, green and blue; 1 for gray. */
  channels: number;
  /** Rows of pixels. */
  height: number;
  /** Pixels per row. */
  width: number;
}

/** An image on its way into a batch, before the mean image is subtracted. */
export interface Image {
  /** On the scale of 0 to 255, channel by channel, row by row. */
  pixels: Float32Array;
  /** The mean image. It fills what an augmentation uncovers, so a net sees 0 there. */
  background: Float32Array;
  /** The shape of `pixels` and `background`: both hold channels · height · width numbers. */
  shape: ImageShape;
}

/** Changes an image in place, in a way that keeps its label true. It draws all randomness from `rng`. */
export type Augmentation = (image: Image, rng: Random) => void;

/**
 * Pixels from `left` and `top` up to, but not including, `right` and `bottom`. Pixels outside the image are ignored.
 */
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

/** A random whole number from `low` to `high`, all equally likely. */
export function wholeNumber(low: number, high: number, rng: Random): number {
  return low + Math.floor(rng.next() * (high - low + 1));
}
