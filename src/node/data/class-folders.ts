import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import type { ImageSet } from '../../data/image-set.js';
import { fitPicture, type Picture } from '../../data/picture.js';
import type { LoadOptions } from './loaded-set.js';
import { dividedPositions, imageSet, MOST_CLASSES } from './own-images.js';
import { readPicture } from './read-picture.js';
import { reasonOf } from './system-reason.js';

/** Pictures of different sizes are all resized to this one. */
const COMMON_SIDE = 32;

/** Progress is reported after this many pictures. */
const PER_REPORT = 200;

/** A picture and its label. */
interface Labeled {
  picture: Picture;
  label: number;
}

/**
 * Reads a folder with one folder of PNG and JPEG pictures per class. The folders may be in `train` and `test`.
 * Otherwise a fifth of each class is for the test. The classes are in the order of their names. Pictures of one size
 * keep it; if their sizes differ, all are resized to 32 × 32 pixels. They have one channel if all of them are gray.
 *
 * @throws InputError for a folder without such folders, a class without pictures, or a picture that cannot be read
 */
export async function readClassFolders(
  path: string,
  options: LoadOptions,
): Promise<{ train: ImageSet; test: ImageSet }> {
  const inside = await foldersIn(path);
  const isDivided = inside.includes('train') && inside.includes('test');
  const trainPath = isDivided ? join(path, 'train') : path;
  const classes = isDivided ? await foldersIn(trainPath) : inside;
  if (classes.length < 2 || classes.length > MOST_CLASSES) {
    throw new InputError(
      `${trainPath} has ${classes.length} folders; expected from 2 to ${MOST_CLASSES}, one per class`,
    );
  }
  const train = await readAll(trainPath, classes, classes, options);
  const test = isDivided ? await readTest(join(path, 'test'), classes, options) : [];
  const shape = commonShape([...train, ...test], options);
  if (isDivided) return { train: setOf(train, shape, classes), test: setOf(test, shape, classes) };
  const labels = train.map(({ label }) => label);
  const parts = dividedPositions(labels, { path, noun: 'pictures' }, options);
  const part = (positions: number[]) =>
    setOf(
      positions.map((i) => train[i]),
      shape,
      classes,
    );
  return { train: part(parts.train), test: part(parts.test) };
}

async function readTest(path: string, classes: readonly string[], options: LoadOptions): Promise<Labeled[]> {
  const names = await foldersIn(path);
  const unknown = names.find((name) => !classes.includes(name));
  if (unknown !== undefined) throw new InputError(`${join(path, unknown)}: there is no class ${unknown} in train`);
  return readAll(path, names, classes, options);
}

/** Reads the pictures in the folders with some names. A label is the position of its folder's name in `classes`. */
async function readAll(
  path: string,
  names: readonly string[],
  classes: readonly string[],
  options: LoadOptions,
): Promise<Labeled[]> {
  const files: { file: string; label: number }[] = [];
  for (const name of names) {
    const label = classes.indexOf(name);
    const pictures = (await entriesOf(join(path, name))).filter(({ name }) => /\.(png|jpe?g|jfif)$/i.test(name));
    if (pictures.length === 0) throw new InputError(`${join(path, name)} has no PNG or JPEG files`);
    for (const entry of pictures) files.push({ file: join(path, name, entry.name), label });
  }
  const found: Labeled[] = [];
  for (const [done, { file, label }] of files.entries()) {
    options.signal?.throwIfAborted();
    found.push({ picture: await readPicture(file), label });
    if ((done + 1) % PER_REPORT === 0) options.onProgress?.('reading', done + 1, files.length);
  }
  return found;
}

/** The shape of all images. */
function commonShape(all: readonly Labeled[], { onNote }: LoadOptions): ImageShape {
  const [{ picture: first }] = all;
  const channels = all.some(({ picture }) => picture.channels === 3) ? 3 : 1;
  const areEqual = all.every(({ picture: { height, width } }) => height === first.height && width === first.width);
  if (areEqual) return { channels, height: first.height, width: first.width };
  onNote?.(`the pictures have different sizes; all were resized to ${COMMON_SIDE} × ${COMMON_SIDE} pixels`);
  return { channels, height: COMMON_SIDE, width: COMMON_SIDE };
}

function setOf(pictures: readonly Labeled[], shape: ImageShape, classes: readonly string[]): ImageSet {
  const width = shape.channels * shape.height * shape.width;
  const bytes = new Uint8Array(pictures.length * width);
  for (const [i, { picture }] of pictures.entries()) bytes.set(fitPicture(picture, shape).bytes, i * width);
  return imageSet({ bytes, labels: pictures.map(({ label }) => label) }, shape, classes);
}

async function foldersIn(path: string): Promise<string[]> {
  return (await entriesOf(path)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function entriesOf(path: string) {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
