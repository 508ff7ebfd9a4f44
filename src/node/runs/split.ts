import { InputError } from '../../array/index.js';
import { nounOf, type SampleSet } from '../../data/sample-set.js';
import type { RunConfig } from './run-config.js';

/** The samples that a run trains on, and those that it is evaluated on. */
export interface Split {
  train: SampleSet;
  test: SampleSet;
}

/**
 * The images of a run: all training images and the test set; or with `validation` the first training images and,
 * instead of the test set, the last ones. CIFAR-10's images come in random order, so these are a random sample, the
 * same in every run; so are the rows of a user's table, which get a random order.
 *
 * @throws InputError when nothing would remain to train on
 */
export function splitOf({ validation }: Pick<RunConfig, 'validation'>, { train, test }: Split): Split {
  if (validation === 0) return { train, test };
  const end = trainingCount({ validation }, train);
  return { train: train.slice(0, end), test: train.slice(end, train.count) };
}

/**
 * The number of samples that remain to train on.
 *
 * @throws InputError when it is 0
 */
export function trainingCount(
  { validation }: Pick<RunConfig, 'validation'>,
  train: Pick<SampleSet, 'count' | 'sample'>,
): number {
  if (validation >= train.count)
    throw new InputError(`--validation ${validation} leaves nothing of the ${train.count} training ${nounOf(train)}`);
  return train.count - validation;
}

/** What the evaluations of a run are called: `test`, or `validation` with held-out training images. */
export function testName({ validation }: Pick<RunConfig, 'validation'>): 'test' | 'validation' {
  return validation > 0 ? 'validation' : 'test';
}
