import { Random } from '../../array/index.js';
import { UNIT_INPUTS } from '../../data/pixel-scale.js';
import type { SampleSet } from '../../data/sample-set.js';
import type { Loss } from '../../losses/loss.js';
import { MSELoss } from '../../losses/mse-loss.js';
import type { Model, ModelSize } from '../../models/model.js';
import { type ModelConfig, modelKind, type PartialModelConfig } from '../../models/model-table.js';
import type { ValuesOf } from '../../models/setting.js';
import { netSize } from '../../training/trained-net.js';
import { DATASETS, type Dataset, type DatasetName } from '../data/datasets.js';
import type { OptimizerSettings } from './optimizer-kinds.js';
import type { RUN_SETTINGS } from './run-settings.js';

/** Everything that determines a run, except for the data themselves and the engine. */
export type RunConfig = Omit<ValuesOf<typeof RUN_SETTINGS>, keyof OptimizerSettings> &
  OptimizerSettings & {
    /** The net and its settings. */
    model: ModelConfig;
  };

/** A configuration in which settings may be missing. They get their defaults. */
export type PartialRunConfig = Partial<Omit<RunConfig, 'model'>> & {
  /** The net: its name, and those of its settings that are not at their defaults. */
  model?: PartialModelConfig;
};

/** The input shape and the number of classes of a data set with a name. */
export function modelSize(dataset: DatasetName, labels: RunConfig['labels'] = null): ModelSize {
  const { shape, classes, coarseClasses = classes }: Dataset = DATASETS[dataset];
  const names = labels === 'coarse' ? coarseClasses : classes;
  return { sample: [shape.channels, shape.height, shape.width], classes: names.length };
}

/** The input shape and the number of outputs for a set of samples. */
export function modelSizeOf({ sample, classNames, targetNames }: SampleSet): ModelSize {
  return netSize({ sample, classes: classNames, targets: targetNames });
}

/** The loss of a run. */
export function lossOf({ loss }: Pick<RunConfig, 'loss'>, model: Model): Loss {
  return loss === 'mse' ? new MSELoss() : model.loss();
}

/**
 * The net of a run, with its initial weights, drawn from the run's seed. Its dropout draws masks from the same
 * stream.
 */
export function buildModel(
  { model, seed, pixels }: Pick<RunConfig, 'model' | 'seed' | 'pixels'>,
  size: ModelSize,
): Model {
  const { name, ...settings } = model;
  const scaled = UNIT_INPUTS[pixels] || size.sample.length === 1 ? { ...size, unitInputs: true } : size;
  return modelKind(model).build(settings, scaled, new Random(`${seed}: weights`));
}

/** Draws the order of a run's batches: a separate stream, so that every net sees the same batches. */
export function batchOrder({ seed }: Pick<RunConfig, 'seed'>): Random {
  return new Random(`${seed}: batches`);
}

/** Draws a run's augmentations: a separate stream, so that the order of the images stays the same. */
export function augmentationStream({ seed }: Pick<RunConfig, 'seed'>): Random {
  return new Random(`${seed}: augmentation`);
}
