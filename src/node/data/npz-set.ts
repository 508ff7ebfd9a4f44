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
} from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import { ImageSet } from '../../data/image-set.js';
import type { LoadOptions } from './loaded-set.js';
import { stratifiedSplit } from './stratified-split.js';

/** Labels are bytes. */
const MOST_CLASSES = 256;

/** The images of one part as bytes, in channel, row, column order. */
interface Part {
  bytes: Uint8Array;
  shape: ImageShape;
  labels: number[];
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
  if (test && String(Object.values(test.shape)) !== String(Object.values(train.shape)))
    throw new InputError(`${path}: the images of x_test and x_train have different shapes`);
  const classes = Math.max(...[...train.labels, ...(test?.labels ?? [])].map((label) => label + 1));
  if (classes < 2 || classes > MOST_CLASSES)
    throw new InputError(
      `${path}: y_train has labels up to ${classes - 1}; expected from 2 to ${MOST_CLASSES} classes`,
    );
  const names = Array.from({ length: classes }, (_, label) => String(label));
  const all = setOf(train, names);
  if (test) return { train: all, test: setOf(test, names) };
  const positions = stratifiedSplit(train.labels);
  if (positions.test.length === 0)
    throw new InputError(`${path} has no class with two images, so none is left to test`);
  options.onNote?.(`${positions.test.length} of the ${all.count} images, a fifth of each class, are for the test`);
  return { train: setOf(chosen(train, positions.train), names), test: setOf(chosen(train, positions.test), names) };
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
  const shape = imageShape(x.shape, `${path}: x_${part}`);
  const labels = labelsOf(y, `${path}: y_${part}`);
  if (labels.length !== x.shape[0] || labels.length === 0)
    throw new InputError(`${path}: x_${part} has ${x.shape[0]} images, and y_${part} has ${labels.length} labels`);
  return { bytes: pixelsOf(x, shape, `${path}: x_${part}`), shape, labels };
}

/** The shape of images. The channels are last, as in Keras, if only the last axis can be the channels, or both can. */
function imageShape(shape: readonly number[], what: string): ImageShape {
  const [, a, b, c] = shape;
  if (shape.length === 2) return { channels: 1, height: 1, width: a };
  if (shape.length === 3) return { channels: 1, height: a, width: b };
  if (shape.length === 4 && isChannels(c)) return { channels: c, height: a, width: b };
  if (shape.length === 4 && isChannels(a)) return { channels: a, height: b, width: c };
  throw new InputError(
    `${what} has shape ${shapeText(shape)}; expected (N, H, W), (N, H, W, C), (N, C, H, W) or (N, D), with 1 or 3 channels`,
  );
}

function isChannels(size: number): boolean {
  return size === 1 || size === 3;
}

/** The values as bytes, channel by channel. */
function pixelsOf(x: NdArray, { channels, height, width }: ImageShape, what: string): Uint8Array {
  const [low, high] = [Number(min(x)), Number(max(x))];
  if (!(low >= 0 && high <= 255)) {
    throw new InputError(`${what} has values from ${low} to ${high}; expected pixels from 0 to 255, or from 0 to 1`);
  }
  const factor = high <= 1 ? 255 : 1;
  const bytes = new Uint8Array(x.size);
  const isLast = x.shape.length === 4 && isChannels(x.shape[3]);
  const plane = height * width;
  const flat = reshape(x, [-1]);
  for (let i = 0; i < x.size; i++) {
    const pixel = Math.floor(i / channels) % plane;
    const to = isLast ? Math.floor(i / (channels * plane)) * channels * plane + (i % channels) * plane + pixel : i;
    bytes[to] = Math.round(factor * flat.get(i));
  }
  return bytes;
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

function chosen({ bytes, shape, labels }: Part, positions: readonly number[]): Part {
  const width = shape.channels * shape.height * shape.width;
  const own = new Uint8Array(positions.length * width);
  for (const [n, i] of positions.entries()) own.set(bytes.subarray(i * width, (i + 1) * width), n * width);
  return { bytes: own, shape, labels: positions.map((i) => labels[i]) };
}

function setOf({ bytes, shape, labels }: Part, names: readonly string[]): ImageSet {
  const stride = shape.channels * shape.height * shape.width;
  return new ImageSet([{ bytes, first: 0, stride, labels: Uint8Array.from(labels) }], shape, names);
}
