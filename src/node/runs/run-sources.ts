import { asArray, divide, type Random, reshape } from '../../array/index.js';
import { ArraySet } from '../../data/array-set.js';
import { augmented } from '../../data/augment/augmented.js';
import { mixed } from '../../data/augment/mixup.js';
import { parseAugmentation } from '../../data/augment/parse-augmentation.js';
import { type BatchSource, centered, flattened, scaled, smoothed } from '../../data/batch-source.js';
import { ImageSet } from '../../data/image-set.js';
import type { NetInputs } from '../../data/net-inputs.js';
import { PIXELS } from '../../data/pixel-scale.js';
import { nounOf, type SampleSet } from '../../data/sample-set.js';
import { columnStatistics, standardized } from '../../data/standardize.js';
import { modelKind } from '../../models/model-table.js';
import type { RunConfig } from './run-config.js';

/**
 * How the samples of a run become inputs of its net, as its training samples decide: pixels as the setting says,
 * features and numbers to learn with mean 0 and standard deviation 1.
 */
export function netInputs({ pixels }: Pick<RunConfig, 'pixels'>, train: SampleSet): NetInputs {
  if (train instanceof ImageSet) return pixelInputs(pixels, train, train);
  if (!(train instanceof ArraySet)) throw new TypeError('netInputs: expected an ImageSet or an ArraySet');
  const targets = train.targetNames.length > 0 ? { targets: columnStatistics(train.targets) } : {};
  const { mean, deviation } = columnStatistics(train.x);
  if (nounOf(train) === 'rows') return { mean, factor: divide(1, deviation), ...targets };
  const images = { width: mean.size, meanImage: () => flatValues(mean) };
  return { ...pixelInputs(pixels, images, train), ...targets };
}

function pixelInputs(
  pixels: RunConfig['pixels'],
  images: Parameters<(typeof PIXELS)['symmetric']>[0],
  { sample }: SampleSet,
): NetInputs {
  const { mean, factor } = PIXELS[pixels](images);
  return { mean: asArray(Float64Array.from(mean), sample), factor };
}

/**
 * The training samples of a run, as its settings say: scaled, augmented, mixed, with smoothed targets, in the shape
 * that its model takes.
 *
 * @param rng draws all augmentations
 */
export function trainingSource(
  { augment, labelSmoothing, model }: Pick<RunConfig, 'augment' | 'labelSmoothing' | 'model'>,
  set: SampleSet,
  inputs: NetInputs,
  rng: Random,
): BatchSource {
  const { images, mixup } = parseAugmentation(augment);
  const mean = flatValues(inputs.mean);
  const changed =
    images.length > 0 && set instanceof ImageSet
      ? augmented(set, mean, images, rng)
      : centered(withUnitTargets(set, inputs), mean);
  const shapedInputs = shaped(scaled(changed, inputs.factor), model);
  return smoothed(mixup === undefined ? shapedInputs : mixed(shapedInputs, mixup, rng), labelSmoothing);
}

/** Samples for evaluation: scaled in the same way, without augmentation. */
export function testSource({ model }: Pick<RunConfig, 'model'>, set: SampleSet, inputs: NetInputs): BatchSource {
  return shaped(scaled(centered(withUnitTargets(set, inputs), flatValues(inputs.mean)), inputs.factor), model);
}

/** A set whose numbers to learn have the scale on which the net learns them. */
function withUnitTargets(set: SampleSet, { targets }: NetInputs): SampleSet {
  return targets && set instanceof ArraySet
    ? new ArraySet({ ...set, targets: standardized(set.targets, targets) })
    : set;
}

function flatValues(mean: NetInputs['mean']): Float64Array {
  const flat = reshape(mean, [-1]);
  return Float64Array.from({ length: flat.size }, (_, d) => flat.get(d));
}

/** Samples in the shape that a model takes. */
function shaped(source: BatchSource, model: RunConfig['model']): BatchSource {
  return modelKind(model).inputs === 'flat' ? flattened(source) : source;
}
