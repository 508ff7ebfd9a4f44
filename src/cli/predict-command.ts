import { basename, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { modelKind } from '../models/model-table.js';
import { percent, predictionsSvg } from '../node/plots/predictions.js';
import { type LoadedRun, loadRun } from '../node/runs/load-run.js';
import type { PredictedValues, SamplePlace } from '../node/runs/predict-file.js';
import { type FilePrediction, type FilePredictions, predictFiles } from '../node/runs/predict-files.js';
import { RUN_FILES, writeWhole } from '../node/runs/run-folder.js';
import { Console } from './console.js';
import { addBackendOptions, type BackendFlags, chooseBackend } from './engine-options.js';
import { count, folder, paths } from './flag-values.js';
import { loadProgress } from './load-with-progress.js';
import { complain } from './output.js';
import { stopSignal } from './signals.js';

interface PredictFlags extends BackendFlags {
  top: number;
  invert: boolean;
  out?: string;
  dataDir?: string;
  json: boolean;
}

/** A figure shows this number of images at most. */
const MOST_IN_FIGURE = 60;

/** Adds `handgrad predict` to the program. */
export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('classify pictures, or rows of a CSV file, with a trained net')
    .description(
      'Classifies pictures with the net of a run folder, and draws each beside its most probable classes. Pictures of any size ' +
        'are resized to that of the training images. A net that was trained with --loss mse predicts numbers.',
    )
    .argument('<run>', 'the folder that handgrad train wrote', folder)
    .argument(
      '<images...>',
      'PNG and JPEG files, .npy arrays of one image or a batch, folders of such files; CSV or .npy for a net on features',
      paths,
    )
    .option('--top <k>', 'the number of classes to show', count, 3)
    .option('--invert', 'exchange black and white, for dark digits on white paper and a net trained on MNIST', false)
    .option(
      '--out <file>',
      'the picture of the predictions, an .svg file (default: predictions.svg in the run folder)',
      svg,
    );
  addBackendOptions(command)
    .option('--data-dir <folder>', 'the data set of a run of an earlier version (default: the cache)', folder)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nA file that cannot be used gets a sentence, and the exit code is then 2; the others are classified all the same.',
    )
    .action(runPredict);
}

function svg(text: string): string {
  if (!/\.svg$/i.test(text)) throw new InvalidArgumentError('Expected the name of an .svg file.');
  return text;
}

async function runPredict(path: string, images: string[], flags: PredictFlags): Promise<void> {
  const out = new Console(flags.json);
  chooseBackend(flags);
  const signal = stopSignal(() => out.say('stopping'));
  try {
    const run = await loadRun(path, {
      ...{ dataDir: flags.dataDir, signal, onProgress: loadProgress(out, 'the data') },
      onNote: (sentence) => out.say(sentence),
    });
    out.endProgress();
    if (flags.invert && run.sample.length !== 3)
      throw new InputError('--invert is for images, and this net takes features');
    const found = await predictFiles(run, images, {
      ...{ topK: flags.top, invert: flags.invert, pictures: MOST_IN_FIGURE, signal },
      onPrediction: (prediction) => out.note(lineOf(prediction)),
      onValues: (values) => out.note(valuesLine(values)),
      onFailure: ({ error }) => complain(error),
    });
    for (const note of found.notes) out.say(note);
    const figure = await writeFigure(run, found, flags, out);
    if (figure) out.note(`picture: ${figure}`);
    out.result(documentOf(run, found, figure));
    if (found.failures.length > 0) process.exitCode = 2;
  } finally {
    out.endProgress();
  }
}

/** `cat.png: cat 61.8 %, dog 20.9 %, frog 6.1 %`. */
function lineOf(prediction: FilePrediction): string {
  return `${nameOf(prediction)}: ${prediction.top.map(({ name, probability }) => `${name} ${percent(probability)}`).join(', ')}`;
}

/** `houses.csv [0]: price 215300`. */
function valuesLine(found: PredictedValues): string {
  const values = Object.entries(found.values).map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
  return `${nameOf(found)}: ${values.join(', ')}`;
}

function nameOf({ file, index }: SamplePlace): string {
  return index === undefined ? file : `${file} [${index}]`;
}

/**
 * Draws the first predictions.
 *
 * @returns the path of the file, or undefined if there is nothing to draw or the run folder is read-only
 */
async function writeFigure(
  { folder, config, title }: LoadedRun,
  { predictions }: FilePredictions,
  { out: file }: PredictFlags,
  out: Console,
): Promise<string | undefined> {
  if (predictions.length === 0) return undefined;
  const path = file === undefined ? join(folder, RUN_FILES.predictions) : resolve(file);
  const shown = predictions.slice(0, MOST_IN_FIGURE);
  const images = shown.map((each) => ({ ...each, name: basename(nameOf(each)) }));
  const part = shown.length < predictions.length ? `, the first ${shown.length} of ${predictions.length}` : '';
  const net = `${modelKind(config.model).title(config.model)} trained on ${title}`;
  try {
    await writeWhole(path, predictionsSvg(images, `Predictions of ${net}${part}`));
    return path;
  } catch (error) {
    if (file !== undefined || !(error instanceof InputError)) throw error;
    out.say(`no picture: ${messageOf(error)}; --out names another place`);
    return undefined;
  }
}

/** The document of `--json`. */
function documentOf(
  { folder, classes, targets }: LoadedRun,
  { predictions, values, failures, notes }: FilePredictions,
  picture?: string,
) {
  return {
    run: folder,
    ...(targets.length > 0
      ? { targets, predictions: values }
      : {
          classes,
          predictions: predictions.map(({ picture: _, file, index, ...prediction }) => ({
            file,
            index,
            ...prediction,
          })),
        }),
    failures,
    notes,
    picture,
  };
}
