import { readFile } from 'node:fs/promises';
import { decodeNpy, InputError, messageOf, type NdArray, reshape, subtract } from '../../array/index.js';
import { fitPicture, type Picture, resizePicture } from '../../data/picture.js';
import type { Prediction } from '../../training/trained-net.js';
import { yieldToEventLoop } from '../../training/yield-to-event-loop.js';
import { imagesIn } from '../data/list-images.js';
import { decodePicture } from '../data/read-picture.js';
import { ImageChanges } from './image-changes.js';
import type { LoadedRun } from './load-run.js';
import { samplesIn } from './sample-arrays.js';

/** The prediction of one image of a user. */
export interface FilePrediction extends Prediction {
  /** The path of its file. */
  file: string;
  /** The position in an array of several images. Undefined for a picture or an array of one. */
  index?: number;
  /** The image in a size for a figure. Undefined if the net does not take images. */
  picture?: Picture;
}

/** A file that could not be used. */
export interface FileFailure {
  /** Its path. */
  file: string;
  /** A sentence that names the file. */
  error: string;
}

/** The options of `predictFiles`. */
export interface PredictFilesOptions {
  /** The number of classes in `top`. Default: 3. */
  topK?: number;
  /** Exchanges black and white, for dark drawings on white paper and a net that knows the opposite. Default: false. */
  invert?: boolean;
  /** Stops between two files. */
  signal?: AbortSignal;
  /** Called after each image. */
  onPrediction?: (prediction: FilePrediction) => void;
  /** Called for a file that cannot be used. */
  onFailure?: (failure: FileFailure) => void;
}

/** The predictions of `predictFiles`, and what a reader of them should know. */
export interface FilePredictions {
  /** One per image, in the order of the files. */
  predictions: FilePrediction[];
  /** The files that could not be used. */
  failures: FileFailure[];
  /** Sentences about what was done to the images. */
  notes: string[];
}

/** The longest side of a picture in a figure: more pixels are not visible there. */
const FIGURE_SIDE = 192;

/**
 * Classifies images in files: PNG and JPEG of any size, `.npy` arrays of one image or a batch, and folders of such
 * files. A file that cannot be used does not stop the others.
 *
 * @param paths files and folders. The images of a folder are taken in the order of their names.
 * @throws AbortError when the signal stops it
 */
export async function predictFiles(
  run: LoadedRun,
  paths: readonly string[],
  options: PredictFilesOptions = {},
): Promise<FilePredictions> {
  const { signal, onPrediction, onFailure } = options;
  const found: FilePredictions = { predictions: [], failures: [], notes: [] };
  const changes = new ImageChanges(run);
  const attempt = async <T>(file: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      found.failures.push({ file, error: error.message });
      onFailure?.({ file, error: error.message });
      return undefined;
    }
  };
  for (const path of paths) {
    const inFolder = await attempt(path, async () => (await imagesIn(path)) ?? { files: [path], others: 0 });
    if (inFolder && inFolder.others > 0) {
      found.notes.push(
        `${path} has ${inFolder.others} other ${inFolder.others === 1 ? 'entry, which was' : 'entries, which were'} skipped`,
      );
    }
    for (const file of inFolder?.files ?? []) {
      signal?.throwIfAborted();
      for (const prediction of (await attempt(file, () => predictFile(run, file, options, changes))) ?? []) {
        found.predictions.push(prediction);
        onPrediction?.(prediction);
      }
      await yieldToEventLoop();
    }
  }
  found.notes.push(...changes.sentences(options.invert ?? false));
  return found;
}

async function predictFile(
  run: LoadedRun,
  file: string,
  { topK, invert = false }: PredictFilesOptions,
  changes: ImageChanges,
): Promise<FilePrediction[]> {
  const bytes = await readFile(file).catch((cause) => {
    throw new InputError(`${file} cannot be read: ${messageOf(cause)}`, { cause });
  });
  if (isNpy(bytes)) {
    const { x: given, wasChannelsLast } = samplesIn(decodeNpy(bytes, file), run.sample, file);
    changes.array(given, wasChannelsLast);
    const x = invert ? subtract(255, given) : given; // (N, …)
    const predictions = named(file, () => run.predict(x, { topK }));
    const picture = picturesIn(x);
    return predictions.map((prediction, n) => ({
      ...{ ...prediction, file, picture: picture(n) },
      ...(predictions.length > 1 ? { index: n } : {}),
    }));
  }
  const [channels, height, width] = run.sample;
  if (run.sample.length !== 3) {
    throw new InputError(
      `${file} is not a NumPy .npy file, and the net takes arrays of ${run.sample.join(' × ')} numbers`,
    );
  }
  const read = decodePicture(bytes, file);
  const picture = invert ? { ...read, bytes: read.bytes.map((value) => 255 - value) } : read;
  const fitted = fitPicture(picture, { channels, height, width });
  changes.picture(picture, fitted);
  const [prediction] = run.predict(fitted, { topK });
  return [{ ...prediction, file, picture: forFigure(picture) }];
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

/** The images of an array (N, C, H, W) as pictures, by their position. */
function picturesIn(x: NdArray): (n: number) => Picture | undefined {
  if (x.shape.length !== 4) return () => undefined;
  const [count, channels, height, width] = x.shape;
  const flat = reshape(x, [count, -1]); // (N, D)
  return (n) => ({
    ...{ channels, height, width },
    bytes: new Uint8Array(Uint8ClampedArray.from({ length: flat.shape[1] }, (_, d) => flat.get(n, d))),
  });
}

function forFigure(picture: Picture): Picture {
  const scale = Math.min(1, FIGURE_SIDE / Math.max(picture.height, picture.width));
  const side = (pixels: number) => Math.max(1, Math.round(scale * pixels));
  return resizePicture(picture, { height: side(picture.height), width: side(picture.width) });
}
