import {
  add,
  asArray,
  assertShape,
  type Dtype,
  multiply,
  type NdArray,
  type Random,
  zeros,
} from '../../../array/index.js';
import { Module } from '../../../layers/module.js';

/**
 * How strong the noise is: the bounds $n_\mu, n_\sigma$ of what all samples share, and $r_\mu, r_\sigma$ around that.
 */
export const NOISE = { sharedShift: 0.5, sharedScale: 1.25, ownShift: 0.1, ownScale: 0.1 } as const;

/**
 * Noise whose distribution changes at every step, put behind a batch norm to undo what that does for the
 * distributions of activations (Santurkar et al. 2018, arXiv 1805.11604). Per unit, $\mu \sim U(-n_\mu, n_\mu)$ and
 * $\sigma \sim U(1, n_\sigma)$; per sample and unit, $m \sim U(\mu - r_\mu, \mu + r_\mu)$ and
 * $s \sim N(\sigma, r_\sigma^2)$; then $Y = s \circ X + m$, and
 * $\partial L/\partial X = s \circ \partial L/\partial Y$.
 *
 * It is drawn anew when `renew` says so and otherwise stays, so that all measures of one step see one function. m and
 * s are taken from a pool of numbers drawn beforehand, each time from a place drawn anew: numbers enough for every
 * step would take longer to draw than all the rest.
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

  /** The next forward draws other noise. */
  renew(): void {
    this.scale = undefined;
  }

  forward(x: NdArray): NdArray {
    assertShape('ActivationNoise.forward', 'x', x, ['N', this.features]);
    if (this.scale?.shape[0] !== x.shape[0]) this.draw(x.shape[0]);
    return add(multiply(x, this.scale ?? x), this.shift ?? zeros([1])); // (N, D)
  }

  backward(dout: NdArray): NdArray {
    return multiply(dout, this.cached(this.scale, dout)); // (N, D)
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

/** Numbers drawn beforehand: uniform in (−1, 1), and standard normal. */
export interface NoisePool {
  uniform: NdArray;
  normal: NdArray;
}

/** A pool of so many of each. */
export function noisePool(size: number, rng: Random, dtype: Dtype): NoisePool {
  return { uniform: rng.uniform([size], { low: -1, high: 1, dtype }), normal: rng.normal([size], { dtype }) };
}

/** Numbers of a pool, one after the other from a place that is drawn. */
function taken(pool: NdArray, shape: [number, number], rng: Random): NdArray {
  const size = shape[0] * shape[1];
  if (pool.size < size) throw new RangeError(`ActivationNoise: a pool of ${pool.size} numbers for ${size}`);
  const start = Math.floor(rng.next() * (pool.size - size + 1));
  return asArray(pool.data.subarray(start, start + size), shape);
}
