import { InputError, messageOf, shapeText } from '../../array/index.js';
import { parseAugmentation } from '../../data/augment/parse-augmentation.js';
import { nounOf, type SampleSet } from '../../data/sample-set.js';
import type { ModelSize } from '../../models/model.js';
import { modelKind } from '../../models/model-table.js';
import { DATASETS, isDatasetName } from '../data/datasets.js';
import {
  hasSetting,
  OPTIMIZER_SETTING_NAMES,
  OPTIMIZERS,
  type OptimizerSettings,
  settingsOf,
} from './optimizer-kinds.js';
import { modelSize, type RunConfig } from './run-config.js';
import { flagOf, modelFlags } from './run-flags.js';
import { scheduleOf } from './schedule-setting.js';
import { trainingCount } from './split.js';

/** Nets with more parameters would need more than 4 GB with their gradients. */
const MOST_PARAMETERS = 2 ** 29;

/**
 * Checks that the settings of a run fit each other.
 *
 * @param given the optimizer settings that the user gave; the optimizer of the run may not have some of them
 * @throws InputError that names the flags of the settings that do not fit
 */
export function assertConsistent(config: RunConfig, given: OptimizerSettings): void {
  const { optimizer, schedule, warmup, maxSteps } = config;
  const foreign = OPTIMIZER_SETTING_NAMES.find((name) => given[name] !== undefined && !hasSetting(optimizer, name));
  if (foreign) {
    const own = Object.keys(OPTIMIZERS[optimizer].defaults).map(flagOf).join(', ');
    throw new InputError(`${flagOf(foreign)} is not for --optimizer ${optimizer}, which has ${own}`);
  }
  const { nesterov, momentum } = settingsOf(optimizer, config);
  if (nesterov && !momentum) throw new InputError('--nesterov needs a --momentum above 0');
  named(`--warmup ${warmup} --max-steps ${maxSteps}`, () => scheduleOf(schedule, warmup, maxSteps));
  const { loss, target, labels, labelSmoothing, dataset } = config;
  if (loss === 'mse' && isDatasetName(dataset))
    throw new InputError(`--loss mse learns numbers, and --dataset ${dataset} has classes`);
  if (loss === 'mse' && labelSmoothing > 0)
    throw new InputError('--label-smoothing is for classes, not for --loss mse');
  if (target !== null && isDatasetName(dataset))
    throw new InputError(`--target is for a CSV file, not for --dataset ${dataset}`);
  if (labels !== null && dataset !== 'cifar100')
    throw new InputError(`--labels ${labels} is for --dataset cifar100, not for --dataset ${dataset}`);
  if (!isDatasetName(dataset)) return;
  const size = modelSize(dataset, labels);
  assertFits(config, size);
  const train = { count: DATASETS[dataset].trainImages, sample: size.sample };
  assertBatches(config, { ...train, count: trainingCount(config, train) });
}

/**
 * Checks that the settings of a run fit its samples. Those of a user's own data are known only when they are loaded.
 *
 * @throws InputError that names the flags of the settings that do not fit
 */
export function assertFits({ augment, model, pixels }: RunConfig, size: ModelSize): void {
  if (modelKind(model).inputs === 'image' && size.sample.length !== 3) {
    const shape = shapeText(size.sample);
    throw new InputError(`--model ${model.name} takes images, and the samples of the data have the shape ${shape}`);
  }
  const [, height, width] = size.sample;
  const side = modelKind(model).smallestSide?.(model) ?? 1;
  if (Math.min(height, width) < side)
    throw new InputError(
      `--model ${model.name} takes images from ${side}×${side} up, and those of the data are ${height}×${width}`,
    );
  const areImages = size.sample.length === 3 && !size.regression;
  if (areImages) named(`--augment ${augment}`, () => parseAugmentation(augment, Math.min(height, width)));
  else if (parseAugmentation(augment).images.length > 0)
    throw new InputError(`--augment ${augment} is for images with classes; only mixup is for other data`);
  if (size.sample.length === 1 && pixels !== 'mean-image')
    throw new InputError(`--pixels ${pixels} is for images; features are scaled to mean 0 and standard deviation 1`);
  const parameters = modelKind(model).parameterCount(model, size);
  if (parameters > MOST_PARAMETERS) {
    const flags = modelFlags(model).join(' ') || `--model ${model.name}`;
    throw new InputError(
      `${flags} makes a net of ${grouped(parameters)} parameters; ${grouped(MOST_PARAMETERS)} is the limit`,
    );
  }
}

/**
 * Checks that a run can draw its batches from a number of training images.
 *
 * @throws InputError that names the flags of the settings that do not fit
 */
export function assertBatches(
  { batchSize, accumulate, model }: RunConfig,
  train: Pick<SampleSet, 'count' | 'sample'>,
): void {
  const { count } = train;
  const samples = `${grouped(count)} training ${nounOf(train)}`;
  if (batchSize * accumulate > count) {
    const times = accumulate > 1 ? ` times --accumulate ${accumulate}` : '';
    throw new InputError(
      `--batch-size ${batchSize}${times} is more than the ${samples}; choose fewer, such as ${someOf(count)}`,
    );
  }
  // The last batch of an epoch holds the remaining images. Batch norm needs at least two for a variance.
  const why = modelKind(model).needsTwoSamples?.(model);
  if (why === undefined || (batchSize > 1 && count % batchSize !== 1)) return;
  const remainder = batchSize === 1 ? '' : `, which leaves a last batch of one of the ${samples}`;
  throw new InputError(
    `${why} needs two ${nounOf(train)} or more in every batch, got --batch-size ${batchSize}${remainder}`,
  );
}

/** A batch size with which an epoch has a few batches: a power of two. */
function someOf(count: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(count / 4)));
}

function named(flags: string, check: () => unknown): void {
  try {
    check();
  } catch (cause) {
    throw new InputError(`${flags}: ${messageOf(cause)}`, { cause });
  }
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
