import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '../array/index.js';
import type { LoadedCifar10 } from '../data/cifar10.js';
import { CIFAR10_CLASSES, IMAGE_BYTES } from '../data/cifar10-facts.js';
import { discardFolder } from '../data/folders.js';
import { ACTIVATIONS, NORM_POSITIONS, NORMS } from '../models/mlp.js';
import { CheckpointFolder } from '../training/checkpoint-folder.js';
import type { CheckpointEvery } from '../training/checkpointer.js';
import { DEFAULTS, type TrainConfig } from '../training/config.js';
import type { Recipe } from '../training/recipe.js';
import { CHECKPOINTS, createRunFolder } from '../training/run-folder.js';
import { addBackendOptions, type BackendFlags, chooseBackend } from './backend.js';
import { Console, grouped } from './console.js';
import { loadWithProgress } from './load-data.js';
import { checkpointEvery, count, dropout, folder, init, positive, whole, widths } from './options.js';
import { endWithParent } from './parent.js';
import { addRecipeOptions, type RecipeFlags, recipeOf } from './recipe-options.js';
import { assertNoContradiction, endOf, lastCheckpoint } from './resume.js';
import { environment, readRecord } from './run-record.js';
import { stopSignal } from './signals.js';
import { trainRun } from './train-run.js';

interface TrainFlags extends Omit<TrainConfig, keyof Recipe>, RecipeFlags, BackendFlags {
  resume?: string;
  checkpointEvery: CheckpointEvery;
  dataDir?: string;
  out?: string;
  force: boolean;
  json: boolean;
}

/** Adds `handgrad train` to the program. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train an MLP on CIFAR-10')
    .description(
      'Trains a multi-layer perceptron on CIFAR-10 and shows what it learned: curves, test accuracy, confusion matrix. ' +
        "The defaults are the course's and reach a test accuracy of about 0.49. The same flags give the same net.",
    )
    .addOption(new Option('--dataset <name>', 'what to train on').choices(['cifar10']).default(DEFAULTS.dataset))
    .addOption(
      new Option('--hidden <widths>', 'widths of the hidden layers, with commas between them; none for a linear net')
        .argParser(widths)
        .default(DEFAULTS.hidden, DEFAULTS.hidden.join(',')),
    )
    .option('--learning-rate <number>', 'step size of the optimiser', positive, DEFAULTS.learningRate)
    .option('--max-steps <n>', 'training steps in all', count, DEFAULTS.maxSteps)
    .option('--batch-size <n>', 'images a step', count, DEFAULTS.batchSize)
    .option('--eval-every <n>', 'steps between two tests on the whole test set', count, DEFAULTS.evalEvery)
    .addOption(
      new Option('--activation <name>', 'the non-linearity')
        .choices(Object.keys(ACTIVATIONS))
        .default(DEFAULTS.activation),
    )
    .addOption(
      new Option('--norm <name>', 'normalisation: over a sample (layer), over the batch, or over groups of features')
        .choices(Object.keys(NORMS))
        .default(DEFAULTS.norm),
    )
    .addOption(
      new Option(
        '--norm-position <where>',
        'before each activation, or before each linear layer, first and last included',
      )
        .choices(Object.keys(NORM_POSITIONS))
        .default(DEFAULTS.normPosition),
    )
    .option(
      '--residual',
      'add its input to the output of every hidden layer that is as wide as its input',
      DEFAULTS.residual,
    )
    .option('--dropout <p>', 'share of the outputs of each activation dropped in training', dropout, DEFAULTS.dropout)
    .option(
      '--logits',
      'end at the last linear layer and take softmax and loss in one: for long or bold runs, whose probabilities may underflow',
      DEFAULTS.logits,
    )
    .option(
      '--init <how>',
      'first weights: normal:STD, with that standard deviation; pytorch, its default; xavier; kaiming; or zeros',
      init,
      DEFAULTS.init,
    )
    .option('--seed <n>', 'determines first weights, masks of dropout and order of images', whole, DEFAULTS.seed);
  addBackendOptions(addRecipeOptions(command))
    .option(
      '--data-dir <folder>',
      'a folder with the files of CIFAR-10, binary or Python version; else the cache',
      folder,
    )
    .option('--out <folder>', 'where the run is written; else a new folder in runs/', folder)
    .option(
      '--checkpoint-every <n>',
      'steps between two checkpoints, from which --resume goes on; or minute, or none',
      checkpointEvery,
      'minute',
    )
    .option('--resume <run>', 'go on with the run in this folder where it was stopped or killed', folder)
    .option('--force', 'write over a run that --out holds already', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nA run folder holds config.json, history.json, model.npz (opens with numpy.load) and curves.svg.\n' +
        'Ctrl-C ends a run with what it has (exit code 130), and --resume goes on from there.\n' +
        'A loss that is not finite ends it with exit code 1.\n' +
        "The course's names work too: --dnn_hidden_units --learning_rate --max_steps --batch_size --eval_freq --data_dir.",
    )
    .action(runTrain);
}

async function runTrain(flags: TrainFlags, command: Command): Promise<void> {
  const out = new Console(flags.json);
  endWithParent();
  process.exitCode = flags.resume === undefined ? await newRun(flags, out) : await resumedRun(flags, command, out);
}

async function newRun(flags: TrainFlags, out: Console): Promise<number> {
  const { backend, threads, dataDir, out: outFlag, force, json, resume, checkpointEvery, ...settings } = flags;
  const config: TrainConfig = { ...settings, ...recipeOf(flags, flags.maxSteps) };
  chooseBackend({ backend, threads });
  assertSize(config);
  const signal = stopping(out);
  const run = await createRunFolder(outFlag ?? defaultFolder(config), force);
  let data: LoadedCifar10;
  try {
    data = await loadWithProgress(out, { dataDir, signal });
    signal.throwIfAborted();
    assertBatch(config, data.train.count);
    assertBatchesOfTwo(config, data.train.count);
  } catch (error) {
    await discardFolder(run);
    throw error;
  }
  const record = {
    config,
    checkpointEvery,
    dataDir: dataDir && resolve(dataDir),
    environment: environment(),
    earlier: [],
  };
  const checkpoints = new CheckpointFolder(join(run.folder, CHECKPOINTS));
  return trainRun({ folder: run.folder, record, checkpoints, data, signal, out });
}

async function resumedRun(flags: TrainFlags, command: Command, out: Console): Promise<number> {
  const folder = resolve(flags.resume ?? '');
  const record = await readRecord(folder);
  assertNoContradiction(command, folder, record.config);
  const ended = await endOf(folder, record, out);
  if (ended !== undefined) return ended;
  const said = (flag: string) => command.getOptionValueSource(flag) === 'cli';
  const { engine, threads } = record.environment;
  if (said('backend')) chooseBackend(flags);
  else chooseBackend({ backend: engine, threads: flags.threads ?? threads });
  if (said('checkpointEvery')) record.checkpointEvery = flags.checkpointEvery;
  const signal = stopping(out);
  const checkpoints = new CheckpointFolder(join(folder, CHECKPOINTS));
  const from = await lastCheckpoint(folder, checkpoints, record.config, out);
  const data = await loadWithProgress(out, { dataDir: flags.dataDir ?? record.dataDir, signal });
  signal.throwIfAborted();
  return trainRun({ folder, record, checkpoints, data, signal, out, resumed: true, from });
}

function stopping(out: Console): AbortSignal {
  return stopSignal(() => out.say('stopping in order; Ctrl-C again to stop at once'));
}

function assertBatch({ batchSize, accumulate }: TrainConfig, images: number): void {
  if (batchSize * accumulate <= images) return;
  const times = accumulate > 1 ? ` times --accumulate ${accumulate}` : '';
  throw new InputError(`--batch-size ${batchSize}${times} is more than the ${grouped(images)} training images`);
}

/** Nets beyond this many parameters would take more memory than they are worth here: 4 GB with their gradients. */
const MOST_PARAMETERS = 2 ** 29;

function assertSize({ hidden }: TrainConfig): void {
  const widths = [IMAGE_BYTES, ...hidden, CIFAR10_CLASSES.length];
  const parameters = widths.slice(1).reduce((total, width, i) => total + width * (widths[i] + 1), 0);
  if (parameters > MOST_PARAMETERS) {
    throw new InputError(
      `--hidden ${hidden.join(',')} makes a net of ${grouped(parameters)} parameters; ${grouped(MOST_PARAMETERS)} is the limit`,
    );
  }
}

/** The last batch of an epoch is what is left over, and a batch norm finds no variance in a single image. */
function assertBatchesOfTwo({ norm, batchSize }: TrainConfig, images: number): void {
  if (norm !== 'batch' || (batchSize > 1 && images % batchSize !== 1)) return;
  const left = batchSize === 1 ? '' : `, which leaves one over of ${grouped(images)} images`;
  throw new InputError(`--norm batch needs two images or more in every batch, got --batch-size ${batchSize}${left}`);
}

function defaultFolder({ seed }: TrainConfig): string {
  const now = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return join('runs', `${now}-seed${seed}`);
}
