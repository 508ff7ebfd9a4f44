import {
  assertFunction,
  assertList,
  assertMethods,
  assertNumbers,
  assertRandom,
  type Random,
} from '../../array/index.js';
import type { BatchSource } from '../batch-source.js';
import type { ImageSet } from '../image-set.js';
import type { Augmentation } from './augmentation.js';

/**
 * The images of a set minus a mean image, each changed by every augmentation whenever it is drawn. A net hardly ever
 * sees the same image twice. The pixels change first, and the mean image is subtracted afterward, at its own place.
 *
 * @param mean D numbers: `meanImage()` of the set
 * @param augmentations in the order in which they are applied
 * @param rng draws all augmentations, image by image in the order of the batch
 */
export function augmented(
  set: ImageSet,
  mean: ArrayLike<number>,
  augmentations: readonly Augmentation[],
  rng: Random,
): BatchSource {
  assertMethods('augmented', 'set', set, ['image', 'batch'], 'an ImageSet');
  assertNumbers('augmented', 'mean', mean, set.width);
  assertList('augmented', 'augmentations', augmentations, '[flip(), shift(4)]');
  for (const augment of augmentations) assertFunction('augmented', 'every augmentation', augment);
  assertRandom('augmented', rng);
  // The same float32 mean image fills uncovered places and is subtracted, so these places become exactly 0.
  const background = Float32Array.from(mean);
  const change = (pixels: Float32Array): void => {
    for (const augment of augmentations) augment({ pixels, background, shape: set.shape }, rng);
  };
  return { count: set.count, batch: (indices) => set.batch(indices, background, change) };
}
