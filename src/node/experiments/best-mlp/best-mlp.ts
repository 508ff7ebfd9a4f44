import { settingsOf } from '../../runs/optimizer-settings.js';
import { DEFAULTS, type TrainConfig } from '../../runs/train-config.js';
import type { RunPlan } from '../plan.js';

/** Training images of CIFAR-10, how many of them are held out to choose on, and how many to watch a final run by. */
const IMAGES = 50_000;
export const HELD_OUT = 5000;
export const WATCHED = 1000;

/** The share of the steps in which the learning rate grows. */
const WARM_UP = 0.3;

/** How many looks there are at the images held out. */
const LOOKS = 20;

/** How long a run is, and whether it is one to choose by. */
export interface BestMlpRun {
  epochs: number;
  validation: boolean;
  batchSize?: number;
}

/** Epochs of the full run. */
export const EPOCHS = 110;

/** All of the recipe that does not depend on how long it runs. */
const RECIPE = {
  hidden: [1536, 1536, 1536],
  norm: 'batch',
  activation: 'gelu',
  dropout: 0.1,
  init: 'pytorch',
  logits: true,
  augment: 'flip,shift:4,mixup:0.2',
  labelSmoothing: 0.1,
  optimizer: 'adamw',
  learningRate: 2e-3,
  weightDecay: 0.05,
  schedule: 'cosine',
  batchSize: 256,
} satisfies Partial<TrainConfig>;

/**
 * The settings of the best multi-layer perceptron: wide layers with batch norm and GELU, held back by everything that makes
 * images vary, and a learning rate that rises and falls once. No run looks at the test set on its way: each has its curve from
 * training images that are held out of it, many in a run to choose by, few in a final one.
 */
export function bestMlp({ epochs, validation, batchSize = RECIPE.batchSize }: BestMlpRun): TrainConfig {
  const { momentum, nesterov, weightDecay, ...course } = DEFAULTS; // settings of its optimiser, which not every one has
  const heldOut = validation ? HELD_OUT : WATCHED;
  const maxSteps = epochs * Math.ceil((IMAGES - heldOut) / batchSize);
  return {
    ...course,
    ...RECIPE,
    ...settingsOf(RECIPE.optimizer, RECIPE),
    batchSize,
    maxSteps,
    evalEvery: Math.max(1, Math.floor(maxSteps / LOOKS)),
    warmup: warmUpOf(maxSteps),
    validation: heldOut,
  };
}

/** The steps of warm-up in a run of so many. */
export function warmUpOf(maxSteps: number): number {
  return Math.floor(WARM_UP * maxSteps);
}

/** What is tried in the place of the recipe: flags of `handgrad train`, and what they make of it. */
export interface Attempt {
  flags: string;
  config: TrainConfig;
}

/** The runs that the recipe and each attempt are chosen by, with every seed. */
export function validationRuns(attempts: readonly Attempt[], seeds: readonly number[]): RunPlan[] {
  return attempts.flatMap(({ flags, config }) =>
    seeds.map((seed) => ({ name: `validation${slug(flags)}-seed${seed}`, config: { ...config, seed } })),
  );
}

/** The runs that count. */
export function finalRuns(config: TrainConfig, seeds: readonly number[]): RunPlan[] {
  return seeds.map((seed) => ({ name: `final-seed${seed}`, config: { ...config, seed } }));
}

/** `-hidden-2048,2048` of `--hidden 2048,2048`; nothing of nothing. */
function slug(flags: string): string {
  const words = flags.replace(/[^\w.,]+/g, '-').replace(/^-+|-+$/g, '');
  return words && `-${words}`;
}
