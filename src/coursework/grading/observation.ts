import type { NdArray } from '../../array/index.js';
import type { TestCase } from './test-case.js';

/** Arrays by name that a diagnosis may compute with: `x`, `dout`, `weight`, `targets` … */
export type Terms = Readonly<Record<string, NdArray>>;

/** One array that a submission gave, beside the right one. */
export interface Observation {
  /** What is looked at, such as `dx`, or `out in evaluation`; a task's points are shared out over these. */
  aspect: string;
  /** The name of the array, such as `dx`. */
  array: string;
  got: NdArray;
  want: NdArray;
  /** The gradient by finite differences at an index; absent for what is no gradient. */
  numeric?: (index: readonly number[]) => number;
  terms: Terms;
  case: TestCase;
  /** For gradients of parameters: what `grad` held before. */
  start?: NdArray;
  /** The right arrays of the same call, to find out exchanged ones. */
  siblings?: Readonly<Record<string, NdArray>>;
}

/** Something wrong that is no number: a sentence. */
export interface Problem {
  aspect: string;
  problem: string;
  case: TestCase;
}
