import {
  assertCallbacks,
  assertFlag,
  assertMethods,
  assertNoMoreOptions,
  assertSignal,
  assertTexts,
  assertWhole,
  checkedOptions,
  InputError,
} from '../../array/index.js';
import type { Picture } from '../../data/picture.js';
import type { Prediction } from '../../training/trained-net.js';
import { yieldToEventLoop } from '../../training/yield-to-event-loop.js';
import { imagesIn } from '../data/list-images.js';
import { ImageChanges } from './image-changes.js';
import type { LoadedRun } from './load-run.js';
import { type PredictedValues, predictFile } from './predict-file.js';

/** The prediction of one image of a user. */
export interface FilePrediction extends Prediction {
  /** The path of its file. */
  file: string;
  /** The position in an array of several images. Undefined for a picture or an array of one. */
  index?: number;
  /** The image in a size for a figure. Undefined after the first ones, and if the net does not take images. */
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
  /** The number of images that are kept for a figure, the first ones. Default: 60. */
  pictures?: number;
  /** Stops between two files. */
  signal?: AbortSignal;
  /** Called after each image. */
  onPrediction?: (prediction: FilePrediction) => void;
  /** Called after each sample of a net that predicts numbers. */
  onValues?: (values: PredictedValues) => void;
  /** Called for a file that cannot be used. */
  onFailure?: (failure: FileFailure) => void;
}

/** The predictions of `predictFiles`, and what a reader of them should know. */
export interface FilePredictions {
  /** One per image, in the order of the files. */
  predictions: FilePrediction[];
  /** One per sample, in the place of `predictions`, of a net that predicts numbers. */
  values: PredictedValues[];
  /** The files that could not be used. */
  failures: FileFailure[];
  /** Sentences about what was done to the images. */
  notes: string[];
}

/**
 * Classifies images in files: PNG and JPEG of any size, `.npy` arrays of one image or a batch, and folders of such
 * files. For a net that takes features, the files are `.npy` arrays or CSV files of one row per sample. A file that
 * cannot be used does not stop the others.
 *
 * @param paths files and folders. The images of a folder are taken in the order of their names.
 * @throws AbortError when the signal stops it
 */
export async function predictFiles(
  run: LoadedRun,
  paths: readonly string[],
  options: PredictFilesOptions = {},
): Promise<FilePredictions> {
  assertMethods('predictFiles', 'run', run, ['predict', 'values'], 'a run, such as loadRun gives');
  assertTexts('predictFiles', 'paths', paths);
  assertPredictOptions(options);
  const { pictures = 60, signal, onPrediction, onValues, onFailure } = options;
  const found: FilePredictions = { predictions: [], values: [], failures: [], notes: [] };
  const changes = new ImageChanges(run);
  const kind = run.sample.length === 1 ? 'features' : 'images';
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
    const inFolder = await attempt(path, async () => (await imagesIn(path, kind)) ?? { files: [path], others: 0 });
    if (inFolder && inFolder.others > 0) {
      found.notes.push(
        `${path} has ${inFolder.others} other ${inFolder.others === 1 ? 'entry, which was' : 'entries, which were'} skipped`,
      );
    }
    for (const file of inFolder?.files ?? []) {
      signal?.throwIfAborted();
      for (const each of (await attempt(file, () => predictFile(run, file, options, changes))) ?? []) {
        if ('values' in each) {
          found.values.push(each);
          onValues?.(each);
          continue;
        }
        const { picture, ...prediction } = each;
        const kept = found.predictions.length < pictures ? { ...prediction, picture: picture?.() } : prediction;
        found.predictions.push(kept);
        onPrediction?.(kept);
      }
      await yieldToEventLoop();
    }
  }
  found.notes.push(...changes.sentences(options.invert ?? false));
  return found;
}

function assertPredictOptions(options: PredictFilesOptions): void {
  const call = 'predictFiles';
  const { topK, invert, pictures, signal, onPrediction, onValues, onFailure, ...rest } = checkedOptions(call, options);
  assertNoMoreOptions(call, rest);
  if (topK !== undefined) assertWhole(call, 'topK', topK, 1);
  if (pictures !== undefined) assertWhole(call, 'pictures', pictures, 0);
  if (invert !== undefined) assertFlag(call, 'invert', invert);
  assertSignal(call, signal);
  assertCallbacks(call, { onPrediction, onValues, onFailure });
}
