import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { EXPERIMENTS } from '../node/experiments/catalog.js';
import type { Experiment, ExperimentOption, ExperimentOptions } from '../node/experiments/experiment.js';
import { collectExperiment, planExperiment, runPart } from '../node/experiments/experiment-parts.js';
import { Measurement } from '../node/experiments/measurement.js';
import {
  type ExperimentOutcome,
  type ExperimentSettings,
  experimentFolder,
  runExperiment,
} from '../node/experiments/run-experiment.js';
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
  measure?: string;
  plan: boolean;
  part?: string;
  collect?: string;
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
    .addOption(new Option('--measure <name>', 'compute one measurement in this process').hideHelp())
    .option('--quick', 'a few steps per run, to see that everything works; the figures then mean nothing', false)
    .option('--jobs <n>', 'runs side by side, each in its own process; default: one per core', count);
  addBackendOptions(command)
    .option('--out <folder>', `where runs and report are written; default: runs/${name}`, folder)
    .option('--resume', 'keep the finished runs in --out, continue those that were begun, and start the others', false)
    .option('--force', 'overwrite the runs in --out', false)
    .option('--data-dir <folder>', 'a folder with the files of the data set; default: the cache', folder)
    .option('--plan', 'print each part of the experiment as one command, for the machines of a batch system', false)
    .addOption(
      new Option('--part <name>', 'compute this part alone in --out; a finished one is kept').conflicts([
        'plan',
        'force',
      ]),
    )
    .addOption(
      new Option('--collect <folder>', 'write the report on the finished parts in this folder, and compute nothing')
        .argParser(folder)
        .conflicts(['plan', 'part', 'out', 'resume', 'force', 'jobs']),
    )
    .option('--json', 'print one JSON document', false)
    .action((flags: ExperimentFlags) => {
      if (flags.measure !== undefined) return measureOne(experiment, flags.measure, flags);
      if (flags.plan) return printPlan(experiment, flags);
      if (flags.part !== undefined) return runOne(experiment, flags.part, flags);
      if (flags.collect !== undefined) return collect(experiment, flags.collect, flags);
      return runAll(experiment, flags);
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
  const settings = settingsOf(flags, progress);
  const { signal } = settings;
  const outcome = await runExperiment(experiment, flags, settings);
  progress.close();
  if (signal.aborted) progress.say('interrupted; run the same command with --resume to continue');
  show(out, outcome);
  const { folder, report, failed } = outcome;
  out.result({ experiment: experiment.name, out: folder, quick: flags.quick, ...report.document, failed });
  process.exitCode = signal.aborted ? INTERRUPTED : failed.length > 0 ? 1 : 0;
}

function show(out: Console, { folder, report: { table, optional, lines = [], files = {} } }: ExperimentOutcome): void {
  const results = [...(table ? textTable(table, { width: out.width, optional }) : []), ...lines];
  for (const line of results) out.note(line);
  if (results.length > 0) out.note('');
  const width = Math.max(...Object.keys(files).map((label) => label.length));
  for (const [label, file] of Object.entries(files)) out.note(`${`${label}:`.padEnd(width + 1)} ${join(folder, file)}`);
}

function settingsOf(flags: ExperimentFlags, progress: ExperimentProgress): ExperimentSettings {
  chooseBackend({ backend: flags.backend, threads: 1 });
  const signal = stopSignal(() => progress.say('stopping; finished runs are kept'));
  return {
    ...flags,
    program: fileURLToPath(new URL('./main.js', import.meta.url)),
    signal,
    loadData: (dataset) => loadWithProgress(new Console(true), { dataset, dataDir: flags.dataDir, signal }),
    onReady: (jobs, folder, sideBySide) => progress.begin(jobs, folder, sideBySide),
  };
}

/** Prints the parts as commands for a shell, and says in comments which have to be finished before others. */
function printPlan(experiment: Experiment<unknown>, flags: ExperimentFlags): void {
  const out = new Console(flags.json);
  const { backend, threads, dataDir } = flags;
  const shared = [
    ...['--backend', backend],
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
    ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
  ];
  const parts = planExperiment(experiment, flags, experimentFolder(experiment.name, flags), shared).map(
    ({ args, ...part }) => ({ ...part, command: ['npx', 'handgrad', ...args].map(shellWord).join(' ') }),
  );
  for (const { command, after } of parts) out.note(after === undefined ? command : `${command} # after ${after}`);
  out.result({ experiment: experiment.name, parts });
}

/** A word of a command line as a POSIX shell reads it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

async function runOne(experiment: Experiment<unknown>, part: string, flags: ExperimentFlags): Promise<void> {
  const progress = new ExperimentProgress();
  const settings = settingsOf(flags, progress);
  const { folder, failed } = await runPart(experiment, part, flags, settings).finally(() => progress.close());
  if (settings.signal.aborted) progress.say('interrupted; the same command continues');
  new Console(flags.json).result({ experiment: experiment.name, part, out: folder, failed });
  process.exitCode = settings.signal.aborted ? INTERRUPTED : failed.length > 0 ? 1 : 0;
}

async function collect(experiment: Experiment<unknown>, from: string, flags: ExperimentFlags): Promise<void> {
  const out = new Console(flags.json);
  const outcome = await collectExperiment(experiment, from, flags, settingsOf(flags, new ExperimentProgress()));
  const { folder, report, missing } = outcome;
  show(out, outcome);
  if (missing.length > 0) out.note(`not finished: ${missing.join(', ')}`);
  out.result({ experiment: experiment.name, out: folder, quick: flags.quick, ...report.document, missing });
  process.exitCode = missing.length > 0 ? 1 : 0;
}

/** What the child process of a measurement does. */
async function measureOne(experiment: Experiment<unknown>, part: string, flags: ExperimentFlags): Promise<void> {
  const out = new Console(flags.json);
  chooseBackend(flags);
  const signal = stopSignal(() => {});
  const job = experiment.jobs(flags).find(({ name }) => name === part);
  if (!(job instanceof Measurement))
    throw new InputError(`--measure ${part}: ${experiment.name} has no such measurement`);
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
