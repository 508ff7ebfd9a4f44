/**
 * CIFAR-100: 60,000 color images of 32 × 32 pixels in a hundred fine classes, five of which make up each of twenty coarse
 * classes. Krizhevsky 2009, "Learning multiple layers of features from tiny images".
 * https://www.cs.toronto.edu/~kriz/cifar.html
 */

import { IMAGE_BYTES } from './cifar10-facts.js';

/** The coarse classes, by label, each with its fine classes. */
const CLASSES: readonly (readonly [coarse: string, fine: string])[] = [
  ['aquatic_mammals', 'beaver dolphin otter seal whale'],
  ['fish', 'aquarium_fish flatfish ray shark trout'],
  ['flowers', 'orchid poppy rose sunflower tulip'],
  ['food_containers', 'bottle bowl can cup plate'],
  ['fruit_and_vegetables', 'apple mushroom orange pear sweet_pepper'],
  ['household_electrical_devices', 'clock keyboard lamp telephone television'],
  ['household_furniture', 'bed chair couch table wardrobe'],
  ['insects', 'bee beetle butterfly caterpillar cockroach'],
  ['large_carnivores', 'bear leopard lion tiger wolf'],
  ['large_man-made_outdoor_things', 'bridge castle house road skyscraper'],
  ['large_natural_outdoor_scenes', 'cloud forest mountain plain sea'],
  ['large_omnivores_and_herbivores', 'camel cattle chimpanzee elephant kangaroo'],
  ['medium_mammals', 'fox porcupine possum raccoon skunk'],
  ['non-insect_invertebrates', 'crab lobster snail spider worm'],
  ['people', 'baby boy girl man woman'],
  ['reptiles', 'crocodile dinosaur lizard snake turtle'],
  ['small_mammals', 'hamster mouse rabbit shrew squirrel'],
  ['trees', 'maple_tree oak_tree palm_tree pine_tree willow_tree'],
  ['vehicles_1', 'bicycle bus motorcycle pickup_truck train'],
  ['vehicles_2', 'lawn_mower rocket streetcar tank tractor'],
];

/** The labels of a net: a hundred fine classes, or twenty coarse ones. */
export const CIFAR100_LABELS = ['fine', 'coarse'] as const;

export type Cifar100Labels = (typeof CIFAR100_LABELS)[number];

/** The classes of each kind, by label. The fine ones are in the order of the alphabet. */
export const CIFAR100_CLASSES: Readonly<Record<Cifar100Labels, readonly string[]>> = {
  fine: CLASSES.flatMap(([, fine]) => fine.split(' ')).sort(),
  coarse: CLASSES.map(([coarse]) => coarse),
};

/** The coarse label of each fine label. */
export const COARSE_OF_FINE: readonly number[] = CIFAR100_CLASSES.fine.map((name) =>
  CLASSES.findIndex(([, fine]) => fine.split(' ').includes(name)),
);

/** The bytes of a record of the binary version: the coarse label, the fine label, then the image. */
export const CIFAR100_RECORD_BYTES = 2 + IMAGE_BYTES;

/** The two files, with their names in the binary version and in the Python version. */
export interface Cifar100File {
  binary: string;
  pickle: string;
  images: number;
  /** The md5 of the pickle. */
  md5: string;
}

/** The training file, then the test file. */
export const CIFAR100_FILES: readonly [train: Cifar100File, test: Cifar100File] = [
  { binary: 'train.bin', pickle: 'train', images: 50_000, md5: '16019d7e3df5f24257cddd939b257f8d' },
  { binary: 'test.bin', pickle: 'test', images: 10_000, md5: 'f0ef6b0ae62326f3e7ffdfab6717acfc' },
];
