import { settingsOf } from '../../runs/optimizer-settings.js';
import { DEFAULTS, type TrainConfig } from '../../runs/train-config.js';
import { type RunPlan, shortened } from '../plan.js';

/** The normalisations that are compared. */
export const COMPARED_NORMS = ['none', 'batch', 'layer', 'group'] as const;

export type ComparedNorm = (typeof COMPARED_NORMS)[number];

/** The sizes of batches, and the learning rate for all of them. */
export const BATCH_SIZES: readonly number[] = [2, 4, 8, 16, 32, 128, 512];
export const LEARNING_RATE = 3e-4;

/** The learning rates that are swept, and the size of batches for all of them. */
export const SWEPT_RATES: readonly number[] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
export const SWEPT_BATCH = 128;

/** Training images that every net sees, whatever the size of its batches: it divides by all of them. */
export const IMAGES = 25_600;

/** The settings of one run: an MLP 1024, 512, 256, 64 with ELU and Adam, norms between linear layer and activation. */
export function normConfig(norm: ComparedNorm, batchSize: number, learningRate: number, seed: number): TrainConfig {
  const { momentum, nesterov, weightDecay, ...course } = DEFAULTS; // settings of another optimiser
  const maxSteps = IMAGES / batchSize;
  return {
    ...course,
    ...settingsOf('adam', {}),
    optimizer: 'adam',
    pixels: 'symmetric',
    hidden: [1024, 512, 256, 64],
    norm,
    logits: true,
    init: 'pytorch',
    learningRate,
    batchSize,
    maxSteps,
    evalEvery: Math.ceil(maxSteps / 5),
    seed,
  };
}

/** The folder of a run. */
export function normRunName({ norm, batchSize, learningRate, seed }: TrainConfig): string {
  return `${norm}-batch${batchSize}-rate${learningRate}-seed${seed}`;
}

/**
 * Every norm at every size of batches, and at every learning rate; each with every seed.
 *
 * @param quick fewer sizes and rates, and hardly any steps
 */
export function normRuns(seeds: readonly number[], quick: boolean): RunPlan[] {
  const sizes = quick ? BATCH_SIZES.filter((size) => [2, 512].includes(size)) : BATCH_SIZES;
  const rates = quick ? [SWEPT_RATES[0], SWEPT_RATES[SWEPT_RATES.length - 1]] : SWEPT_RATES;
  const settings = [
    ...sizes.map((size) => ({ size, rate: LEARNING_RATE })),
    ...rates.map((rate) => ({ size: SWEPT_BATCH, rate })),
  ];
  const configs = COMPARED_NORMS.flatMap((norm) =>
    settings.flatMap(({ size, rate }) => seeds.map((seed) => normConfig(norm, size, rate, seed))),
  );
  const plans = new Map(configs.map((config) => [normRunName(config), config])); // the two sweeps meet in one point
  return [...plans].map(([name, config]) => ({
    name,
    config: quick ? { ...shortened(config), evalEvery: 4 } : config,
  }));
}
