import { DATASETS } from '../../data/datasets.js';
import { runConfig } from '../../runs/read-config.js';
import type { RunConfig } from '../../runs/run-config.js';
import { shortened, TrainJob } from '../train-job.js';

/** One row of the table: with or without batch norm, and the batch size. */
export interface MnistSetting {
  norm: 'none' | 'batch';
  batchSize: number;
  /** The mean training loss of each epoch, as the course printed it; undefined if the course has no such run. */
  published?: readonly number[];
}

/** What is compared. The published losses are those of a course whose nets seem to have been trained before. */
export const MNIST_SETTINGS: readonly MnistSetting[] = [
  { norm: 'none', batchSize: 64, published: [0.098, 0.083, 0.071, 0.064, 0.059] },
  { norm: 'batch', batchSize: 64, published: [0.244, 0.097, 0.072, 0.057, 0.046] },
  { norm: 'batch', batchSize: 32, published: [0.09, 0.067, 0.055, 0.049, 0.039] },
  ...[16, 128, 256, 512].map((batchSize) => ({ norm: 'batch' as const, batchSize })),
];

/** The epochs of the course. */
export const COURSE_EPOCHS = 5;

/** Twice as many, to see in which of them a net has the losses that the course printed. */
export const MNIST_EPOCHS = 10;

/** The course's net, 784-128-64-10 with ReLU, and its recipe, with PyTorch's initial weights and a loss on logits. */
export function mnistConfig({ norm, batchSize }: MnistSetting, seed: number): RunConfig {
  const epoch = Math.ceil(DATASETS.mnist.trainImages / batchSize);
  return runConfig({
    dataset: 'mnist',
    pixels: 'symmetric',
    model: { name: 'mlp', hidden: [128, 64], activation: 'relu', norm, logits: true, init: 'pytorch' },
    learningRate: 0.01,
    momentum: 0.9,
    batchSize,
    maxSteps: MNIST_EPOCHS * epoch,
    evalEvery: epoch,
    seed,
  });
}

/** Every setting with every seed. */
export function mnistJobs(seeds: readonly number[], quick: boolean): TrainJob[] {
  return MNIST_SETTINGS.flatMap((setting) =>
    seeds.map((seed) => {
      const config = mnistConfig(setting, seed);
      const name = `${setting.norm === 'none' ? 'plain' : 'batchnorm'}-${setting.batchSize}-seed${seed}`;
      return new TrainJob(name, quick ? shortened(config) : config);
    }),
  );
}

/**
 * The first of the five consecutive epochs whose losses are nearest to the published ones, by the mean squared
 * difference of their logarithms. It is 1 if the published net started from initial weights, as ours do.
 *
 * @param losses the mean loss of each of our epochs, at least as many as the published ones
 */
export function nearestEpoch(losses: readonly number[], published: readonly number[]): number {
  const starts = Array.from({ length: losses.length - published.length + 1 }, (_, i) => i);
  const distance = (start: number) =>
    published.reduce((total, loss, i) => total + Math.log(loss / losses[start + i]) ** 2, 0);
  return 1 + starts.reduce((best, start) => (distance(start) < distance(best) ? start : best), 0);
}
