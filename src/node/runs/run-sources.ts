import type { Random } from '../../array/index.js';
import { augmented } from '../../data/augment/augmented.js';
import { mixed } from '../../data/augment/mixup.js';
import { parseAugmentation } from '../../data/augment/parse-augmentation.js';
import { type BatchSource, centred, scaled, smoothed } from '../../data/batch-source.js';
import type { ImageSet } from '../../data/image-set.js';
import type { PixelScale } from '../../data/pixel-scale.js';
import type { Recipe } from './recipe.js';

/**
 * The training images of a run as its recipe wants them: on the scale of its inputs, augmented, mixed, with smoothed targets.
 *
 * @param rng where all augmentations draw from
 */
export function trainingSource(
  { augment, labelSmoothing }: Recipe,
  set: ImageSet,
  { mean, factor }: PixelScale,
  rng: Random,
): BatchSource {
  const { images, mixup } = parseAugmentation(augment);
  const changed = images.length > 0 ? augmented(set, mean, images, rng) : centred(set, mean);
  const inputs = scaled(changed, factor);
  return smoothed(mixup === undefined ? inputs : mixed(inputs, mixup, rng), labelSmoothing);
}

/** Images to test on: on the same scale, and otherwise as they are. */
export function testSource(set: ImageSet, { mean, factor }: PixelScale): BatchSource {
  return scaled(centred(set, mean), factor);
}
