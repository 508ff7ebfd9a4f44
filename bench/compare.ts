import type { Task } from './tasks.js';

/**
 * The largest allowed difference of the i-th result from the reference, relative to the largest result. float32 sums in
 * another order differ by up to 1e-6. The limit is small enough to detect mistakes in the training of an MLP: no gradient
 * of the biases, a missing term of the batch norm, an untrained gamma, and another epsilon each change the losses of three
 * steps by 5e-6 or more.
 *
 * The image nets have corners, ReLU and max pooling. A value that rounding moves across a corner changes the gradients of
 * a whole channel, and Adam makes steps of one size of them all. PyTorch's float32 is up to 5e-7 away from its float64
 * in the first loss, but up to 6e-5 in the second and third (24 draws of J4 and J5 with batches from 8 to 128). Their limit
 * finds a wrong gradient of a layer, but not an untrained bias (1e-5); the first loss finds another epsilon (2e-5).
 *
 * Fast convolutions transform images, which costs digits: PyTorch's are up to 8e-7 away, Winograd's 4 × 4 tiles up to 1e-5.
 */
export function tolerance(task: Task, i: number): number {
  if (task.kind === 'product') return task.dtype === 'float64' ? 1e-12 : 1e-5;
  if (task.kind === 'convolution') return 3e-5;
  if (task.kind === 'train-images') return i === 0 ? 3e-6 : 1e-4;
  return task.kind === 'train' ? 3e-6 : 1e-5;
}

/** Whether all results are within the tolerance. */
export function agrees(task: Task, given: readonly number[], expected: readonly number[]): boolean {
  if (given.length !== expected.length) return false;
  const largest = Math.max(...expected.map(Math.abs));
  return given.every((value, i) => Math.abs(value - expected[i]) <= tolerance(task, i) * largest);
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
