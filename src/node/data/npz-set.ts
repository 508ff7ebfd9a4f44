import { readFile } from 'node:fs/promises';
import {
  argmax,
  decodeNpz,
  InputError,
  max,
  messageOf,
  min,
  type NdArray,
  reshape,
  shapeText,
  transpose,
} from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import type { ImageSet } from '../../data/image-set.js';
import type { LoadOptions } from './loaded-set.js';
import { dividedPositions, imageSet, MOST_CLASSES, type OwnImages } from './own-images.js';

/** The arrays of one part. */
interface Part {
  /** Images (N, C, H, W). */
  x: NdArray;
  labels: number[];
  /** What the array of the images is called in an error message. */
  name: string;
}

/**
 * Reads an `.npz` file with `x_train`, `y_train`, `x_test` and `y_test`, as Keras writes them. Without the test arrays,
 * a fifth of each class is for the test. Images have the shape (N, H, W), (N, H, W, C), (N, C, H, W), or (N, D) for
 * rows of pixels. Their values go from 0 to 255, or from 0 to 1, which become 256 levels. Labels are whole numbers of
 * shape (N,) or (N, 1), or one-hot rows (N, C).
 *
 * @throws InputError that names the file and the array that cannot be used
 */
export async function readNpzSet(path: string, options: LoadOptions): Promise<{ train: ImageSet; test: ImageSet }> {
  const arrays = decodeNpz(await bytesOf(path), path);
  const train = partOf(arrays, 'train', path);
  const isDivided = 'x_test' in arrays || 'y_test' in arrays;
  const test = isDivided ? partOf(arrays, 'test', path) : undefined;
  if (test && String(test.x.shape.slice(1)) !== String(train.x.shape.slice(1)))
    throw new InputError(`${path}: the images of x_test and x_train have different shapes`);
  const [, channels, height, width] = train.x.shape;
  const shape = { channels, height, width };
  const names = classNames([...train.labels, ...(test?.labels ?? [])], path);
  const factor = Number(max(train.x)) <= 1 ? 255 : 1;
  const images = imagesOf(train, factor, options);
  if (test) return { train: imageSet(images, shape, names), test: imageSet(imagesOf(test, factor, {}), shape, names) };
  const positions = dividedPositions(train.labels, { path, noun: 'images' }, options);
  const part = (rows: readonly number[]) => imageSet(chosen(images, shape, rows), shape, names);
  return { train: part(positions.train), test: part(positions.test) };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function partOf(arrays: Record<string, NdArray>, part: 'train' | 'test', path: string): Part {
  const [x, y] = [arrays[`x_${part}`], arrays[`y_${part}`]];
  if (!x || !y) {
    const found = Object.keys(arrays).join(', ');
    throw new InputError(`${path} has no ${x ? 'y' : 'x'}_${part}; it has ${found}`);
  }
  const name = `${path}: x_${part}`;
  const images = channelsFirst(x, name);
  const labels = labelsOf(y, `${path}: y_${part}`);
  if (labels.length !== x.shape[0] || labels.length === 0)
    throw new InputError(`${name} has ${x.shape[0]} images, and y_${part} has ${labels.length} labels`);
  return { x: images, labels, name };
}

/**
 * Images as (N, C, H, W). The channels are last, as in Keras, if only the last axis can be the channels, or both can.
 */
function channelsFirst(x: NdArray, name: string): NdArray {
  const [N, a, b, c] = x.shape;
  const rank = x.shape.length;
  if (rank === 2) return reshape(x, [N, 1, 1, a]);
  if (rank === 3) return reshape(x, [N, 1, a, b]);
  if (rank === 4 && isChannels(c)) return transpose(x, [0, 3, 1, 2]);
  if (rank === 4 && isChannels(a)) return x;
  throw new InputError(
    `${name} has shape ${shapeText(x.shape)}; expected (N, H, W), (N, H, W, C), (N, C, H, W) or (N, D), with 1 or 3 channels`,
  );
}

function isChannels(size: number): boolean {
  return size === 1 || size === 3;
}

/** How far a number may be from a whole one, such as float32 1/3 times 255. */
const ROUNDING = 1e-3;

/**
 * The images as bytes.
 *
 * @param factor 255 for values from 0 to 1
 * @throws InputError for values that are not pixels
 */
function imagesOf({ x, labels, name }: Part, factor: number, { onNote }: LoadOptions): OwnImages {
  const [low, high] = [Number(min(x)), Number(max(x))];
  if (!(low >= 0 && factor * high <= 255)) {
    const wanted = factor === 1 ? 'pixels from 0 to 255, or from 0 to 1' : 'pixels from 0 to 1, as in x_train';
    throw new InputError(`${name} has values from ${low} to ${high}; expected ${wanted}`);
  }
  const flat = reshape(x, [-1]);
  const bytes = new Uint8Array(x.size);
  let between: number | undefined;
  for (let i = 0; i < x.size; i++) {
    const pixel = factor * flat.get(i);
    bytes[i] = Math.round(pixel);
    if (between === undefined && Math.abs(pixel - bytes[i]) > ROUNDING) between = flat.get(i);
  }
  if (between !== undefined && factor === 1)
    throw new InputError(
      `${name} has the value ${between}; expected whole numbers from 0 to 255, or values from 0 to 1`,
    );
  if (between !== undefined)
    onNote?.(
      `the values from 0 to 1 were rounded to 256 levels, such as ${between} to ${Math.round(factor * between)}/255`,
    );
  return { bytes, labels };
}

function labelsOf(y: NdArray, what: string): number[] {
  const isOneHot = y.shape.length === 2 && y.shape[1] > 1;
  if (y.shape.length > 2 || y.shape.length === 0)
    throw new InputError(
      `${what} has shape ${shapeText(y.shape)}; expected labels (N,) or (N, 1), or one-hot rows (N, C)`,
    );
  const flat = isOneHot ? argmax(y, { axis: 1 }) : reshape(y, [-1]);
  const labels = Array.from({ length: y.shape[0] }, (_, i) => flat.get(i));
  const wrong = labels.find((label) => !(Number.isInteger(label) && label >= 0));
  if (wrong !== undefined) throw new InputError(`${what} has the label ${wrong}; expected whole numbers from 0 up`);
  return labels;
}

/** `0`, `1` and so on, up to the largest label. */
function classNames(labels: readonly number[], path: string): string[] {
  const classes = 1 + labels.reduce((largest, label) => Math.max(largest, label), 0);
  if (classes < 2 || classes > MOST_CLASSES)
    throw new InputError(
      `${path}: y_train has labels up to ${classes - 1}; expected from 2 to ${MOST_CLASSES} classes`,
    );
  return Array.from({ length: classes }, (_, label) => String(label));
}

function chosen({ bytes, labels }: OwnImages, shape: ImageShape, rows: readonly number[]): OwnImages {
  const width = shape.channels * shape.height * shape.width;
  const own = new Uint8Array(rows.length * width);
  for (const [n, i] of rows.entries()) own.set(bytes.subarray(i * width, (i + 1) * width), n * width);
  return { bytes: own, labels: rows.map((i) => labels[i]) };
}
