import { InputError } from '../../array/index.js';
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

/**
 * The positions of the training and the test samples in data that have no test part: a fifth of each class is for the
 * test. Says so in a note.
 *
 * @param noun what the samples are called
 * @throws InputError if no class has two samples
 */
export function dividedPositions(
  labels: readonly number[],
  { path, noun }: { path: string; noun: string },
  { onNote }: LoadOptions,
): { train: number[]; test: number[] } {
  const parts = stratifiedSplit(labels);
  if (parts.test.length === 0) throw new InputError(`${path} has no class with two ${noun}, so none is left to test`);
  onNote?.(`${parts.test.length} of the ${labels.length} ${noun}, a fifth of each class, are for the test`);
  return parts;
}
