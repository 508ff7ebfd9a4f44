import { InputError, Random } from '../../array/index.js';
import { PIXELS } from '../../data/pixel-scale.js';
import { type Init, initializer } from '../../layers/init.js';
import { ACTIVATIONS, MLP, NORM_POSITIONS, NORMS } from '../../models/mlp.js';
import { DATASETS, type DatasetName } from '../data/datasets.js';
import { PLAIN, type Recipe, readRecipe } from './recipe.js';
import { isCount, isFlag, isPositive, isShare, isWhole } from './setting-values.js';

/** Everything that determines a run, apart from the data and the engine. */
export interface TrainConfig extends Recipe {
  dataset: DatasetName;
  /** How images become inputs. */
  pixels: keyof typeof PIXELS;
  hidden: number[];
  learningRate: number;
  maxSteps: number;
  batchSize: number;
  evalEvery: number;
  activation: keyof typeof ACTIVATIONS;
  norm: keyof typeof NORMS;
  normPosition: keyof typeof NORM_POSITIONS;
  residual: boolean;
  dropout: number;
  /** End at the last linear layer and take softmax and loss in one, instead of one after the other. */
  logits: boolean;
  init: Init & string;
  /** Training images that are held out and tested on in the place of the test set. */
  validation: number;
  seed: number;
}

/** The course's settings: they reach about 0.49 test accuracy. */
export const DEFAULTS: TrainConfig = {
  dataset: 'cifar10',
  pixels: 'mean-image',
  hidden: [100],
  learningRate: 1e-3,
  maxSteps: 1400,
  batchSize: 200,
  evalEvery: 100,
  activation: 'elu',
  norm: 'none',
  normPosition: 'before-activation',
  residual: false,
  dropout: 0,
  logits: false,
  init: 'normal:1e-4',
  validation: 0,
  seed: 42,
  ...PLAIN,
};

/** The net of a run, with its first weights, and the masks of its dropout, drawn from the run's seed. */
export function buildModel(config: TrainConfig, inputs: number, classes: number): MLP {
  const { hidden, activation, norm, normPosition, residual, dropout, logits, init, seed } = config;
  const rng = new Random(`${seed}: weights`);
  const net = { inputs, hidden, classes, activation, norm, normPosition, residual, dropout, logits };
  return new MLP({ ...net, init, rng });
}

/** The random order of a run's batches: a stream apart from the weights', so that every net sees the same batches. */
export function batchOrder(config: TrainConfig): Random {
  return new Random(`${config.seed}: batches`);
}

/** The chances of a run's augmentations: a stream of its own, so that the order of the images stays the same. */
export function augmentationChances(config: TrainConfig): Random {
  return new Random(`${config.seed}: augmentation`);
}

/**
 * The settings in a run's `config.json`.
 *
 * @param path what to call the file in an error
 * @throws InputError that names the first entry that is missing or of the wrong kind
 */
export function parseConfig(json: unknown, path: string): TrainConfig {
  // What a run had no choice of when its config.json was written is as it then was.
  const { pixels, normPosition, residual, dropout, logits, validation } = DEFAULTS;
  const then = { ...PLAIN, pixels, normPosition, residual, dropout, logits, validation };
  const found = new Map(Object.entries({ ...then, ...(typeof json === 'object' ? json : null) }));
  const entry = <T>(name: keyof TrainConfig, valid: (value: unknown) => value is T): T => {
    const value: unknown = found.get(name);
    if (!valid(value)) throw new InputError(`${path} has no valid '${name}': ${JSON.stringify(value) ?? 'missing'}`);
    return value;
  };
  return {
    dataset: entry('dataset', isKeyOf(DATASETS)),
    pixels: entry('pixels', isKeyOf(PIXELS)),
    hidden: entry('hidden', (value): value is number[] => Array.isArray(value) && value.every(isCount)),
    learningRate: entry('learningRate', isPositive),
    maxSteps: entry('maxSteps', isCount),
    batchSize: entry('batchSize', isCount),
    evalEvery: entry('evalEvery', isCount),
    activation: entry('activation', isKeyOf(ACTIVATIONS)),
    norm: entry('norm', isKeyOf(NORMS)),
    normPosition: entry('normPosition', isKeyOf(NORM_POSITIONS)),
    residual: entry('residual', isFlag),
    dropout: entry('dropout', isShare),
    logits: entry('logits', isFlag),
    init: entry('init', isInit),
    validation: entry('validation', isWhole),
    seed: entry('seed', isWhole),
    ...readRecipe(entry),
  };
}

/** The text of an `Init`. */
export function isInit(value: unknown): value is Init & string {
  try {
    return typeof value === 'string' && Boolean(initializer(value as Init));
  } catch {
    return false;
  }
}

function isKeyOf<T extends object>(table: T): (value: unknown) => value is keyof T {
  return (value): value is keyof T => typeof value === 'string' && Object.hasOwn(table, value);
}
