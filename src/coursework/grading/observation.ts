import type { NdArray } from '../../array/index.js';
import type { TestCase } from './test-case.js';

/** Arrays by name for the diagnosis: `x`, `dout`, `weight`, `targets` and so on. */
export type Terms = Readonly<Record<string, NdArray>>;

/** An array from a submission, and the right one. */
export interface Observation {
  /** What is graded, such as `dx` or `out in evaluation`. */
  aspect: string;
  /** The name of the array, such as `dx`. */
  array: string;
  got: NdArray;
  want: NdArray;
  /** The gradient at an index by finite differences. Absent if the array is not a gradient. */
  numeric?: (index: readonly number[]) => number;
  terms: Terms;
  case: TestCase;
  /** For gradients of parameters: the value of `grad` before. */
  start?: NdArray;
  /** The right arrays of the same call, to detect swapped ones. */
  siblings?: Readonly<Record<string, NdArray>>;
}

/** A problem that is not about values, in a sentence. */
export interface Problem {
  aspect: string;
  problem: string;
  case: TestCase;
}

/** What a test produces: arrays to compare, or a problem. */
export type TestResult = Observation | Problem;
