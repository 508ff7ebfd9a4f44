import type { Random } from '../array/index.js';
import { augmented } from '../data/augment/augmented.js';
import { mixed } from '../data/augment/mixup.js';
import { parseAugmentation } from '../data/augment/parse.js';
import type { ImageSet } from '../data/image-set.js';
import { type BatchSource, centred, smoothed } from '../data/source.js';
import type { Recipe } from './recipe.js';

/**
 * The training images of a run as its recipe wants them: less the mean image, augmented, mixed, with smoothed targets.
 *
 * @param rng where all augmentations draw from
 */
export function trainingSource(
  { augment, labelSmoothing }: Recipe,
  set: ImageSet,
  mean: ArrayLike<number>,
  rng: Random,
): BatchSource {
  const { images, mixup } = parseAugmentation(augment);
  const changed = images.length > 0 ? augmented(set, mean, images, rng) : centred(set, mean);
  return smoothed(mixup === undefined ? changed : mixed(changed, mixup, rng), labelSmoothing);
}
