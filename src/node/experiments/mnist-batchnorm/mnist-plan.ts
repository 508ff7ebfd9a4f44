import { DATASETS } from '../../data/datasets.js';
import { runConfig } from '../../runs/read-config.js';
import type { RunConfig } from '../../runs/run-config.js';
import { shortened, TrainJob } from '../train-job.js';

/** One row of the table: with or without batch norm, and the batch size. */
export interface MnistSetting {
  /** The beginning of the names of its runs. */
  name: string;
  norm: 'none' | 'batch';
  batchSize: number;
  /** The epochs with batches of 64 that the net had before, if it is not newly initialized. */
  before?: number;
  /** The mean training loss of each epoch, as the course printed it; undefined if the course has no such run. */
  published?: readonly number[];
}

/** The epochs of the course. */
export const COURSE_EPOCHS = 5;

/** The losses that the course printed at batch size 32, in a cell that goes on with the net of the cell before. */
const PRINTED_AT_32 = [0.0896, 0.0673, 0.0553, 0.0491, 0.0394];

/** What is compared. */
export const MNIST_SETTINGS: readonly MnistSetting[] = [
  { name: 'plain-64', norm: 'none', batchSize: 64, published: [0.098, 0.083, 0.071, 0.064, 0.059] },
  { name: 'batchnorm-64', norm: 'batch', batchSize: 64, published: [0.244, 0.097, 0.072, 0.057, 0.046] },
  { name: 'batchnorm-32', norm: 'batch', batchSize: 32, published: PRINTED_AT_32 },
  { name: 'batchnorm-64-then-32', norm: 'batch', batchSize: 32, before: COURSE_EPOCHS, published: PRINTED_AT_32 },
  ...[16, 128, 256, 512].map((batchSize) => ({ name: `batchnorm-${batchSize}`, norm: 'batch' as const, batchSize })),
];

/** Twice as many, to see in which of them a net has the losses that the course printed. */
export const MNIST_EPOCHS = 10;

/** The course's net, 784-128-64-10 with ReLU, and its recipe, with PyTorch's initial weights and a loss on logits. */
export function mnistConfig(
  { norm, batchSize, before }: Pick<MnistSetting, 'norm' | 'batchSize' | 'before'>,
  seed: number,
): RunConfig {
  const epoch = Math.ceil(DATASETS.mnist.trainImages / batchSize);
  return runConfig({
    dataset: 'mnist',
    pixels: 'symmetric',
    model: { name: 'mlp', hidden: [128, 64], activation: 'relu', norm, logits: true, init: 'pytorch' },
    learningRate: 0.01,
    momentum: 0.9,
    batchSize,
    maxSteps: (before === undefined ? MNIST_EPOCHS : COURSE_EPOCHS) * epoch,
    evalEvery: epoch,
    seed,
  });
}

/** Every setting with every seed, and the runs with which others go on. */
export function mnistJobs(seeds: readonly number[], quick: boolean): TrainJob[] {
  const job = (name: string, config: RunConfig, from?: TrainJob) =>
    new TrainJob(`${name}-seed${config.seed}`, quick ? shortened(config) : config, from);
  return MNIST_SETTINGS.flatMap((setting) =>
    seeds.flatMap((seed) => {
      const { name, norm, before } = setting;
      const config = mnistConfig(setting, seed);
      if (before === undefined) return [job(name, config)];
      const first = job(`${name}-before`, mnistConfig({ norm, batchSize: 64, before }, seed));
      return [first, job(name, config, first)];
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
