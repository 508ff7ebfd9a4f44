import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../array/index.js';
import { nounOf } from '../data/sample-set.js';
import { modelKind } from '../models/model-table.js';
import { datasetOf } from '../node/data/datasets.js';
import type { CheckpointEvery } from '../node/runs/checkpointer.js';
import type { RunResult } from '../node/runs/execute-run.js';
import { endedHistory, resumeRun } from '../node/runs/resume-run.js';
import { modelSizeOf, type RunConfig } from '../node/runs/run-config.js';
import { formatSetting, modelIn, settingsByName } from '../node/runs/run-flags.js';
import { RUN_FILES } from '../node/runs/run-folder.js';
import { readRecord } from '../node/runs/run-record.js';
import { testName } from '../node/runs/split.js';
import { type TrainRunOptions, trainRun } from '../node/runs/train-run.js';
import { bestEntry, testScore } from '../training/history.js';
import { scoreText } from '../training/score-text.js';
import type { NetData } from '../training/trained-net.js';
import { Console, duration, grouped } from './console.js';
import { addBackendOptions, type BackendFlags, chooseBackend, engineText } from './engine-options.js';
import { checkpointEvery, folder } from './flag-values.js';
import { loadProgress } from './load-with-progress.js';
import { complain } from './output.js';
import { RunProgress } from './run-progress.js';
import { evaluationLines, parameterText, runDocument } from './run-summary.js';
import { addSettingOptions, configOf } from './setting-options.js';
import { INTERRUPTED, stopSignal } from './signals.js';

interface TrainFlags extends BackendFlags {
  resume?: string;
  checkpointEvery: CheckpointEvery;
  dataDir?: string;
  out?: string;
  report: boolean;
  force: boolean;
  json: boolean;
}

/** Adds `handgrad train` to the program, with the flags of the model that some arguments name. */
export function addTrain(program: Command, args: readonly string[]): void {
  const command = program
    .command('train')
    .summary('train a net on CIFAR-10, MNIST, Fashion-MNIST, or your own data')
    .description(
      'Trains a net and shows what it learned: curves, test accuracy, confusion matrix. The defaults are those of the course: a ' +
        'multi-layer perceptron on CIFAR-10 that reaches a test accuracy of about 0.49. The same flags give the same net.',
    );
  addBackendOptions(addSettingOptions(command, modelIn(args)))
    .option(
      '--data-dir <folder>',
      'a folder with the official files: CIFAR-10 in the binary or Python version, MNIST or Fashion-MNIST gzipped or not (default: the cache)',
      folder,
    )
    .option('--out <folder>', 'the run folder (default: a new folder in runs/)', folder)
    .option(
      '--checkpoint-every <n>',
      'steps between two checkpoints, from which --resume continues; or minute, or none',
      checkpointEvery,
      'minute',
    )
    .option('--resume <run>', 'continue the run in this folder where it was stopped or killed', folder)
    .option(
      '--report',
      'also write report.html: curves, mistakes, weights, activations and gradients as pictures',
      false,
    )
    .option('--force', 'overwrite a run that --out already holds', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nA run folder holds config.json, history.json, model.npz, inputs.npz (numpy.load opens both) and curves.svg:\n' +
        'all that handgrad predict needs.\n' +
        'Ctrl-C stops a run early and saves the results so far (exit code 130). --resume continues it.\n' +
        'A loss that is not finite ends a run with exit code 1.\n' +
        "The course's names work too: --dnn_hidden_units --learning_rate --max_steps --batch_size --eval_freq --data_dir.",
    )
    .action(runTrain);
}

async function runTrain(flags: TrainFlags, command: Command): Promise<void> {
  const out = new Console(flags.json);
  try {
    process.exitCode =
      flags.resume === undefined ? await newRun(flags, command, out) : await resumed(flags, command, out);
  } finally {
    out.endProgress();
  }
}

async function newRun(flags: TrainFlags, command: Command, out: Console): Promise<number> {
  const config = configOf(command);
  chooseBackend(flags);
  return tell(await trainRun(config, optionsOf(flags, config, out)), flags, out);
}

async function resumed(flags: TrainFlags, command: Command, out: Console): Promise<number> {
  const path = resolve(flags.resume ?? '');
  const record = await readRecord(path);
  assertNoContradiction(command, path, record.config);
  const history = await endedHistory(path, record.config);
  if (history) return tellEnded({ folder: path, record, history, evaluation: undefined, seconds: 0 }, out);
  const typed = (flag: string) => command.getOptionValueSource(flag) === 'cli';
  const { engine, threads } = record.environment;
  chooseBackend(typed('backend') ? flags : { backend: engine, threads: flags.threads ?? threads });
  const checkpointEvery = typed('checkpointEvery') ? flags.checkpointEvery : undefined;
  const { out: _, force: __, ...options } = optionsOf(flags, record.config, out);
  return tell(await resumeRun(path, { ...options, checkpointEvery }), flags, out);
}

/** What the command does while a run goes on. */
function optionsOf(flags: TrainFlags, config: RunConfig, out: Console): TrainRunOptions {
  const { dataDir, out: folder, force, checkpointEvery, report } = flags;
  let progress: RunProgress;
  return {
    ...{ dataDir, out: folder, force, checkpointEvery, report },
    signal: stopSignal(() => out.say('stopping after this step; press Ctrl-C again to stop at once')),
    onProgress: loadProgress(out, datasetOf(config.dataset).title),
    onStart(model, from, data) {
      out.endProgress();
      const net = modelKind(config.model).describe(config.model, modelSizeOf(data.train));
      out.note(
        `training ${net}, ${parameterText(model.parameters())}, on ${grouped(data.train.count)} ${nounOf(data.train)}; ${engineText()}, seed ${config.seed}`,
      );
      progress = new RunProgress(out, config, from, nounOf(data.train));
    },
    onStep: (report) => progress.step(report),
    onEvaluation: (entry) => progress.evaluation(entry),
    onWarning: (sentence) => out.say(sentence),
    onNote: (sentence) => out.note(sentence),
  };
}

/** Says what was learned, in words or as one JSON document, and returns the exit code. */
function tell(result: RunResult, { report }: TrainFlags, out: Console): number {
  out.endProgress();
  const { folder, record, history, evaluation, seconds } = result;
  const { config, checkpointEvery } = record;
  const [last, best] = [history.evaluations.at(-1), bestEntry(history)];
  const diverged = history.stopped?.reason === 'diverged';
  if (evaluation && last && best) {
    const shown = evaluation.confusion ? 'confusion matrix' : 'errors';
    const rows = evaluation.confusion ? 'one row per true class' : 'one row per target';
    out.note(`\n${shown} of the ${testName(config)} set at step ${last.step}, ${rows}:`);
    for (const line of evaluationLines(evaluation, outputNames(record.data), out.width)) out.note(line);
    const better =
      best.step === last.step
        ? ''
        : ` (best ${(best.testAccuracy ?? best.testR2 ?? Number.NaN).toFixed(4)} at step ${best.step})`;
    out.note(
      `\n${testName(config)} ${scoreText(testScore(last))} at step ${last.step}${better}, after ${duration(seconds)}`,
    );
    out.note(`curves: ${join(folder, RUN_FILES.curves)}`);
    if (report && !diverged) out.note(`report: ${join(folder, RUN_FILES.report)}`);
  }
  out.note(`run:    ${folder}`);
  if (history.stopped) complain(history.stopped.message);
  if (history.stopped?.reason === 'interrupted' && checkpointEvery !== 'none')
    out.note(`\nto continue: handgrad train --resume ${folder}`);
  out.result(runDocument(result));
  if (diverged) return 1;
  return history.stopped ? INTERRUPTED : 0;
}

/** The names of the classes, or of the numbers that a net predicts. */
function outputNames(data: NetData | undefined): readonly string[] {
  return data?.targets ?? data?.classes ?? [];
}

/** Says how a run ended that `--resume` finds at its end, and returns the exit code that it had. */
function tellEnded(result: RunResult, out: Console): number {
  const { folder, history } = result;
  const last = history.evaluations.at(-1);
  const accuracy = last ? `: test ${scoreText(testScore(last))} at step ${last.step}` : '';
  if (history.stopped) complain(`${history.stopped.message}; it would do so again`);
  else out.note(`${folder} is finished${accuracy}`);
  out.result(runDocument(result));
  return history.stopped ? 1 : 0;
}

/**
 * Flags that do not contradict a run: they do not change what it computes, except for the engine, which a warning
 * names.
 */
const FREE = ['resume', 'json', 'dataDir', 'backend', 'threads', 'checkpointEvery', 'report'];

/** @throws InputError that names the flags beside `--resume` that contradict the settings of the run */
function assertNoContradiction(command: Command, path: string, config: RunConfig): void {
  const own = settingsByName(config);
  const typed = command.options
    .map((option) => ({ flag: option.long, name: option.attributeName() }))
    .filter(({ name }) => command.getOptionValueSource(name) === 'cli' && !FREE.includes(name));
  const contradictions = typed.flatMap(({ flag, name }) => {
    const value: unknown = command.getOptionValue(name);
    if (name === 'out' && resolve(String(value)) === path) return [];
    if (name === 'out' || name === 'force')
      throw new InputError(`${flag} does not go with --resume, which continues in the folder of the run`);
    const [typedText, ownText] = [formatSetting(value), formatSetting(own.get(name))];
    return typedText === ownText ? [] : [`${flag} ${typedText} contradicts ${ownText}`];
  });
  if (contradictions.length > 0) {
    throw new InputError(
      `a resumed run keeps its settings: ${contradictions.join(', ')} in ${join(path, RUN_FILES.config)}`,
    );
  }
}
