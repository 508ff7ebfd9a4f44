import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import { FASHION_MNIST } from '../../data/fashion-mnist-facts.js';
import { readIdx } from '../../data/idx.js';
import { ImageSet } from '../../data/image-set.js';
import { MNIST, MNIST_SHAPE, type MnistFile, type MnistHalf, type MnistLike } from '../../data/mnist-facts.js';
import { readGzipped } from './read-gzipped.js';
import { similarNames } from './similar-names.js';

/** The two halves of MNIST, or of a set in its format. */
export interface Mnist {
  /** 60,000 images. */
  train: ImageSet;
  /** 10,000 images. */
  test: ImageSet;
}

/**
 * Finds the set in `folder`, or in `MNIST/raw`, where PyTorch puts it. Each file may be gzipped.
 *
 * @param set MNIST, or a set in its format. Default: MNIST.
 * @returns undefined if there is no file of the set
 * @throws InputError if only some of the four files exist, or a name differs in one character
 */
export function findMnist(folder: string, set: MnistLike = MNIST): string | undefined {
  for (const place of [folder, join(folder, set.torchFolder, 'raw')]) {
    const missing = set.files.filter((file) => pathOf(place, file) === undefined);
    if (missing.length === 0) return place;
    const names = missing.map(({ name }) => name);
    const similar = similarNames(place, names);
    if (missing.length < set.files.length || similar !== '') {
      throw new InputError(`${place} is incomplete: ${names.join(', ')} missing${similar}`);
    }
  }
  return undefined;
}

/**
 * Reads all 70,000 images and verifies every file's md5.
 *
 * @param set MNIST, or a set in its format. Default: MNIST.
 * @throws InputError that names a file that cannot be read, is incomplete or damaged, or is not part of the set
 */
export async function readMnist(folder: string, signal?: AbortSignal, set: MnistLike = MNIST): Promise<Mnist> {
  const train = await readHalf(folder, set, set.train);
  signal?.throwIfAborted();
  return { train, test: await readHalf(folder, set, set.test) };
}

async function readHalf(folder: string, set: MnistLike, { images, labels, count }: MnistHalf): Promise<ImageSet> {
  const { height, width } = MNIST_SHAPE;
  const bytes = await readArray(folder, set, images, [count, height, width]);
  const block = { bytes, first: 0, stride: height * width, labels: await readArray(folder, set, labels, [count]) };
  return new ImageSet([block], MNIST_SHAPE, set.classes);
}

async function readArray(
  folder: string,
  set: MnistLike,
  file: MnistFile,
  expected: readonly number[],
): Promise<Uint8Array> {
  const path = pathOf(folder, file) ?? join(folder, file.name);
  const elements = expected.reduce((product, size) => product * size);
  const bytes = await readGzipped(path, 4 + 4 * expected.length + elements);
  const { shape, data } = readIdx(bytes, path);
  if (String(shape) !== String(expected)) {
    throw new InputError(
      `${path} is not a file of ${set.title}: it has ${shape.join(' × ')} bytes, not ${expected.join(' × ')}`,
    );
  }
  const md5 = createHash('md5').update(bytes).digest('hex');
  if (md5 !== file.md5) {
    const actual = LIKE_MNIST.find(({ files }) => files.some((other) => other.md5 === md5));
    if (actual && actual !== set) {
      throw new InputError(
        `${path} belongs to ${actual.title}, not to ${set.title}; --dataset ${actual.name} reads it`,
      );
    }
    throw new InputError(`${path} is damaged: its content has md5 ${md5}, that of ${set.title} has ${file.md5}`);
  }
  return data;
}

/** The sets whose files have the same names and shapes, and only their content tells them apart. */
const LIKE_MNIST: readonly MnistLike[] = [MNIST, FASHION_MNIST];

function pathOf(folder: string, { name }: MnistFile): string | undefined {
  return [join(folder, name), join(folder, `${name}.gz`)].find(existsSync);
}
