import { type BatchSource, centered, scaled } from './batch-source.js';
import type { ImageSet } from './image-set.js';

/** What decides how pixels become inputs: the training images. */
interface TrainingImages {
  /** The numbers per image. */
  width: number;
  meanImage(): ArrayLike<number>;
}

/** How pixels become inputs of a net: a mean is subtracted, and the rest is multiplied by a factor. */
export interface PixelScale {
  /** One number per pixel. */
  mean: ArrayLike<number>;
  factor: number;
}

/**
 * How pixels become inputs, by name. `mean-image` is the course's way: it subtracts the mean training image and keeps
 * the scale of 0 to
 * 255. `symmetric` is $(x - 0.5) / 0.5$ for pixels $x$ from 0 to 1, which gives −1 to 1 and does not depend on the
 *    data.
 */
export const PIXELS = {
  'mean-image': (train: TrainingImages): PixelScale => ({ mean: train.meanImage(), factor: 1 }),
  symmetric: (train: TrainingImages): PixelScale => ({
    mean: new Float64Array(train.width).fill(HALF),
    factor: 1 / HALF,
  }),
} satisfies Record<string, (train: TrainingImages) => PixelScale>;

/** Whether the inputs are then of the order of 1. */
export const UNIT_INPUTS: Readonly<Record<keyof typeof PIXELS, boolean>> = { 'mean-image': false, symmetric: true };

const HALF = 255 / 2;

/** The images of a set as inputs of a net, (N, C, H, W). */
export function preprocessed(set: ImageSet, { mean, factor }: PixelScale): BatchSource {
  return scaled(centered(set, mean), factor);
}
