import { modelNamed } from '../../../models/model-table.js';
import { runConfig } from '../../runs/read-config.js';
import type { RunConfig } from '../../runs/run-config.js';
import { shortened, TrainJob } from '../train-job.js';

/** The norms that are compared. */
export const COMPARED_NORMS = ['none', 'batch', 'layer', 'group'] as const;

export type ComparedNorm = (typeof COMPARED_NORMS)[number];

/** The batch sizes, all at the same learning rate. */
export const BATCH_SIZES: readonly number[] = [2, 4, 8, 16, 32, 128, 512];
export const LEARNING_RATE = 3e-4;

/** The learning rates, all at the same batch size. */
export const SWEPT_RATES: readonly number[] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
export const SWEPT_BATCH = 128;

/** The training images that every net sees, with each batch size. Every batch size divides this number. */
export const IMAGES = 25_600;

/** The settings of one run: an MLP 1024, 512, 256, 64 with ELU and Adam, and a norm before each activation. */
export function normsConfig(norm: ComparedNorm, batchSize: number, learningRate: number, seed: number): RunConfig {
  const maxSteps = IMAGES / batchSize;
  return runConfig({
    optimizer: 'adam',
    pixels: 'symmetric',
    model: { name: 'mlp', hidden: [1024, 512, 256, 64], norm, logits: true, init: 'pytorch' },
    learningRate,
    batchSize,
    maxSteps,
    evalEvery: Math.ceil(maxSteps / 5),
    seed,
  });
}

/** The name of a run and of its folder. */
export function normsRunName(config: RunConfig): string {
  const { batchSize, learningRate, seed } = config;
  return `${modelNamed('mlp', config).norm}-batch${batchSize}-rate${learningRate}-seed${seed}`;
}

/**
 * Every norm at every batch size and at every learning rate, each with every seed.
 *
 * @param quick fewer batch sizes and rates, and four steps
 */
export function normsJobs(seeds: readonly number[], quick: boolean): TrainJob[] {
  const sizes = quick ? BATCH_SIZES.filter((size) => [2, 512].includes(size)) : BATCH_SIZES;
  const rates = quick ? [SWEPT_RATES[0], SWEPT_RATES[SWEPT_RATES.length - 1]] : SWEPT_RATES;
  const settings = [
    ...sizes.map((size) => ({ size, rate: LEARNING_RATE })),
    ...rates.map((rate) => ({ size: SWEPT_BATCH, rate })),
  ];
  const configs = COMPARED_NORMS.flatMap((norm) =>
    settings.flatMap(({ size, rate }) => seeds.map((seed) => normsConfig(norm, size, rate, seed))),
  );
  const byName = new Map(configs.map((config) => [normsRunName(config), config])); // the two sweeps share one point
  return [...byName].map(
    ([name, config]) => new TrainJob(name, quick ? { ...shortened(config), evalEvery: 4 } : config),
  );
}
