import { assertArray, copy, multiply, type NdArray, ShapeError, shapeText, take } from '../array/index.js';
import { smoothLabels } from '../losses/label-smoothing.js';
import type { Batch, ImageSet } from './image-set.js';

/** Samples that can be drawn as batches: what a trainer trains on. */
export interface BatchSource {
  /** How many samples there are. */
  readonly count: number;
  /**
   * The samples at the given positions.
   *
   * @param indices positions from 0 to count − 1, in any order
   * @returns one row an index
   */
  batch(indices: ArrayLike<number>): Batch;
}

/**
 * The images of a set, less a mean image, as the course's preprocessing wants them: (N, D), on the scale of 0 to 255.
 *
 * @param mean D numbers: `meanImage()` of the training set, for the test set too
 */
export function centred(set: ImageSet, mean: ArrayLike<number>): BatchSource {
  return { count: set.count, batch: (indices) => set.batch(indices, mean) };
}

/** The same samples with every number of x times a factor: 1/255 brings pixels into −1 to 1. */
export function scaled(source: BatchSource, factor: number): BatchSource {
  if (factor === 1) return source;
  return {
    count: source.count,
    batch(indices) {
      const { x, targets } = source.batch(indices);
      return { x: multiply(x, factor), targets };
    },
  };
}

/**
 * The same samples with smoothed targets, to train on; a test wants them as they are.
 *
 * @param smoothing as in `smoothLabels`, which throws a RangeError at the first batch for one that is out of range
 */
export function smoothed(source: BatchSource, smoothing: number): BatchSource {
  if (smoothing === 0) return source;
  return {
    count: source.count,
    batch(indices) {
      const { x, targets } = source.batch(indices);
      return { x, targets: smoothLabels(targets, smoothing) };
    },
  };
}

/**
 * Samples that are in memory as arrays already.
 *
 * @param x (N, …), copied
 * @param targets (N, C), copied
 * @throws ShapeError unless both have the same number of rows
 */
export function arraySource(x: NdArray, targets: NdArray): BatchSource {
  assertArray('arraySource', 'x', x);
  assertArray('arraySource', 'targets', targets);
  if (x.shape[0] !== targets.shape[0] || !x.shape[0]) {
    throw new ShapeError(
      `arraySource: expected x and targets with the same number of rows, got ${shapeText(x.shape)} and ${shapeText(targets.shape)}`,
    );
  }
  const [ownX, ownTargets] = [copy(x), copy(targets)];
  return { count: x.shape[0], batch: (indices) => ({ x: take(ownX, indices), targets: take(ownTargets, indices) }) };
}
