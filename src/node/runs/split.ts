import { InputError } from '../../array/index.js';
import type { ImageSet } from '../../data/image-set.js';
import type { TrainConfig } from './train-config.js';

/** What a run trains on, and what it tests on as it goes. */
export interface Split {
  train: ImageSet;
  test: ImageSet;
}

/**
 * The images of a run: all training images and the test set, or with `validation` the first training images and, in the
 * place of the test set, the last ones. CIFAR-10's come in random order, so these are as good as drawn by lot, and every
 * run holds out the same.
 *
 * @throws InputError when nothing would be left to train on
 */
export function splitOf({ validation }: Pick<TrainConfig, 'validation'>, { train, test }: Split): Split {
  if (validation === 0) return { train, test };
  if (validation >= train.count) {
    throw new InputError(`--validation ${validation} leaves nothing of the ${train.count} training images`);
  }
  const end = train.count - validation;
  return { train: train.slice(0, end), test: train.slice(end, train.count) };
}

/** What the figures of a run's tests are called: `test`, or `validation` when they are not of the test set. */
export function testName({ validation }: Pick<TrainConfig, 'validation'>): 'test' | 'validation' {
  return validation > 0 ? 'validation' : 'test';
}
