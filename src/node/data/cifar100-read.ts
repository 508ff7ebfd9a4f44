import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import { IMAGE_BYTES, IMAGE_SHAPE } from '../../data/cifar10-facts.js';
import {
  CIFAR100_CLASSES,
  CIFAR100_FILES,
  CIFAR100_RECORD_BYTES,
  type Cifar100File,
  type Cifar100Labels,
  COARSE_OF_FINE,
} from '../../data/cifar100-facts.js';
import { ImageSet } from '../../data/image-set.js';
import { readPickle } from './cifar-pickle.js';
import { bytesOfFile } from './folders.js';

/** A folder with both files of CIFAR-100, in the binary version or in the Python version. */
export interface Cifar100Folder {
  folder: string;
  format: 'binary' | 'pickle';
}

/** The images of one file, and both labels of each. */
interface LabeledImages {
  bytes: Uint8Array;
  first: number;
  stride: number;
  labels: Record<Cifar100Labels, Uint8Array>;
}

/**
 * Finds the set in `folder`, or in the subfolder that the official archives create.
 *
 * @returns undefined if there is no file of the set
 * @throws InputError if only one of the two files exists
 */
export function findCifar100(folder: string): Cifar100Folder | undefined {
  for (const place of [folder, join(folder, 'cifar-100-python'), join(folder, 'cifar-100-binary')]) {
    for (const format of ['pickle', 'binary'] as const) {
      const missing = CIFAR100_FILES.filter((file) => !isFile(join(place, file[format])));
      if (missing.length === 0) return { folder: place, format };
      if (missing.length === 1) throw new InputError(`${place} is incomplete: ${missing[0][format]} is missing`);
    }
  }
  return undefined;
}

/** A user's own data may have folders with the names `train` and `test`. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/**
 * Reads all 60,000 images with their fine or coarse labels, and verifies them. The md5 of a pickle is known. A file of the
 * binary version must have the right length, the right number of images in every class, and the coarse label that belongs
 * to each fine one; damage of its pixels is not found.
 *
 * @param files the training file and the test file. Default: those of CIFAR-100
 * @throws InputError that names a file that cannot be read, is incomplete or damaged, or is not part of the set
 */
export async function readCifar100(
  { folder, format }: Cifar100Folder,
  labels: Cifar100Labels,
  { signal, files = CIFAR100_FILES }: { signal?: AbortSignal; files?: readonly Cifar100File[] } = {},
): Promise<{ train: ImageSet; test: ImageSet }> {
  const sets: ImageSet[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const path = join(folder, file[format]);
    const read = format === 'binary' ? readBinary : readPickled;
    const { bytes, first, stride, labels: all } = await read(path, file);
    assertCounts(path, file, all);
    sets.push(new ImageSet([{ bytes, first, stride, labels: all[labels] }], IMAGE_SHAPE, CIFAR100_CLASSES[labels]));
  }
  return { train: sets[0], test: sets[1] };
}

async function readBinary(path: string, { images }: Cifar100File): Promise<LabeledImages> {
  const bytes = await bytesOfFile(path);
  const expected = images * CIFAR100_RECORD_BYTES;
  if (bytes.length !== expected) {
    const state = bytes.length < expected ? 'incomplete, or ' : '';
    throw new InputError(`${path} is ${state}not a CIFAR-100 file: it has ${bytes.length} bytes, not ${expected}`);
  }
  const column = (at: number) => Uint8Array.from({ length: images }, (_, i) => bytes[i * CIFAR100_RECORD_BYTES + at]);
  return { bytes, first: 2, stride: CIFAR100_RECORD_BYTES, labels: { coarse: column(0), fine: column(1) } };
}

async function readPickled(path: string, { images, md5 }: Cifar100File): Promise<LabeledImages> {
  const bytes = await bytesOfFile(path);
  const content = { set: 'CIFAR-100', images, labels: ['fine_labels', 'coarse_labels'] };
  const {
    pixels,
    labels: [fine, coarse],
  } = readPickle(bytes, path, content);
  const found = createHash('md5').update(bytes).digest('hex');
  if (found !== md5) throw new InputError(`${path} is damaged: its md5 is ${found}, that of CIFAR-100 is ${md5}`);
  return { bytes: pixels, first: 0, stride: IMAGE_BYTES, labels: { fine, coarse } };
}

/** Every fine class has the same number of images, and every fine label has its coarse one. */
function assertCounts(path: string, { images }: Cifar100File, { fine, coarse }: LabeledImages['labels']): void {
  const counts = CIFAR100_CLASSES.fine.map(() => 0);
  for (const [i, label] of fine.entries()) {
    if (label >= counts.length)
      throw new InputError(`${path} is not a CIFAR-100 file: image ${i} has the fine label ${label}, not 0 to 99`);
    if (coarse[i] !== COARSE_OF_FINE[label])
      throw new InputError(
        `${path} is damaged or not a CIFAR-100 file: image ${i} has the fine label ${label} and the coarse label ${coarse[i]}, not ${COARSE_OF_FINE[label]}`,
      );
    counts[label]++;
  }
  const share = images / counts.length;
  const wrong = counts.findIndex((count) => count !== share);
  if (wrong >= 0)
    throw new InputError(
      `${path} is damaged: it has ${counts[wrong]} images of the class ${CIFAR100_CLASSES.fine[wrong]}, not ${share}`,
    );
}
