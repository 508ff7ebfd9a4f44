import { assertArray, assertMethods, assertWhole, type NdArray, type Shape } from '../array/index.js';

/** A batch of samples. */
export interface Batch {
  /** (N, …) float32, in the shape of the samples: (N, C, H, W) for images */
  x: NdArray;
  /** (N, C) float32, usually one-hot; or numbers to learn, one column per target */
  targets: NdArray;
}

/** Samples in memory with what a net learns of each: a class, or numbers. */
export interface SampleSet {
  /** N: positions go from 0 to N − 1. */
  readonly count: number;
  /** The shape of one sample: (C, H, W) for images, (D,) for features. */
  readonly sample: Shape;
  /** One name per class. Empty if numbers are learned. */
  readonly classNames: readonly string[];
  /** One name per number to learn. Empty if classes are learned. */
  readonly targetNames: readonly string[];
  /** One name per feature, if they have names. */
  readonly featureNames?: readonly string[];
  /**
   * The samples at some positions minus `mean`, and what is learned of them.
   *
   * @param indices positions of the batch's samples, in any order
   * @param mean the numbers of one sample
   */
  batch(indices: ArrayLike<number>, mean: ArrayLike<number>): Batch;
  /** The samples from `start` up to, but not including, `end`, in the same memory. */
  slice(start: number, end: number): SampleSet;
}

/** What the samples of a set are called in a sentence. */
export function nounOf({ sample }: Pick<SampleSet, 'sample'>): 'images' | 'rows' {
  return sample.length === 3 ? 'images' : 'rows';
}

/**
 * Throws unless a value is a set of samples.
 *
 * @throws DtypeError or RangeError that names the call
 */
export function assertSet(call: string, set: SampleSet): void {
  assertMethods(call, 'set', set, ['batch', 'slice'], 'a set of samples, such as an ImageSet');
  assertWhole(call, 'set.count', set.count, 0);
}

/**
 * Returns a batch. Throws unless its two parts are arrays.
 *
 * @throws DtypeError or ShapeError that names the call and the part
 */
export function checkedBatch(call: string, batch: Batch): Batch {
  assertMethods(call, 'batch', batch, [], 'a batch, { x, targets }');
  assertArray(call, 'batch.x', batch.x);
  assertArray(call, 'batch.targets', batch.targets);
  return batch;
}
