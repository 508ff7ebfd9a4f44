import { InputError, Random } from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import { ImageSet } from '../../data/image-set.js';
import type { LoadOptions } from './loaded-set.js';
import { stratifiedSplit } from './stratified-split.js';

/** The labels of an `ImageSet` are bytes. */
export const MOST_CLASSES = 256;

/** Images of a user: the bytes of one after the other, in channel, row, column order, and their labels. */
export interface OwnImages {
  bytes: Uint8Array;
  labels: readonly number[];
}

/** A set of images of one shape. */
export function imageSet({ bytes, labels }: OwnImages, shape: ImageShape, classes: readonly string[]): ImageSet {
  const stride = shape.channels * shape.height * shape.width;
  return new ImageSet([{ bytes, first: 0, stride, labels: Uint8Array.from(labels) }], shape, classes);
}

/** Rows in a random order that is always the same: a table is often sorted, and `--validation` takes the last rows. */
export function randomOrder(positions: readonly number[]): number[] {
  return Array.from(new Random('order of rows').permutation(positions.length), (i) => positions[i]);
}

/**
 * The positions of the training and the test samples in data that have no test part: a fifth of each class is for the
 * test. Says so in a note.
 *
 * @param noun what the samples are called
 * @param areClasses whether the labels are classes; otherwise all are equal. Default: true.
 * @throws InputError if no class has two samples
 */
export function dividedPositions(
  labels: readonly number[],
  { path, noun }: { path: string; noun: string },
  { onNote }: LoadOptions,
  areClasses = true,
): { train: number[]; test: number[] } {
  const parts = stratifiedSplit(labels);
  const whole = areClasses ? 'class with ' : '';
  if (parts.test.length === 0) throw new InputError(`${path} has no ${whole}two ${noun}, so none is left to test`);
  const share = areClasses ? 'a fifth of each class' : 'a random fifth';
  onNote?.(`${parts.test.length} of the ${labels.length} ${noun}, ${share}, are for the test`);
  return parts;
}
