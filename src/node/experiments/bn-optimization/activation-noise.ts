import {
  add,
  asArray,
  assertShape,
  type Dtype,
  multiply,
  type NdArray,
  type Random,
  reshape,
  zeros,
} from '../../../array/index.js';
import { Module } from '../../../layers/module.js';

/**
 * The strength of the noise: the bounds $n_\mu$ and $n_\sigma$ of the part that all samples share, and the spreads
 * $r_\mu$ and $r_\sigma$ of each sample around it.
 */
export const NOISE = { sharedShift: 0.5, sharedScale: 1.25, ownShift: 0.1, ownScale: 0.1 } as const;

/**
 * Noise whose distribution changes at every step. It follows a batch norm, so that the distributions of activations
 * are unstable again (Santurkar et al. 2018, arXiv 1805.11604). For each unit, $\mu \sim U(-n_\mu, n_\mu)$ and
 * $\sigma \sim U(1, n_\sigma)$. For each sample and unit, $m \sim U(\mu - r_\mu, \mu + r_\mu)$ and
 * $s \sim N(\sigma, r_\sigma^2)$. Then $Y = s \circ X + m$, and
 * $\partial L/\partial X = s \circ \partial L/\partial Y$.
 *
 * The noise stays the same until `renew` is called, so that all measures of one step see the same function. m and s are
 * taken from a pool of random numbers, starting at a random place. Drawing new numbers at every step would take longer
 * than everything else. The units of images are their pixels in each channel, D = C · H · W.
 */
export class ActivationNoise extends Module {
  private scale: NdArray | undefined;
  private shift: NdArray | undefined;

  constructor(
    readonly features: number,
    private readonly pool: NoisePool,
    private readonly rng: Random,
    private readonly dtype: Dtype = 'float32',
  ) {
    super();
  }

  /** Makes the next forward draw new noise. */
  renew(): void {
    this.scale = undefined;
  }

  forward(x: NdArray): NdArray {
    const units = rows(x); // (N, D)
    assertShape('ActivationNoise.forward', 'x', units, ['N', this.features]);
    if (this.scale?.shape[0] !== x.shape[0]) this.draw(x.shape[0]);
    return reshape(add(multiply(units, this.scale ?? units), this.shift ?? zeros([1])), x.shape);
  }

  backward(dout: NdArray): NdArray {
    const units = rows(dout); // (N, D)
    return reshape(multiply(units, this.cached(this.scale, units)), dout.shape);
  }

  private draw(samples: number): void {
    const { features, rng, dtype, pool } = this;
    const mu = rng.uniform([features], { low: -NOISE.sharedShift, high: NOISE.sharedShift, dtype }); // (D,)
    const sigma = rng.uniform([features], { low: 1, high: NOISE.sharedScale, dtype }); // (D,)
    const own = (numbers: NdArray, strength: number) => multiply(taken(numbers, [samples, features], rng), strength);
    this.shift = add(own(pool.uniform, NOISE.ownShift), mu); // (N, D)
    this.scale = add(own(pool.normal, NOISE.ownScale), sigma); // (N, D)
  }
}

/** One row per sample: (N, …) as (N, D). */
function rows(x: NdArray): NdArray {
  return x.dimension === 2 ? x : reshape(x, [x.shape[0], -1]);
}

/** Random numbers: uniform in (−1, 1), and standard normal. */
export interface NoisePool {
  uniform: NdArray;
  normal: NdArray;
}

/** Draws a pool of `size` numbers of each kind. */
export function noisePool(size: number, rng: Random, dtype: Dtype): NoisePool {
  return { uniform: rng.uniform([size], { low: -1, high: 1, dtype }), normal: rng.normal([size], { dtype }) };
}

/** Consecutive numbers of a pool, from a random place. */
function taken(pool: NdArray, shape: [number, number], rng: Random): NdArray {
  const size = shape[0] * shape[1];
  if (pool.size < size)
    throw new RangeError(`ActivationNoise: expected a pool of at least ${size} numbers, got ${pool.size}`);
  const start = Math.floor(rng.next() * (pool.size - size + 1));
  return asArray(pool.data.subarray(start, start + size), shape);
}
