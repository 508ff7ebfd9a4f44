import { readFile } from 'node:fs/promises';
import { decodeNpy, InputError, type NdArray, reshape, subtract } from '../../array/index.js';
import { fitPicture, type Picture, resizePicture } from '../../data/picture.js';
import type { Prediction } from '../../training/trained-net.js';
import { samplesInCsv } from '../data/csv-samples.js';
import { decodePicture } from '../data/read-picture.js';
import { reasonOf } from '../data/system-reason.js';
import type { ImageChanges } from './image-changes.js';
import type { LoadedRun } from './load-run.js';
import { samplesIn } from './sample-arrays.js';

/** The longest side of a picture in a figure: more pixels are not visible there. */
const FIGURE_SIDE = 192;

/** Where a sample is from. */
export interface SamplePlace {
  /** The path of its file. */
  file: string;
  /** The position in a file of several samples. Undefined for a file of one. */
  index?: number;
}

/** The prediction of one image, and what draws it. */
export interface DrawnPrediction extends Prediction, SamplePlace {
  /** Makes the image in a size for a figure. */
  picture?: () => Picture;
}

/** The numbers that a net predicts for one sample, by their names. */
export interface PredictedValues extends SamplePlace {
  /** In the units of the targets that the net was trained on. */
  values: Record<string, number>;
}

/** Classifies the images in one file, and counts what is done to them. */
export async function predictFile(
  run: LoadedRun,
  file: string,
  { topK, invert = false }: { topK?: number; invert?: boolean },
  changes: ImageChanges,
): Promise<(DrawnPrediction | PredictedValues)[]> {
  const bytes = await readFile(file).catch((cause) => {
    throw new InputError(`${file} cannot be read: ${reasonOf(cause)}`, { cause });
  });
  if (isNpy(bytes)) {
    const { x, wasChannelsLast } = samplesIn(decodeNpy(bytes, file), run.sample, file);
    changes.array(x, wasChannelsLast);
    return predictArray(run, file, invert ? subtract(255, x) : x, topK);
  }
  if (run.sample.length === 1) return predictArray(run, file, samplesInCsv(textOf(bytes, file), run, file), topK);
  const [channels, height, width] = run.sample;
  const read = decodePicture(bytes, file);
  const picture = invert ? { ...read, bytes: read.bytes.map((value) => 255 - value) } : read;
  const fitted = fitPicture(picture, { channels, height, width });
  changes.picture(picture, fitted);
  if (run.targets.length > 0) return valuesOf(run, file, fitted);
  const [prediction] = run.predict(fitted, { topK });
  return [{ ...prediction, file, picture: () => forFigure(picture) }];
}

/** Classifies the samples of an array (N, …). */
function predictArray(
  run: LoadedRun,
  file: string,
  x: NdArray,
  topK: number | undefined,
): (DrawnPrediction | PredictedValues)[] {
  if (run.targets.length > 0) return named(file, () => valuesOf(run, file, x));
  const predictions = named(file, () => run.predict(x, { topK }));
  const flat = reshape(x, [x.shape[0], -1]); // (N, D)
  const [, channels, height, width] = x.shape;
  const pictureOf = (n: number) => () => ({
    ...{ channels, height, width },
    bytes: new Uint8Array(Uint8ClampedArray.from({ length: flat.shape[1] }, (_, d) => flat.get(n, d))),
  });
  return predictions.map((prediction, n) => ({
    ...{ ...prediction, file },
    ...(x.shape.length === 4 ? { picture: pictureOf(n) } : {}),
    ...(predictions.length > 1 ? { index: n } : {}),
  }));
}

/** The numbers that a net predicts for some samples. */
function valuesOf(run: LoadedRun, file: string, samples: NdArray | Picture): PredictedValues[] {
  const values = run.values(samples); // (N, M)
  return Array.from({ length: values.shape[0] }, (_, n) => ({
    file,
    ...(values.shape[0] > 1 ? { index: n } : {}),
    values: Object.fromEntries(run.targets.map((name, m) => [name, values.get(n, m)])),
  }));
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`${file} is neither a CSV file nor a NumPy .npy file, and the net takes features`, { cause });
  }
}

/** `.npy` files begin with `\x93NUMPY`. */
function isNpy(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(1, 6)) === 'NUMPY' && bytes[0] === 0x93;
}

/** Names the file in an error about its numbers. */
function named<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw cause instanceof RangeError ? new InputError(`${file}: ${cause.message}`, { cause }) : cause;
  }
}

function forFigure(picture: Picture): Picture {
  const scale = Math.min(1, FIGURE_SIDE / Math.max(picture.height, picture.width));
  const side = (pixels: number) => Math.max(1, Math.round(scale * pixels));
  return resizePicture(picture, { height: side(picture.height), width: side(picture.width) });
}
