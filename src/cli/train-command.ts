import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { parseAugmentation } from '../data/augment/parse-augmentation.js';
import { DATASETS, inputsOf } from '../node/data/datasets.js';
import { discardFolder } from '../node/data/folders.js';
import type { LoadedSet, LoadOptions } from '../node/data/loaded-set.js';
import { CheckpointFolder } from '../node/runs/checkpoint-folder.js';
import type { CheckpointEvery } from '../node/runs/checkpointer.js';
import { CHECKPOINTS, createRunFolder } from '../node/runs/run-folder.js';
import { environment, readRecord } from '../node/runs/run-record.js';
import { splitOf } from '../node/runs/split.js';
import type { TrainConfig } from '../node/runs/train-config.js';
import { addBackendOptions, type BackendFlags, chooseBackend } from './backend.js';
import { addConfigOptions, type ConfigFlags } from './config-options.js';
import { Console, grouped } from './console.js';
import { loadWithProgress } from './load-data.js';
import { checkpointEvery, folder } from './options.js';
import { endWithParent } from './parent.js';
import { recipeOf } from './recipe-options.js';
import { assertNoContradiction, endOf, lastCheckpoint } from './resume.js';
import { stopSignal } from './signals.js';
import { trainRun } from './train-run.js';

interface TrainFlags extends ConfigFlags, BackendFlags {
  resume?: string;
  checkpointEvery: CheckpointEvery;
  dataDir?: string;
  out?: string;
  report: boolean;
  force: boolean;
  json: boolean;
}

/** Adds `handgrad train` to the program. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train an MLP on CIFAR-10 or MNIST')
    .description(
      'Trains a multi-layer perceptron on CIFAR-10 and shows what it learned: curves, test accuracy, confusion matrix. ' +
        "The defaults are the course's and reach a test accuracy of about 0.49. The same flags give the same net.",
    );
  addBackendOptions(addConfigOptions(command))
    .option(
      '--data-dir <folder>',
      'a folder with the official files: of CIFAR-10 the binary or Python version, of MNIST gzipped or not; else the cache',
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
    .option(
      '--report',
      'write report.html too: curves, mistakes, weights, activations and gradients as pictures',
      false,
    )
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
  const { backend, threads, dataDir, out: outFlag, report, force, json, resume, checkpointEvery, ...settings } = flags;
  const config: TrainConfig = { ...settings, ...recipeOf(flags, flags.maxSteps) };
  chooseBackend({ backend, threads });
  assertSize(config);
  assertAugmentation(config);
  const signal = stopping(out);
  const run = await createRunFolder(outFlag ?? defaultFolder(config), force);
  let data: LoadedSet;
  try {
    data = await loadedFor(config, out, { dataDir, signal });
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
  return trainRun({ folder: run.folder, record, checkpoints, data, report, signal, out });
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
  const data = await loadedFor(record.config, out, { dataDir: flags.dataDir ?? record.dataDir, signal });
  const { report } = flags;
  return trainRun({ folder, record, checkpoints, data, report, signal, out, resumed: true, from });
}

/** The images that a run trains and tests on. */
async function loadedFor(config: TrainConfig, out: Console, options: LoadOptions): Promise<LoadedSet> {
  const data = await loadWithProgress(out, { dataset: config.dataset, ...options });
  options.signal?.throwIfAborted();
  return { ...data, ...splitOf(config, data) };
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

function assertSize({ dataset, hidden }: TrainConfig): void {
  const widths = [inputsOf(dataset), ...hidden, DATASETS[dataset].classes.length];
  const parameters = widths.slice(1).reduce((total, width, i) => total + width * (widths[i] + 1), 0);
  if (parameters > MOST_PARAMETERS) {
    throw new InputError(
      `--hidden ${hidden.join(',')} makes a net of ${grouped(parameters)} parameters; ${grouped(MOST_PARAMETERS)} is the limit`,
    );
  }
}

/** The flag alone does not know how large the images are. */
function assertAugmentation({ dataset, augment }: TrainConfig): void {
  const { height, width } = DATASETS[dataset].shape;
  try {
    parseAugmentation(augment, Math.min(height, width));
  } catch (error) {
    throw new InputError(`--augment ${augment}: ${messageOf(error)}`);
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
