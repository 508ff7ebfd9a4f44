import type { Dtype, Random } from '../../../array/index.js';
import { BatchNorm1d } from '../../../layers/batch-norm.js';
import type { Layer } from '../../../layers/layer.js';
import { ActivationNoise, noisePool } from './activation-noise.js';
import { LpNorm } from './lp-norm.js';

/** What follows a linear layer: nothing, batch norm, batch norm and noise, another norm, or noise alone. */
export const NORM_VARIANTS = ['plain', 'batch', 'noisy', 'l1', 'l2', 'linf', 'noise-only'] as const;

export type NormVariant = (typeof NORM_VARIANTS)[number];

/** Their names in reports. */
export const VARIANT_NAMES: Record<NormVariant, string> = {
  plain: 'plain',
  batch: 'batch norm',
  noisy: 'batch norm + noise',
  l1: 'ℓ1 norm',
  l2: 'ℓ2 norm',
  linf: 'ℓ∞ norm',
  'noise-only': 'noise without a norm',
};

const POOL_SIZE = 2 ** 20;

/** A function that makes the norm layers of a variant. The layers share one pool of noise. */
export function variantLayers(variant: NormVariant, rng: Random, dtype: Dtype): (features: number) => Layer[] {
  if (variant === 'plain') return () => [];
  if (variant === 'batch') return (features) => [new BatchNorm1d(features, { dtype })];
  if (variant === 'noisy') {
    const pool = noisePool(POOL_SIZE, rng, dtype);
    return (features) => [new BatchNorm1d(features, { dtype }), new ActivationNoise(features, pool, rng, dtype)];
  }
  if (variant === 'noise-only') {
    const pool = noisePool(POOL_SIZE, rng, dtype);
    return (features) => [new ActivationNoise(features, pool, rng, dtype)];
  }
  const power = variant === 'l1' ? 1 : variant === 'l2' ? 2 : 'infinity';
  return (features) => [new LpNorm(features, power, { dtype })];
}

/** Draws new noise in every noise layer of a net: once per step. */
export function renewNoise(layers: readonly Layer[]): void {
  for (const layer of layers) if (layer instanceof ActivationNoise) layer.renew();
}
