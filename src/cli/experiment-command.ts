import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { EXPERIMENTS } from '../node/experiments/catalog.js';
import type { Experiment, ExperimentOption, ExperimentOptions } from '../node/experiments/experiment.js';
import { Measurement } from '../node/experiments/measurement.js';
import { type ExperimentOutcome, experimentFolder, runExperiment } from '../node/experiments/run-experiment.js';
import { yieldToEventLoop } from '../training/yield-to-event-loop.js';
import { Console } from './console.js';
import { addBackendOptions, type BackendFlags, chooseBackend } from './engine-options.js';
import { ExperimentProgress } from './experiment-progress.js';
import { count, folder } from './flag-values.js';
import { textTable } from './layout.js';
import { loadWithProgress } from './load-with-progress.js';
import { tellParent } from './parent-process.js';
import { INTERRUPTED, stopSignal } from './signals.js';

interface ExperimentFlags extends ExperimentOptions, BackendFlags {
  part?: string;
  jobs?: number;
  out?: string;
  resume: boolean;
  force: boolean;
  dataDir?: string;
  json: boolean;
}

/** Adds `handgrad experiment` to the program. */
export function addExperiment(program: Command): void {
  const names = EXPERIMENTS.map(({ name }) => name).join(', ');
  program.enablePositionalOptions(); // here and below: `--json` after a name belongs to that experiment
  const command = program
    .command('experiment')
    .summary('reproduce a published result')
    .description('Reproduces a published result and writes a report. Without a name, lists the experiments.')
    .usage('[options] [name] [options of the experiment]')
    .argument('[name]', `one of ${names}`)
    .option('--json', 'print one JSON document', false)
    .enablePositionalOptions()
    .action((name: string | undefined, { json }: { json: boolean }) => {
      if (name !== undefined) throw new InputError(`experiment: no experiment '${name}'; there are ${names}`);
      list(new Console(json));
    });
  for (const experiment of EXPERIMENTS) addOne(command, experiment);
}

function list(out: Console): void {
  const experiments = EXPERIMENTS.map(({ name, summary, expected }) => ({ name, summary, expected }));
  for (const { name, summary, expected } of experiments)
    out.note(`handgrad experiment ${name}\n    ${summary}\n    ${expected}\n`);
  out.result({ experiments });
}

function addOne(parent: Command, experiment: Experiment<unknown>): void {
  const { name, summary, description, expected, options } = experiment;
  const command = parent
    .command(name)
    .summary(summary)
    .description(`${description}\n\nTakes ${expected}.`)
    .exitOverride()
    .showHelpAfterError(`(handgrad experiment ${name} --help tells more)`);
  for (const option of options) command.addOption(optionOf(option));
  command
    .addOption(new Option('--part <name>', 'compute one measurement in this process').hideHelp())
    .option('--quick', 'a few steps per run, to see that everything works; the figures then mean nothing', false)
    .option('--jobs <n>', 'runs side by side, each in its own process; default: one per core', count);
  addBackendOptions(command)
    .option('--out <folder>', `where runs and report are written; default: runs/${name}`, folder)
    .option('--resume', 'keep the finished runs in --out, continue those that were begun, and start the others', false)
    .option('--force', 'overwrite the runs in --out', false)
    .option('--data-dir <folder>', 'a folder with the files of the data set; default: the cache', folder)
    .option('--json', 'print one JSON document', false)
    .action((flags: ExperimentFlags) => {
      return flags.part === undefined ? runAll(experiment, flags) : measureOne(experiment, flags.part, flags);
    });
}

function optionOf({ flags, help, parse, default: value, defaultText }: ExperimentOption): Option {
  const option = new Option(flags, help).default(value, defaultText);
  if (!parse) return option;
  return option.argParser((text: string, previous: unknown) => {
    try {
      return parse(text, previous);
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error));
    }
  });
}

async function runAll(experiment: Experiment<unknown>, flags: ExperimentFlags): Promise<void> {
  const out = new Console(flags.json);
  const progress = new ExperimentProgress();
  chooseBackend({ backend: flags.backend, threads: 1 });
  const signal = stopSignal(() => progress.say('stopping; finished runs are kept'));
  const outcome = await runExperiment(experiment, flags, {
    ...flags,
    program: fileURLToPath(new URL('./main.js', import.meta.url)),
    signal,
    loadData: (dataset) => loadWithProgress(new Console(true), { dataset, dataDir: flags.dataDir, signal }),
    onReady: (jobs, folder, sideBySide) => progress.begin(jobs, folder, sideBySide),
  });
  progress.close();
  if (signal.aborted) progress.say('interrupted; run the same command with --resume to continue');
  show(out, outcome);
  const { folder, report, failed } = outcome;
  out.result({ experiment: experiment.name, out: folder, quick: flags.quick, ...report.document, failed });
  process.exitCode = signal.aborted ? INTERRUPTED : failed.length > 0 ? 1 : 0;
}

function show(out: Console, { folder, report: { table, lines = [], files = {} } }: ExperimentOutcome): void {
  const results = [...(table ? textTable(table, { width: out.width }) : []), ...lines];
  for (const line of results) out.note(line);
  if (results.length > 0) out.note('');
  const width = Math.max(...Object.keys(files).map((label) => label.length));
  for (const [label, file] of Object.entries(files)) out.note(`${`${label}:`.padEnd(width + 1)} ${join(folder, file)}`);
}

/** What the child process of a measurement does. */
async function measureOne(experiment: Experiment<unknown>, part: string, flags: ExperimentFlags): Promise<void> {
  const out = new Console(flags.json);
  chooseBackend(flags);
  const signal = stopSignal(() => {});
  const job = experiment.jobs(flags).find(({ name }) => name === part);
  if (!(job instanceof Measurement)) throw new InputError(`--part ${part}: ${experiment.name} has no such measurement`);
  const { seconds } = await job.measure(experimentFolder(experiment.name, flags), {
    cifar10: () => loadWithProgress(new Console(true), { dataset: 'cifar10', dataDir: flags.dataDir, signal }),
    onStep: async (step, maxSteps) => {
      tellParent({ step, maxSteps });
      await yieldToEventLoop();
      signal.throwIfAborted();
    },
  });
  out.result({ part, seconds });
}
