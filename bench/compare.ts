import type { Task } from './tasks.js';

/**
 * How far answers may be from the judge's, relative to the largest of them: float32 sums taken in another order differ
 * by up to 1e-6. It is narrow enough to tell mistakes: of those tried (no gradient of the biases, a missing term of the
 * batch norm, its gamma not trained, another epsilon), each moves the losses of three steps by 5e-6 or more.
 */
export function tolerance(task: Task): number {
  if (task.kind === 'product') return task.dtype === 'float64' ? 1e-12 : 1e-5;
  return task.kind === 'train' ? 3e-6 : 1e-5;
}

/** The largest difference of two lists of answers, relative to the largest expected one; infinite when they do not fit. */
export function deviation(given: readonly number[], expected: readonly number[]): number {
  if (given.length !== expected.length) return Infinity;
  const largest = Math.max(...expected.map(Math.abs));
  const differences = given.map((value, i) => Math.abs(value - expected[i]));
  const worst = Math.max(...differences) / largest;
  return Number.isNaN(worst) ? Infinity : worst;
}
