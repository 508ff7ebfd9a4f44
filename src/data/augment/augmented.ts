import type { Random } from '../../array/index.js';
import type { BatchSource } from '../batch-source.js';
import type { ImageSet } from '../image-set.js';
import type { Augmentation } from './augmentation.js';

/**
 * The images of a set, less a mean image, each changed by every augmentation in turn whenever it is drawn: a net never
 * sees quite the same image twice. The pixels are changed first and the mean image taken off afterwards, at its own
 * place.
 *
 * @param mean D numbers: `meanImage()` of the set
 * @param augmentations in the order in which they are done
 * @param rng where all augmentations draw from, image by image in the order of the batch
 */
export function augmented(
  set: ImageSet,
  mean: ArrayLike<number>,
  augmentations: readonly Augmentation[],
  rng: Random,
): BatchSource {
  // One float32 mean image to fill with and to take off, so that nothing at all is left where it was filled in.
  const background = Float32Array.from(mean);
  const change = (pixels: Float32Array): void => {
    for (const augment of augmentations) augment({ pixels, background, shape: set.shape }, rng);
  };
  return { count: set.count, batch: (indices) => set.batch(indices, background, change) };
}
