import { type Product, partOfProduct } from './product.js';
import { partOfSweep, SWEEPS, type Sweep } from './sweep.js';

/** Work that threads share. Its parts do not depend on each other. */
export type ThreadTask = Product | Sweep;

/** One of several parts of a task. */
export function partOfTask<T extends ThreadTask>(task: T, index: number, parts: number): T;
export function partOfTask(task: ThreadTask, index: number, parts: number): ThreadTask {
  return isSweep(task) ? partOfSweep(task, index, parts) : partOfProduct(task, index, parts);
}

export function isSweep(task: ThreadTask): task is Sweep {
  return 'name' in task;
}

/** A task as numbers, which threads can share. */
export function numbersOf(task: ThreadTask): number[] {
  if (isSweep(task)) {
    const { name, numbers, first, last, unit } = task;
    return [SWEEPS.indexOf(name), first, last, unit, numbers.length, ...numbers];
  }
  const { size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC } = task;
  return [-1, size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC];
}

/** The task that `numbersOf` turned into these numbers. More numbers may follow them. */
export function taskOf([kind, ...numbers]: readonly number[]): ThreadTask {
  if (kind === -1) {
    const [size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC] = numbers;
    return { size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC };
  }
  const [first, last, unit, length, ...rest] = numbers;
  return { name: SWEEPS[kind], numbers: rest.slice(0, length), first, last, unit };
}
