import { isAugmentation } from '../../data/augment/parse-augmentation.js';
import type { Parameter } from '../../layers/parameter.js';
import type { Optimizer } from '../../optim/optimizer.js';
import { WeightAverage } from '../../optim/weight-average.js';
import { OPTIMIZERS, type OptimizerName, type OptimizerSettings, settingsOf } from './optimizer-settings.js';
import { isSchedule } from './schedule-setting.js';
import { isCount, isFlag, isFromZero, isPositive, isShare, isWhole } from './setting-values.js';

/** How a run learns: everything about its updates but their number and their full size. */
export interface Recipe extends OptimizerSettings {
  optimizer: OptimizerName;
  /** `constant`, `step:EVERY:FACTOR`, `cosine` or `cosine:LAST`. */
  schedule: string;
  /** Steps in which the learning rate grows, before the schedule begins. */
  warmup: number;
  /** The length that longer gradients are shortened to; null for never. */
  clipNorm: number | null;
  /** The share of each target that is spread over all classes. */
  labelSmoothing: number;
  /** Batches a step. */
  accumulate: number;
  /** How much an average of the weights keeps a step, which is tested in their place; 0 for no average. */
  average: number;
  /** `none`, or some of `flip`, `shift:N`, `cutout:N`, `mixup:ALPHA` with commas between. */
  augment: string;
}

/** Plain gradient descent, the course's way. */
export const PLAIN: Recipe = {
  optimizer: 'sgd',
  ...OPTIMIZERS.sgd.defaults,
  schedule: 'constant',
  warmup: 0,
  clipNorm: null,
  labelSmoothing: 0,
  accumulate: 1,
  average: 0,
  augment: 'none',
};

/** The optimiser of a run; with `average`, a `WeightAverage` around it. */
export function optimizerOf(recipe: Recipe, parameters: readonly Parameter[], learningRate: number): Optimizer {
  const { optimizer, average } = recipe;
  const made = OPTIMIZERS[optimizer].make(parameters, { learningRate, ...settingsOf(optimizer, recipe) });
  return average > 0 ? new WeightAverage(made, { decay: average }) : made;
}

/** Reads one entry of a run's settings, or throws unless it is valid. */
export type ReadEntry = <T>(name: keyof Recipe, valid: (value: unknown) => value is T) => T;

/** The recipe in a run's settings: of the optimisers' settings, those that the run's own optimiser has. */
export function readRecipe(entry: ReadEntry): Recipe {
  const optimizer = entry('optimizer', isOptimizer);
  return {
    optimizer,
    ...settingsOf(optimizer, {
      momentum: entry('momentum', optional(isShare)),
      nesterov: entry('nesterov', optional(isFlag)),
      weightDecay: entry('weightDecay', optional(isFromZero)),
      beta1: entry('beta1', optional(isShare)),
      beta2: entry('beta2', optional(isShare)),
    }),
    schedule: entry('schedule', isSchedule),
    warmup: entry('warmup', isWhole),
    clipNorm: entry('clipNorm', (value): value is number | null => value === null || isPositive(value)),
    labelSmoothing: entry('labelSmoothing', isShare),
    accumulate: entry('accumulate', isCount),
    average: entry('average', isShare),
    augment: entry('augment', isAugmentation),
  };
}

function isOptimizer(value: unknown): value is OptimizerName {
  return typeof value === 'string' && Object.hasOwn(OPTIMIZERS, value);
}

function optional<T>(valid: (value: unknown) => value is T): (value: unknown) => value is T | undefined {
  return (value): value is T | undefined => value === undefined || valid(value);
}
