import { seedCurvesSvg } from '../../plots/curves.js';
import type { RunConfig } from '../../runs/run-config.js';
import { flagsOf } from '../../runs/run-flags.js';
import { enginesText, type ReportPart } from '../experiment-report.js';
import { type MeasuredRun, runCommand, runTimeText } from '../run-result.js';
import { QUICK_STEPS } from '../train-job.js';
import { bestMlpConfig, CURVE_IMAGES, narrowed, SELECTION_IMAGES, warmUpSteps } from './best-mlp-plan.js';

export const BEST_MLP_TITLE = 'The best multi-layer perceptron on CIFAR-10';

/** A run that was evaluated on the test set after training. */
export interface EvaluatedRun extends MeasuredRun {
  test: { accuracy: number; loss: number };
}

/** The runs to select settings by, the best first, and the final runs. */
export interface BestMlpRuns<Final extends MeasuredRun = EvaluatedRun> {
  validation: MeasuredRun[];
  final: Final[];
}

/** Sorts the runs of a folder into the two kinds. */
export function bestMlpRuns(runs: readonly MeasuredRun[]): BestMlpRuns<MeasuredRun> {
  const validation = runs.filter(({ config }) => config.validation === SELECTION_IMAGES);
  validation.sort((a, b) => b.last.testAccuracy - a.last.testAccuracy);
  return { validation, final: runs.filter(({ config }) => config.validation === CURVE_IMAGES) };
}

/** The curves of the best run, tables of all runs, and the curves of each. */
export function bestMlpParts({ validation, final }: BestMlpRuns): ReportPart[] {
  const engines = (runs: readonly MeasuredRun[]) => enginesText(runs.map(({ effort }) => effort));
  const runs = [...final, ...validation];
  const parts: ReportPart[] = runs.slice(0, 1).map(runFigure);
  if (final.length > 0)
    parts.push(
      { heading: 'On the test set' },
      `Evaluated once, after the last step. ${heldOut(final[0])} of the 50,000 training images are held out. The curve shows the accuracy on ` +
        `them. ${engines(final)}.`,
      finalCells(final),
    );
  if (validation.length > 0)
    parts.push(
      { heading: 'On held-out images, to select settings' },
      `The last 5,000 training images are held out to evaluate on. The test set is not used. ${engines(validation)}.`,
      validationCells(validation),
    );
  return [...parts, ...runs.flatMap((run, i) => runParts(run, i > 0))];
}

/** The command of a run, and its curves, except those of the first run, which open the report. */
function runParts(run: MeasuredRun, withFigure: boolean): ReportPart[] {
  return [{ heading: run.name }, ...(withFigure ? [runFigure(run)] : []), { command: runCommand(run) }];
}

function runFigure(run: MeasuredRun): ReportPart {
  const title = `${changedFlags(run.config)}, seed ${run.config.seed}`;
  const svg = seedCurvesSvg([run.history], title, { evaluated: `${heldOut(run)} held-out images` });
  return { file: `${run.name}.svg`, alt: `Curves of ${run.name}`, svg };
}

function finalCells(runs: readonly EvaluatedRun[]): string[][] {
  const header = ['seed', 'test accuracy', 'test loss', 'held-out accuracy', 'training accuracy', 'time'];
  const rows = runs.map((run) => [
    String(run.config.seed),
    run.test.accuracy.toFixed(4),
    run.test.loss.toFixed(4),
    run.last.testAccuracy.toFixed(4),
    run.last.trainAccuracy.toFixed(4),
    runTimeText(run),
  ]);
  return [header, ...rows];
}

/** One row per run, the best first. */
export function validationCells(runs: readonly MeasuredRun[]): string[][] {
  const header = [
    'changed settings',
    'steps',
    'seed',
    'held-out accuracy',
    'best checkpoint',
    'training accuracy',
    'time',
  ];
  const rows = runs.map((run) => [
    changedFlags(run.config),
    run.config.maxSteps.toLocaleString('en-US'),
    String(run.config.seed),
    run.last.testAccuracy.toFixed(4),
    run.best.testAccuracy.toFixed(4),
    run.last.trainAccuracy.toFixed(4),
    runTimeText(run),
  ]);
  return [header, ...rows];
}

/** The flags in which a run differs from the recipe with as many steps. */
function changedFlags(config: RunConfig): string {
  const { validation, maxSteps, evalEvery, seed } = config;
  const full = bestMlpConfig({ epochs: 1, validation: validation === SELECTION_IMAGES });
  const recipe = maxSteps === QUICK_STEPS ? narrowed(full) : full;
  const asLong = { ...recipe, maxSteps, evalEvery, seed, warmup: warmUpSteps(maxSteps) };
  return flagsOf(config, asLong).join(' ') || 'the recipe';
}

function heldOut({ config }: MeasuredRun): string {
  return config.validation.toLocaleString('en-US');
}
