import { modelNamed } from '../../../models/model-table.js';
import { runConfig } from '../../runs/read-config.js';
import type { PartialRunConfig, RunConfig } from '../../runs/run-config.js';
import { TrainJob } from '../train-job.js';

/** The training images of CIFAR-10. */
const IMAGES = 50_000;
/** How many of them are held out to select settings, and how many to plot the curve of a final run. */
export const SELECTION_IMAGES = 5000;
export const CURVE_IMAGES = 1000;

/** The fraction of the steps in which the learning rate grows. */
const WARM_UP = 0.3;

const EVALUATIONS_PER_RUN = 20;

/** The length of a run, and whether it is one to select settings by. */
export interface BestMlpOptions {
  epochs: number;
  validation: boolean;
  batchSize?: number;
}

/** The epochs of the full run. */
export const BEST_MLP_EPOCHS = 110;

/** The settings that do not depend on the length of the run. */
const RECIPE = {
  model: {
    name: 'mlp',
    hidden: [1536, 1536, 1536],
    norm: 'batch',
    activation: 'gelu',
    dropout: 0.1,
    init: 'pytorch',
    logits: true,
  },
  augment: 'flip,shift:4,mixup:0.2',
  labelSmoothing: 0.1,
  optimizer: 'adamw',
  learningRate: 2e-3,
  weightDecay: 0.05,
  schedule: 'cosine',
  batchSize: 256,
} satisfies PartialRunConfig;

/**
 * The settings of the best multi-layer perceptron: wide layers with batch norm and GELU, strong augmentation and
 * regularization, and a learning rate that rises and falls once. No run uses the test set during training. The curve
 * of each comes from held-out training images: many in a run that selects settings, few in a final run.
 */
export function bestMlpConfig({ epochs, validation, batchSize = RECIPE.batchSize }: BestMlpOptions): RunConfig {
  const heldOut = validation ? SELECTION_IMAGES : CURVE_IMAGES;
  const maxSteps = epochs * Math.ceil((IMAGES - heldOut) / batchSize);
  return runConfig({
    ...RECIPE,
    batchSize,
    maxSteps,
    evalEvery: Math.max(1, Math.floor(maxSteps / EVALUATIONS_PER_RUN)),
    warmup: warmUpSteps(maxSteps),
    validation: heldOut,
  });
}

/** The same run with hidden layers of 64 units at most, for `--quick`. */
export function narrowed(config: RunConfig): RunConfig {
  const model = modelNamed('mlp', config);
  return { ...config, model: { ...model, hidden: model.hidden.map((width) => Math.min(width, 64)) } };
}

/** The warm-up steps of a run. */
export function warmUpSteps(maxSteps: number): number {
  return Math.floor(WARM_UP * maxSteps);
}

/** Settings to compare with the recipe: flags of `handgrad train`, and the configuration that they give. */
export interface Candidate {
  flags: string;
  config: RunConfig;
}

/** The runs on held-out images, of each candidate with every seed. */
export function validationJobs(candidates: readonly Candidate[], seeds: readonly number[]): TrainJob[] {
  return candidates.flatMap(({ flags, config }) =>
    seeds.map((seed) => new TrainJob(`validation${slug(flags)}-seed${seed}`, { ...config, seed })),
  );
}

/** The runs that are evaluated on the test set. */
export function finalJobs(config: RunConfig, seeds: readonly number[]): TrainJob[] {
  return seeds.map((seed) => new TrainJob(`final-seed${seed}`, { ...config, seed }));
}

/** `-hidden-2048,2048` for `--hidden 2048,2048`, and nothing for no flags. */
function slug(flags: string): string {
  const words = flags.replace(/[^\w.,]+/g, '-').replace(/^-+|-+$/g, '');
  return words && `-${words}`;
}
