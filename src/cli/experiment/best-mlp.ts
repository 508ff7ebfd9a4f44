import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { InputError, messageOf } from '../../array/index.js';
import { type Attempt, bestMlp, EPOCHS, finalRuns, validationRuns } from '../../node/experiments/best-mlp/best-mlp.js';
import {
  bestMlpRuns,
  commandOf,
  validationCells,
  writeBestMlpReport,
} from '../../node/experiments/best-mlp/best-mlp-report.js';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { finalTest, type TestedRun } from '../../node/experiments/final-test.js';
import { everyFinishedRun, type FinishedRun } from '../../node/experiments/finished.js';
import { firstSeeds, REPORT_FILES, type RunPlan, shortened } from '../../node/experiments/plan.js';
import { flagsOf } from '../../node/runs/setting-flags.js';
import { configFrom } from '../config-options.js';
import { Console, textTable } from '../console.js';
import { count } from '../flag-values.js';
import { makeExperimentRuns, PROGRAM, runFlags } from './laboratory.js';
import { addExperimentOptions, type ExperimentFlags, QUICK_WARNING } from './options.js';

interface BestMlpFlags extends ExperimentFlags {
  validation: boolean;
  try: string[];
  epochs: number;
  seeds: number;
}

/** Adds `handgrad experiment best-mlp`. */
export function addBestMlp(experiment: Command): void {
  const { name, summary, expected } = CATALOGUE['best-mlp'];
  const command = experiment
    .command(name)
    .summary(summary)
    .description(
      'Trains the best multi-layer perceptron: no convolution, no data but the 50,000 training images, of which 1,000 are held ' +
        `out to watch it by, and one test, at the end. Takes ${expected}.\n\nWith --validation 5,000 are held out and the ` +
        'test set is not touched: so are settings chosen.',
    )
    .option('--validation', 'hold out 5,000 training images and test on them instead', false)
    .option(
      '--try <flags>',
      'with --validation, other settings beside the recipe’s, as flags of handgrad train; may be repeated: --try "--dropout 0.2"',
      (text: string, before: string[]) => [...before, attempt(text)],
      [],
    )
    .option('--epochs <n>', 'how often every training image is seen', count, EPOCHS)
    .option('--seeds <n>', 'runs of each, with the seeds 42, 0, 1, 2 …', count, 1);
  addExperimentOptions(command).action(runBestMlp);
}

async function runBestMlp(flags: BestMlpFlags): Promise<void> {
  const out = new Console(flags.json);
  const made = await makeExperimentRuns(CATALOGUE['best-mlp'].name, plansOf(flags), flags);
  const { validation, final } = bestMlpRuns(await everyFinishedRun(made.folder));
  const runs = { validation, final: await tested(made.folder, final, flags) };
  await writeBestMlpReport(made.folder, runs, flags.quick ? QUICK_WARNING : '');
  if (runs.validation.length > 0) for (const line of textTable(validationCells(runs.validation))) out.note(line);
  for (const run of runs.final) out.note(`${run.name}: test accuracy ${run.test.accuracy.toFixed(4)}`);
  out.note(`\nreport: ${join(made.folder, REPORT_FILES.markdown)}\npage:   ${join(made.folder, REPORT_FILES.page)}`);
  out.result({
    experiment: CATALOGUE['best-mlp'].name,
    out: made.folder,
    quick: flags.quick,
    validation: runs.validation.map(figures),
    final: runs.final.map((run) => ({ ...figures(run), test: run.test })),
    failed: made.failed,
  });
  process.exitCode = made.exitCode;
}

/** The one test of each run that counts. */
async function tested(folder: string, runs: readonly FinishedRun[], flags: BestMlpFlags): Promise<TestedRun[]> {
  const settings = { program: PROGRAM, flags: runFlags(flags, 1), signal: new AbortController().signal };
  const outcomes: TestedRun[] = [];
  for (const run of runs) {
    const outcome = await finalTest(folder, run, settings);
    if ('failure' in outcome) throw new InputError(`${join(folder, run.name)} cannot be tested: ${outcome.failure}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

function plansOf(flags: BestMlpFlags): RunPlan[] {
  const { validation, epochs } = flags;
  if (!validation && flags.try.length > 0) throw new InputError('--try goes with --validation');
  const seeds = firstSeeds(flags.seeds);
  const plans = validation
    ? validationRuns(
        ['', ...flags.try].map((text) => attemptOf(text, epochs)),
        seeds,
      )
    : finalRuns(bestMlp({ epochs, validation }), seeds);
  return flags.quick ? plans.map(({ name, config }) => ({ name, config: shortened(config) })) : plans;
}

/** The recipe with other flags behind its own, as long in epochs whatever the size of its batches. */
function attemptOf(flags: string, epochs: number): Attempt {
  const words = flags.split(/\s+/).filter((word) => word !== '');
  const withRecipe = (batchSize?: number) =>
    configFrom([...flagsOf(bestMlp({ epochs, validation: true, batchSize })), ...words]);
  return { flags, config: withRecipe(withRecipe().batchSize) };
}

function attempt(text: string): string {
  try {
    attemptOf(text, EPOCHS);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error).replace(/^error: /, ''));
  }
  return text;
}

function figures(run: FinishedRun) {
  const { name, config, effort, last, best } = run;
  return { name, command: commandOf(run), seed: config.seed, ...effort, last, best };
}
