import {
  assertArray,
  assertMethods,
  assertNumbers,
  assertWhole,
  copy,
  multiply,
  type NdArray,
  reshape,
  ShapeError,
  shapeText,
  take,
} from '../array/index.js';
import { assertSmoothing, smoothLabels } from '../losses/label-smoothing.js';
import { sameDtype } from './net-inputs.js';
import type { Batch, SampleSet } from './sample-set.js';
import { assertSet } from './sample-set.js';

/** Samples that can be drawn as batches: what a trainer trains on. */
export interface BatchSource {
  /** The number of samples. */
  readonly count: number;
  /**
   * The samples at some positions.
   *
   * @param indices positions from 0 to count − 1, in any order
   * @returns one row per index
   */
  batch(indices: ArrayLike<number>): Batch;
}

/**
 * The samples of a set minus a mean sample. For images, as the course preprocesses them: (N, C, H, W), on the scale of
 * 0 to 255.
 *
 * @param mean D numbers: `meanImage()` of the training set, for the test set too
 */
export function centered(set: SampleSet, mean: ArrayLike<number>): BatchSource {
  assertSet('centered', set);
  assertNumbers('centered', 'mean', mean);
  return { count: set.count, batch: (indices) => set.batch(indices, mean) };
}

/**
 * The same samples with every number of x multiplied by a factor, or by its own. 1/255 scales pixels to −1 to 1.
 *
 * @param factor a number, or an array in the shape of a sample
 */
export function scaled(source: BatchSource, factor: number | NdArray): BatchSource {
  assertSource('scaled', 'source', source);
  if (typeof factor !== 'number') assertArray('scaled', 'factor', factor);
  return factor === 1 ? source : changed(source, ({ x, targets }) => ({ x: multiply(x, sameDtype(factor)), targets }));
}

/** The same samples as (N, D), as an `MLP` takes them. */
export function flattened(source: BatchSource): BatchSource {
  assertSource('flattened', 'source', source);
  return changed(source, ({ x, targets }) => ({ x: reshape(x, [x.shape[0], -1]), targets }));
}

/**
 * The same samples with smoothed targets, for training. Evaluation needs the targets as they are.
 *
 * @param smoothing as in `smoothLabels`, which throws a RangeError at the first batch if it is out of range
 */
export function smoothed(source: BatchSource, smoothing: number): BatchSource {
  assertSource('smoothed', 'source', source);
  assertSmoothing('smoothed', smoothing);
  if (smoothing === 0) return source;
  return changed(source, ({ x, targets }) => ({ x, targets: smoothLabels(targets, smoothing) }));
}

/**
 * Samples that are in memory as arrays.
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

/** A source whose batches are changed after they are drawn. */
/**
 * Throws unless a value is a source of batches.
 *
 * @throws DtypeError or RangeError that names the call and the argument
 */
export function assertSource(call: string, name: string, source: BatchSource): void {
  assertMethods(call, name, source, ['batch'], 'a source of batches, such as arraySource(x, targets)');
  assertWhole(call, `${name}.count`, source.count, 0);
}

function changed({ count, batch }: BatchSource, change: (batch: Batch) => Batch): BatchSource {
  return { count, batch: (indices) => change(batch(indices)) };
}
