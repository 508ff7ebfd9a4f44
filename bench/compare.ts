import type { Task } from './tasks.js';

/**
 * The largest allowed difference from the reference results, relative to the largest of them. float32 sums in another
 * order differ by up to 1e-6. The limit is small enough to detect mistakes: no gradient of the biases, a missing term
 * of the batch norm, an untrained gamma, and another epsilon each change the losses of three steps by 5e-6 or more.
 */
export function tolerance(task: Task): number {
  if (task.kind === 'product') return task.dtype === 'float64' ? 1e-12 : 1e-5;
  return task.kind === 'train' ? 3e-6 : 1e-5;
}

/**
 * The largest difference of two lists of results, relative to the largest expected one. Infinite for different
 * lengths.
 */
export function deviation(given: readonly number[], expected: readonly number[]): number {
  if (given.length !== expected.length) return Infinity;
  const largest = Math.max(...expected.map(Math.abs));
  const differences = given.map((value, i) => Math.abs(value - expected[i]));
  const worst = Math.max(...differences) / largest;
  return Number.isNaN(worst) ? Infinity : worst;
}
