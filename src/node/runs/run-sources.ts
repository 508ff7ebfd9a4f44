import { asArray, type Random, reshape, type Shape } from '../../array/index.js';
import { augmented } from '../../data/augment/augmented.js';
import { mixed } from '../../data/augment/mixup.js';
import { parseAugmentation } from '../../data/augment/parse-augmentation.js';
import { type BatchSource, centered, flattened, scaled, smoothed } from '../../data/batch-source.js';
import type { ImageSet } from '../../data/image-set.js';
import type { NetInputs } from '../../data/net-inputs.js';
import { type PixelScale, preprocessed } from '../../data/pixel-scale.js';
import { modelKind } from '../../models/model-table.js';
import type { RunConfig } from './run-config.js';

/**
 * The training images of a run, as its settings say: scaled, augmented, mixed, with smoothed targets, in the shape
 * that its model takes.
 *
 * @param rng draws all augmentations
 */
export function trainingSource(
  { augment, labelSmoothing, model }: Pick<RunConfig, 'augment' | 'labelSmoothing' | 'model'>,
  set: ImageSet,
  { mean, factor }: PixelScale,
  rng: Random,
): BatchSource {
  const { images, mixup } = parseAugmentation(augment);
  const changed = images.length > 0 ? augmented(set, mean, images, rng) : centered(set, mean);
  const inputs = shaped(scaled(changed, factor), model);
  return smoothed(mixup === undefined ? inputs : mixed(inputs, mixup, rng), labelSmoothing);
}

/** Images for evaluation: scaled in the same way, without augmentation. */
export function testSource({ model }: Pick<RunConfig, 'model'>, set: ImageSet, scale: PixelScale): BatchSource {
  return shaped(preprocessed(set, scale), model);
}

/** What a run saves of how it scales its samples. */
export function netInputs({ mean, factor }: PixelScale, sample: Shape): NetInputs {
  return { mean: asArray(Float64Array.from(mean), sample), factor };
}

/** How a saved run scales its samples. */
export function savedScale({ mean, factor }: NetInputs): PixelScale {
  const flat = reshape(mean, [-1]);
  return { mean: Float64Array.from({ length: flat.size }, (_, d) => flat.get(d)), factor };
}

/** Samples in the shape that a model takes. */
function shaped(source: BatchSource, model: RunConfig['model']): BatchSource {
  return modelKind(model).inputs === 'flat' ? flattened(source) : source;
}
