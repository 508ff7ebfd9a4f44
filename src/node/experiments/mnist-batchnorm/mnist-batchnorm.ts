import { DATASETS } from '../../data/datasets.js';
import { DEFAULTS, type TrainConfig } from '../../runs/train-config.js';
import type { RunPlan } from '../plan.js';

/** One line of the table: with batch norm or without, and the size of the batches. */
export interface MnistSetting {
  norm: 'none' | 'batch';
  batchSize: number;
  /** The mean training loss of each epoch, as the course printed it; undefined where it did not run it. */
  published?: readonly number[];
}

/** What is compared; the published losses are those of a course, whose nets seem to have been trained before. */
export const MNIST_SETTINGS: readonly MnistSetting[] = [
  { norm: 'none', batchSize: 64, published: [0.098, 0.083, 0.071, 0.064, 0.059] },
  { norm: 'batch', batchSize: 64, published: [0.244, 0.097, 0.072, 0.057, 0.046] },
  { norm: 'batch', batchSize: 32, published: [0.09, 0.067, 0.055, 0.049, 0.039] },
  ...[16, 128, 256, 512].map((batchSize) => ({ norm: 'batch' as const, batchSize })),
];

/** The course's five epochs. */
export const COURSE_EPOCHS = 5;

/** Twice as many, to see at which of them nets have the losses that the course printed. */
export const EPOCHS = 10;

/** The course's net, 784-128-64-10 with ReLU, and its recipe; PyTorch's first weights and loss, as the course had. */
export function mnistConfig({ norm, batchSize }: MnistSetting, seed: number): TrainConfig {
  const epoch = Math.ceil(DATASETS.mnist.trainImages / batchSize);
  return {
    ...DEFAULTS,
    dataset: 'mnist',
    pixels: 'symmetric',
    hidden: [128, 64],
    activation: 'relu',
    norm,
    logits: true,
    init: 'pytorch',
    learningRate: 0.01,
    momentum: 0.9,
    batchSize,
    maxSteps: EPOCHS * epoch,
    evalEvery: epoch,
    seed,
  };
}

/** The folder of a run. */
export function mnistRunName({ norm, batchSize }: MnistSetting, seed: number): string {
  return `${norm === 'none' ? 'plain' : 'batchnorm'}-${batchSize}-seed${seed}`;
}

/** Every setting with every seed. */
export function mnistRuns(seeds: readonly number[], change: (config: TrainConfig) => TrainConfig): RunPlan[] {
  return MNIST_SETTINGS.flatMap((setting) =>
    seeds.map((seed) => ({ name: mnistRunName(setting, seed), config: change(mnistConfig(setting, seed)) })),
  );
}

/**
 * The first of the five consecutive epochs whose losses are nearest to the published ones, by the mean square of their
 * logarithms' differences: 1 where the published net was as fresh as ours.
 *
 * @param losses the mean loss of each of our epochs, five or more
 */
export function nearestEpoch(losses: readonly number[], published: readonly number[]): number {
  const starts = Array.from({ length: losses.length - published.length + 1 }, (_, i) => i);
  const distance = (start: number) =>
    published.reduce((total, loss, i) => total + Math.log(loss / losses[start + i]) ** 2, 0);
  return 1 + starts.reduce((best, start) => (distance(start) < distance(best) ? start : best), 0);
}
