import { mkdir } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { backend, InputError, threads } from '../../array/index.js';
import { discardFolder, isThere, makeFolder } from '../../node/data/folders.js';
import type { CatalogueEntry } from '../../node/experiments/catalogue.js';
import { childProcess } from '../../node/experiments/child-run.js';
import { makeParts } from '../../node/experiments/make-parts.js';
import {
  finishedParts,
  PARTS_FOLDER,
  type Part,
  type PartFile,
  partPath,
  writePart,
} from '../../node/experiments/parts.js';
import { sharing } from '../../node/experiments/plan.js';
import { version } from '../../node/runs/version.js';
import { breathe } from '../../training/yield-to-event-loop.js';
import { chooseBackend } from '../engine-options.js';
import { Console } from '../console.js';
import { loadWithProgress } from '../load-with-progress.js';
import { endWithParent, tellParent } from '../parent-process.js';
import { INTERRUPTED, stopSignal } from '../signals.js';
import { addExperimentOptions, type ExperimentFlags, outFolder, QUICK_WARNING } from './options.js';

/** An experiment that is made of parts of its own, with a report in Markdown. */
export interface PartsExperiment<Result> {
  entry: CatalogueEntry;
  description: string;
  parts(quick: boolean): Part<Result>[];
  /** Parts that are timed, or whose memory is, want to be alone. */
  oneAtATime?: boolean;
  /** Writes the report into the folder, and returns its name and the figures in it. */
  report(
    out: string,
    files: readonly PartFile<Result>[],
    warning: string,
  ): Promise<{ report: string; figures: object }>;
}

interface PartFlags extends ExperimentFlags {
  part?: string;
}

/** Adds such an experiment. */
export function addPartsExperiment<Result>(experiment: Command, which: PartsExperiment<Result>): void {
  const { name, summary, expected } = which.entry;
  const command = experiment
    .command(name)
    .summary(summary)
    .description(`${which.description}\n\nTakes ${expected}.`)
    .addOption(new Option('--part <name>', 'one part, in this process').hideHelp());
  addExperimentOptions(command).action((flags: PartFlags) =>
    flags.part === undefined ? makeAll(which, flags) : makeOne(which, flags.part, flags),
  );
}

/** What a child process does. */
async function makeOne<Result>(which: PartsExperiment<Result>, name: string, flags: PartFlags): Promise<void> {
  endWithParent();
  const out = new Console(flags.json);
  chooseBackend(flags);
  const signal = stopSignal(() => {});
  const part = which.parts(flags.quick).find((each) => each.name === name);
  if (!part) throw new InputError(`--part ${name}: ${which.entry.name} has no such part`);
  const started = performance.now();
  const result = await part.measure({
    cifar10: () => loadWithProgress(new Console(true), { dataset: 'cifar10', dataDir: flags.dataDir, signal }),
    onStep: async (step, maxSteps) => {
      tellParent({ step, maxSteps });
      await breathe();
      signal.throwIfAborted();
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const { settings } = part;
  const made = { name, settings, handgrad: version(), engine: backend(), threads: threads(), seconds, result };
  const folder = outFolder(which.entry.name, flags);
  await mkdir(join(folder, PARTS_FOLDER), { recursive: true });
  await writePart(folder, made);
  out.result({ part: name, seconds });
}

async function makeAll<Result>(which: PartsExperiment<Result>, flags: PartFlags): Promise<void> {
  const out = new Console(flags.json);
  const progress = new Console(true);
  const { name } = which.entry;
  const parts = which.parts(flags.quick);
  const machine = { cores: availableParallelism(), memory: totalmem() };
  const { jobs, threads } = sharing(parts.length, machine, which.oneAtATime ? { jobs: 1, ...flags } : flags);
  chooseBackend({ backend: flags.backend, threads: 1 });
  const signal = stopSignal(() => progress.say('stopping; what is finished stays'));
  const made = await makeFolder(outFolder(name, flags));
  try {
    for (const part of flags.resume || flags.force ? [] : parts) {
      if (await isThere(partPath(made.folder, part.name)))
        throw new InputError(
          `${made.folder} holds ${part.name} already; --resume keeps what is finished, --force writes over it`,
        );
    }
    await loadWithProgress(progress, { dataset: 'cifar10', dataDir: flags.dataDir, signal });
    signal.throwIfAborted();
  } catch (error) {
    await discardFolder(made);
    throw error;
  }
  progress.say(`${parts.length} parts in ${made.folder}, ${jobs} at a time`);
  const shared = ['--backend', flags.backend, '--threads', String(threads), '--out', made.folder, '--json'];
  const data = flags.dataDir === undefined ? [] : ['--data-dir', flags.dataDir];
  const program = fileURLToPath(new URL('../main.js', import.meta.url));
  const { failed } = await makeParts(parts, {
    out: made.folder,
    jobs,
    resume: flags.resume,
    signal,
    say: (line) => progress.say(line),
    run: (part, onStep) => {
      const args = ['experiment', name, '--part', part, ...shared, ...data, ...(flags.quick ? ['--quick'] : [])];
      return childProcess(args, { program, signal }, onStep);
    },
  });
  if (signal.aborted) progress.say('interrupted; the same command with --resume makes the rest');
  const files = await finishedParts(made.folder, parts);
  let figures: object | null = null;
  if (files.length > 0) {
    const written = await which.report(made.folder, files, flags.quick ? QUICK_WARNING : '');
    figures = written.figures;
    out.note(`report: ${join(made.folder, written.report)}`);
  }
  const done = files.map(({ name, engine, threads, seconds }) => ({ name, engine, threads, seconds }));
  out.result({ experiment: name, out: made.folder, quick: flags.quick, figures, parts: done, failed });
  process.exitCode = signal.aborted ? INTERRUPTED : failed.length > 0 ? 1 : 0;
}
