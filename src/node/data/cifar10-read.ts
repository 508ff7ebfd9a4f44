import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import {
  ALL_FILES,
  type BatchFile,
  CIFAR10_CLASSES,
  IMAGE_BYTES,
  IMAGE_SHAPE,
  IMAGES_PER_FILE,
  RECORD_BYTES,
  TEST_FILE,
  TRAIN_FILES,
} from '../../data/cifar10-facts.js';
import { type ImageBlock, ImageSet } from '../../data/image-set.js';
import { readPickle } from './cifar-pickle.js';
import { bytesOfFile } from './folders.js';

/** The two halves of CIFAR-10. */
export interface Cifar10 {
  /** 50,000 images. */
  train: ImageSet;
  /** 10,000 images. */
  test: ImageSet;
}

/** The format of the files in a folder. */
export type Cifar10Format = 'binary' | 'pickle';

/** A folder with all six files. */
export interface Cifar10Folder {
  folder: string;
  format: Cifar10Format;
}

/**
 * Finds the set in `folder`, or in the subfolder that the official archives create.
 *
 * @returns undefined if there is no file of the set
 * @throws InputError if only some of the six files exist
 */
export function findCifar10(folder: string): Cifar10Folder | undefined {
  const places = [folder, join(folder, 'cifar-10-batches-bin'), join(folder, 'cifar-10-batches-py')];
  for (const place of places) {
    for (const format of ['binary', 'pickle'] as const) {
      const missing = ALL_FILES.filter((file) => !existsSync(join(place, file[format])));
      if (missing.length === 0) return { folder: place, format };
      if (missing.length < ALL_FILES.length) {
        throw new InputError(`${place} is incomplete: ${missing.map((file) => file[format]).join(', ')} missing`);
      }
    }
  }
  return undefined;
}

/**
 * Reads all 60,000 images and verifies every file's md5.
 *
 * @throws InputError that names a file that cannot be read, is incomplete or damaged, or is not part of the set
 */
export async function readCifar10({ folder, format }: Cifar10Folder, signal?: AbortSignal): Promise<Cifar10> {
  const read = format === 'binary' ? readBinaryFile : readPickleFile;
  const blocks: ImageBlock[] = [];
  for (const file of ALL_FILES) {
    signal?.throwIfAborted();
    const path = join(folder, file[format]);
    const block = await read(path);
    verify(path, file, block);
    blocks.push(block);
  }
  return {
    train: new ImageSet(blocks.slice(0, TRAIN_FILES.length), IMAGE_SHAPE, CIFAR10_CLASSES),
    test: new ImageSet(blocks.slice(ALL_FILES.indexOf(TEST_FILE)), IMAGE_SHAPE, CIFAR10_CLASSES),
  };
}

async function readBinaryFile(path: string): Promise<ImageBlock> {
  const bytes = await bytesOfFile(path);
  if (bytes.length !== IMAGES_PER_FILE * RECORD_BYTES) {
    const state = bytes.length < IMAGES_PER_FILE * RECORD_BYTES ? 'incomplete, or ' : '';
    throw new InputError(
      `${path} is ${state}not a CIFAR-10 file: it has ${bytes.length} bytes, not ${IMAGES_PER_FILE * RECORD_BYTES}`,
    );
  }
  const labels = Uint8Array.from({ length: IMAGES_PER_FILE }, (_, i) => bytes[i * RECORD_BYTES]);
  return { bytes, first: 1, stride: RECORD_BYTES, labels };
}

async function readPickleFile(path: string): Promise<ImageBlock> {
  const content = { set: 'CIFAR-10', images: IMAGES_PER_FILE, labels: ['labels'] };
  const {
    pixels,
    labels: [labels],
  } = readPickle(await bytesOfFile(path), path, content);
  return { bytes: pixels, first: 0, stride: IMAGE_BYTES, labels };
}

function verify(path: string, file: BatchFile, block: ImageBlock): void {
  const stray = block.labels.findIndex((label) => label >= CIFAR10_CLASSES.length);
  if (stray !== -1) {
    throw new InputError(`${path} is not a CIFAR-10 file: image ${stray} has label ${block.labels[stray]}, not 0 to 9`);
  }
  const hash = createHash('md5');
  for (const part of asRecords(block)) hash.update(part);
  const md5 = hash.digest('hex');
  if (md5 !== file.md5) {
    throw new InputError(`${path} is damaged: its images have md5 ${md5}, those of CIFAR-10 have ${file.md5}`);
  }
}

/** The bytes of the binary version, in parts. */
function* asRecords({ bytes, stride, labels }: ImageBlock): Generator<Uint8Array> {
  if (stride === RECORD_BYTES) {
    yield bytes;
    return;
  }
  const record = new Uint8Array(RECORD_BYTES);
  for (let i = 0; i < labels.length; i++) {
    record[0] = labels[i];
    record.set(bytes.subarray(i * stride, i * stride + IMAGE_BYTES), 1);
    yield record;
  }
}
