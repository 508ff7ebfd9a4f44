import type { Dtype, Random } from '../../../array/index.js';
import { BatchNorm1d } from '../../../layers/batch-norm.js';
import type { Layer } from '../../../layers/layer.js';
import { ActivationNoise, noisePool } from './activation-noise.js';
import { LpNorm } from './lp-norm.js';

/** What stands behind a linear layer, by name: nothing, batch norm, batch norm and noise, or another normalisation. */
export const ARMS = ['plain', 'batch', 'noisy', 'l1', 'l2', 'linf'] as const;

export type Arm = (typeof ARMS)[number];

/** Their names in reports. */
export const ARM_NAMES: Record<Arm, string> = {
  plain: 'plain',
  batch: 'batch norm',
  noisy: 'batch norm + noise',
  l1: 'ℓ1 norm',
  l2: 'ℓ2 norm',
  linf: 'ℓ∞ norm',
};

const POOL = 2 ** 20;

/** A maker of an arm's normalisations, which share a pool of noise. */
export function normaliser(arm: Arm, rng: Random, dtype: Dtype): (features: number) => Layer[] {
  if (arm === 'plain') return () => [];
  if (arm === 'batch') return (features) => [new BatchNorm1d(features, { dtype })];
  if (arm === 'noisy') {
    const pool = noisePool(POOL, rng, dtype);
    return (features) => [new BatchNorm1d(features, { dtype }), new ActivationNoise(features, pool, rng, dtype)];
  }
  const power = arm === 'l1' ? 1 : arm === 'l2' ? 2 : 'infinity';
  return (features) => [new LpNorm(features, power, { dtype })];
}

/** Draws the noise of a net anew: once a step. */
export function renewNoise(layers: readonly Layer[]): void {
  for (const layer of layers) if (layer instanceof ActivationNoise) layer.renew();
}
