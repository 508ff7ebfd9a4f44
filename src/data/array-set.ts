import {
  argmax,
  asArray,
  assertArray,
  assertNumber,
  assertNumbers,
  assertTexts,
  assertWhole,
  astype,
  checkedOptions,
  type NdArray,
  type Shape,
  ShapeError,
  shapeText,
  slice,
  subtract,
  take,
} from '../array/index.js';
import type { Batch, SampleSet } from './sample-set.js';

/** What an `ArraySet` is made of. */
export interface ArraySetParts {
  /** (N, …), one row per sample */
  x: NdArray;
  /** (N, C): one-hot rows, or one column per number to learn */
  targets: NdArray;
  /** One name per column of one-hot targets. */
  classNames?: readonly string[];
  /** One name per number to learn, in the place of classes. */
  targetNames?: readonly string[];
  /** One name per feature, if they have names. */
  featureNames?: readonly string[];
}

/** Samples in memory as arrays of real numbers: the rows of a table, for example. */
export class ArraySet implements SampleSet {
  readonly count: number;
  readonly sample: Shape;
  readonly classNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly featureNames?: readonly string[];
  /** (N, …), as they are */
  readonly x: NdArray;
  /** (N, C), as they are */
  readonly targets: NdArray;

  /**
   * A set of samples. Nothing is copied.
   *
   * @throws ShapeError unless both arrays have a row per sample, and the targets a column per name
   */
  constructor(parts: ArraySetParts) {
    const { x, targets, classNames = [], targetNames = [], featureNames } = checkedOptions('ArraySet', parts);
    assertArray('ArraySet', 'x', x);
    assertArray('ArraySet', 'targets', targets);
    assertTexts('ArraySet', 'classNames', classNames);
    assertTexts('ArraySet', 'targetNames', targetNames);
    if (featureNames !== undefined) assertTexts('ArraySet', 'featureNames', featureNames);
    const columns = classNames.length + targetNames.length;
    if (x.shape.length < 2 || String(targets.shape) !== String([x.shape[0], columns])) {
      const wanted = `expected x of shape (N, …) and targets of shape (N, ${columns})`;
      throw new ShapeError(`ArraySet: ${wanted}, got ${shapeText(x.shape)} and ${shapeText(targets.shape)}`);
    }
    this.x = x;
    this.targets = targets;
    this.count = x.shape[0];
    this.sample = x.shape.slice(1);
    this.classNames = classNames;
    this.targetNames = targetNames;
    this.featureNames = featureNames;
  }

  batch(indices: ArrayLike<number>, mean: ArrayLike<number>): Batch {
    assertNumbers(
      'ArraySet.batch',
      'mean',
      mean,
      this.sample.reduce((product, size) => product * size, 1),
    );
    const center = asArray(Float64Array.from(mean), this.sample);
    const x = subtract(astype(take(this.x, indices), 'float64'), center); // (n, …)
    return { x: astype(x, 'float32'), targets: astype(take(this.targets, indices), 'float32') };
  }

  slice(start: number, end: number): ArraySet {
    assertWhole('ArraySet.slice', 'start', start, 0);
    assertNumber('ArraySet.slice', 'end', end);
    const range: [number, number] = [Math.max(0, start), Math.min(end, this.count)];
    return new ArraySet({ ...this, x: slice(this.x, range), targets: slice(this.targets, range) });
  }

  /** The label of sample `i`, from 0 to C − 1, where classes are learned. */
  label(i: number): number {
    return argmax(take(this.targets, [i]), { axis: 1 }).get(0);
  }

  /** The samples at some positions, as a set of their own. */
  chosen(positions: readonly number[]): ArraySet {
    assertNumbers('ArraySet.chosen', 'positions', positions);
    return new ArraySet({ ...this, x: take(this.x, positions), targets: take(this.targets, positions) });
  }
}
