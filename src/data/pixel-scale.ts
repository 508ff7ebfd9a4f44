import type { ImageSet } from './image-set.js';

/** What is taken off the bytes of an image, and what the rest is multiplied with, to become a net's inputs. */
export interface PixelScale {
  /** A number a pixel. */
  mean: ArrayLike<number>;
  factor: number;
}

/**
 * How images become inputs, by name: `mean-image`, the course's way, takes off the mean training image and keeps the scale of
 * 0 to 255; `symmetric` is $(x - 0.5) / 0.5$ of pixels $x$ from 0 to 1, which reaches from −1 to 1 and knows nothing of the set.
 */
export const PIXELS = {
  'mean-image': (train: ImageSet): PixelScale => ({ mean: train.meanImage(), factor: 1 }),
  symmetric: (train: ImageSet): PixelScale => ({
    mean: new Float64Array(train.width).fill(HALF),
    factor: 1 / HALF,
  }),
} satisfies Record<string, (train: ImageSet) => PixelScale>;

const HALF = 255 / 2;
