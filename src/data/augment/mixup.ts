import { add, array, assertRandom, multiply, type NdArray, type Random, subtract, take } from '../../array/index.js';
import { assertSource, type BatchSource } from '../batch-source.js';
import type { Batch } from '../sample-set.js';

/**
 * Mixes every sample with another sample of its batch, inputs and targets alike: "0.8 of a cat and 0.2 of a ship"
 * (Zhang et al. 2018, arXiv 1710.09412, equation 1). Between two samples a net then learns to change its answer in a
 * straight line,
 *
 * $$ \tilde x_i = \lambda_i\, x_i + (1 - \lambda_i)\, x_{\pi(i)}, \qquad
 *    \tilde t_i = \lambda_i\, t_i + (1 - \lambda_i)\, t_{\pi(i)}, \qquad \lambda_i \sim \mathrm{Beta}(\alpha, \alpha) , $$
 *
 * where $\pi$ is a random order of the batch (`order`). A small $\alpha$ leaves most samples almost unchanged. With
 * $\alpha = 1$ every $\lambda$ is equally likely. The mean image may be subtracted before or after, because the two
 * weights add up to 1.
 *
 * @param rng draws the order and every λ, batch by batch
 * @throws RangeError unless `alpha` is a number above 0
 */
export function mixed(source: BatchSource, alpha: number, rng: Random): BatchSource {
  assertSource('mixed', 'source', source);
  assertAlpha(alpha, 'mixed');
  assertRandom('mixed', rng);
  return {
    count: source.count,
    batch(indices) {
      const order = rng.permutation(indices.length);
      const lambda = Array.from(order, () => symmetricBeta(alpha, rng));
      return mixUp(source.batch(indices), order, lambda);
    },
  };
}

/** Returns α, or throws a RangeError unless it is a number above 0. */
export function assertAlpha(alpha: number, call = 'mixup'): number {
  if (!(typeof alpha === 'number' && alpha > 0 && alpha < Infinity))
    throw new RangeError(`${call}: expected alpha to be a number above 0, got ${alpha}`);
  return alpha;
}

/**
 * Mixes sample `i` of a batch, with weight `lambda[i]`, and sample `order[i]`, with weight 1 − `lambda[i]`.
 *
 * @returns a fresh batch
 */
export function mixUp({ x, targets }: Batch, order: ArrayLike<number>, lambda: readonly number[]): Batch {
  const mix = (rows: NdArray) => {
    const column = rows.shape.map((size, axis) => (axis === 0 ? size : 1));
    const weight = array(lambda, column, rows.dtype); // (N, 1, …)
    return add(multiply(weight, rows), multiply(subtract(1, weight), take(rows, order))); // (N, …)
  };
  return { x: mix(x), targets: mix(targets) };
}

/**
 * A random number from Beta(α, α): G/(G + H) for G and H from Gamma(α). It uses their logarithms, because for a small
 * α the numbers themselves underflow.
 */
export function symmetricBeta(alpha: number, rng: Random): number {
  return 1 / (1 + Math.exp(logGammaNumber(alpha, rng) - logGammaNumber(alpha, rng)));
}

/**
 * The logarithm of a random number from Gamma(α): Marsaglia and Tsang 2000, "A simple method for generating gamma
 * variables", for α ≥ 1. For a smaller α it is a number from Gamma(α + 1) times U to the power 1/α.
 */
function logGammaNumber(alpha: number, rng: Random): number {
  if (alpha < 1) return logGammaNumber(alpha + 1, rng) + Math.log(1 - rng.next()) / alpha;
  const d = alpha - 1 / 3;
  for (;;) {
    const z = rng.nextNormal();
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - rng.next()) < (z * z) / 2 + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
}
