import { readFile } from 'node:fs/promises';
import {
  abs,
  argmax,
  asArray,
  decodeNpz,
  InputError,
  listNpz,
  max,
  min,
  type NdArray,
  oneHot,
  reshape,
  shapeText,
  sum,
  transpose,
} from '../../array/index.js';
import { ArraySet } from '../../data/array-set.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import type { SampleSet } from '../../data/sample-set.js';
import type { LoadOptions, WantedTargets } from './loaded-set.js';
import { dividedPositions, imageSet, MOST_CLASSES, type OwnImages, randomOrder } from './own-images.js';
import { reasonOf } from './system-reason.js';

/** The arrays of one part. */
interface Part {
  /** Images (N, C, H, W), or features (N, D). */
  x: NdArray;
  y: NdArray;
  /** What the arrays are called in an error message. */
  name: { x: string; y: string };
}

/** The two parts of a set; without `test` if the file is not divided. */
interface Parts {
  path: string;
  train: Part;
  test?: Part;
}

/**
 * Reads an `.npz` file with `x_train`, `y_train`, `x_test` and `y_test`, as Keras writes them. Without the test arrays,
 * a fifth of each class is for the test. Images have the shape (N, H, W), (N, H, W, C) or (N, C, H, W); rows of uint8,
 * (N, D), are pixels too. Their values go from 0 to 255, or from 0 to 1, which become 256 levels. Other rows (N, D) are
 * features: real numbers as they are. Labels are whole numbers of shape (N,) or (N, 1), or one-hot rows (N, C); with
 * `task: 'regression'`, numbers to learn of shape (N,) or (N, M).
 *
 * @throws InputError that names the file and the array that cannot be used
 */
export async function readNpzSet(
  path: string,
  options: LoadOptions & WantedTargets,
): Promise<{ train: SampleSet; test: SampleSet }> {
  const bytes = await bytesOf(path);
  const arrays = decodeNpz(bytes, path);
  const dtype = listNpz(bytes, path).find(({ file }) => file === 'x_train.npy')?.dtype;
  const areFeatures = arrays.x_train?.shape.length === 2 && dtype !== 'uint8';
  const train = partOf(arrays, 'train', path, areFeatures);
  const isDivided = 'x_test' in arrays || 'y_test' in arrays;
  const test = isDivided ? partOf(arrays, 'test', path, areFeatures) : undefined;
  if (test && String(test.x.shape.slice(1)) !== String(train.x.shape.slice(1)))
    throw new InputError(`${path}: the ${areFeatures ? 'rows' : 'images'} of x_test and x_train have different shapes`);
  const parts = { path, train, test };
  if (options.task === 'regression') return numberSets(parts, options);
  return areFeatures ? featureSets(parts, options) : imageSets(parts, options);
}

/** Images with classes, as bytes. */
function imageSets({ path, train, test }: Parts, options: LoadOptions) {
  const [, channels, height, width] = train.x.shape;
  const shape = { channels, height, width };
  const labels = { train: labelsOf(train), test: test ? labelsOf(test) : [] };
  const names = classNames([...labels.train, ...labels.test], path);
  const factor = Number(max(train.x)) <= 1 ? 255 : 1;
  const images = { bytes: pixelsOf(train, factor, options), labels: labels.train };
  const all = imageSet(images, shape, names);
  if (test)
    return { train: all, test: imageSet({ bytes: pixelsOf(test, factor, {}), labels: labels.test }, shape, names) };
  const positions = dividedPositions(labels.train, { path, noun: 'images' }, options);
  const part = (rows: readonly number[]) => imageSet(chosen(images, shape, rows), shape, names);
  return { train: part(positions.train), test: part(positions.test) };
}

/** Features with classes. */
function featureSets({ path, train, test }: Parts, options: LoadOptions) {
  const labels = { train: labelsOf(train), test: test ? labelsOf(test) : [] };
  const names = classNames([...labels.train, ...labels.test], path);
  const set = (part: Part, own: readonly number[]) =>
    new ArraySet({ x: finite(part.x, part.name.x), targets: oneHot(own, names.length), classNames: names });
  const all = set(train, labels.train);
  if (test) return { train: all, test: set(test, labels.test) };
  return dividedSet(all, dividedPositions(labels.train, { path, noun: 'rows' }, options));
}

/** Images or features with numbers to learn. */
function numberSets({ path, train, test }: Parts, options: LoadOptions) {
  const areImages = train.x.shape.length === 4;
  const factor = areImages && Number(max(train.x)) <= 1 ? 255 : 1;
  const set = (part: Part) => {
    const targets = numbersOf(part);
    const M = targets.shape[1];
    const targetNames = M === 1 ? ['y'] : Array.from({ length: M }, (_, m) => `y ${m + 1}`);
    const pixels = () => asArray(Float32Array.from(pixelsOf(part, factor, options)), part.x.shape);
    return new ArraySet({ x: areImages ? pixels() : finite(part.x, part.name.x), targets, targetNames });
  };
  const all = set(train);
  if (test) {
    const other = set(test);
    if (other.targets.shape[1] === all.targets.shape[1]) return { train: all, test: other };
    throw new InputError(`${path}: y_test and y_train have different numbers of columns`);
  }
  const noun = areImages ? 'images' : 'rows';
  return dividedSet(all, dividedPositions(Array(all.count).fill(0), { path, noun }, options, false));
}

function dividedSet(all: ArraySet, { train, test }: { train: number[]; test: number[] }) {
  return { train: all.chosen(randomOrder(train)), test: all.chosen(test) };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function partOf(arrays: Record<string, NdArray>, part: 'train' | 'test', path: string, areFeatures: boolean): Part {
  const [x, y] = [arrays[`x_${part}`], arrays[`y_${part}`]];
  if (!x || !y) {
    const found = Object.keys(arrays).join(', ');
    throw new InputError(`${path} has no ${x ? 'y' : 'x'}_${part}; it has ${found}`);
  }
  const name = { x: `${path}: x_${part}`, y: `${path}: y_${part}` };
  const samples = areFeatures ? x : channelsFirst(x, name.x);
  if (y.shape[0] !== x.shape[0] || y.size === 0) {
    const noun = areFeatures ? 'rows' : 'images';
    throw new InputError(`${name.x} has ${x.shape[0]} ${noun}, and y_${part} has ${y.shape[0] ?? 1} labels`);
  }
  return { x: samples, y, name };
}

/** An array whose numbers are all finite. */
function finite(x: NdArray, name: string): NdArray {
  if (Number.isFinite(sum(abs(x)))) return x;
  throw new InputError(`${name} has values that are NaN or infinite`);
}

/** Numbers to learn, (N, M). */
function numbersOf({ y, name }: Part): NdArray {
  if (y.shape.length <= 2) return finite(reshape(y, [y.shape[0], -1]), name.y);
  throw new InputError(`${name.y} has shape ${shapeText(y.shape)}; expected numbers (N,) or (N, M)`);
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
 * The pixels as bytes.
 *
 * @param factor 255 for values from 0 to 1
 * @throws InputError for values that are not pixels
 */
function pixelsOf({ x, name: { x: name } }: Part, factor: number, { onNote }: LoadOptions): Uint8Array {
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
  return bytes;
}

function labelsOf({ y, name: { y: what } }: Part): number[] {
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
