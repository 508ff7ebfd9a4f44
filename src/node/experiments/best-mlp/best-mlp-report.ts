import { join } from 'node:path';
import { seedCurvesSvg } from '../../plots/curves.js';
import { escapeHtml, htmlPage, htmlTable, markdownTable, type Section } from '../../plots/page.js';
import type { RunConfig } from '../../runs/run-config.js';
import { flagsOf } from '../../runs/run-flags.js';
import { writeWhole } from '../../runs/run-folder.js';
import { markdownReport, REPORT_FILES } from '../experiment.js';
import { effortText, type MeasuredRun, runCommand, runTimeText } from '../run-result.js';
import { bestMlpConfig, CURVE_IMAGES, SELECTION_IMAGES, warmUpSteps } from './best-mlp-plan.js';

const TITLE = 'The best multi-layer perceptron on CIFAR-10';

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

/** Writes tables of all runs, the curves of each, and a page with all of it. */
export async function writeBestMlpReport(out: string, runs: BestMlpRuns, warning: string): Promise<void> {
  const figures: { run: MeasuredRun; file: string; svg: string }[] = [];
  for (const run of [...runs.final, ...runs.validation]) {
    const title = `${changedFlags(run.config)}, seed ${run.config.seed}`;
    const svg = await seedCurvesSvg([run.history], title, { evaluated: `${heldOut(run)} held-out images` });
    const file = `${run.name}.svg`;
    await writeWhole(join(out, file), svg);
    figures.push({ run, file, svg });
  }
  const tables = tablesOf(runs);
  const text = markdownReport(TITLE, warning, [
    ...tables.flatMap(({ heading, words, cells }) => [`## ${heading}`, words, markdownTable(cells)]),
    ...figures.flatMap(({ run, file }) => [`![Curves of ${run.name}](${file})`, `\`${runCommand(run)}\``]),
  ]);
  await writeWhole(join(out, REPORT_FILES.markdown), text);
  const sections: Section[] = [
    ...tables.map(({ heading, words, cells }) => ({ heading, html: `<p>${escapeHtml(words)}</p>${htmlTable(cells)}` })),
    ...figures.map(({ run, svg }) => ({ heading: run.name, html: `${svg}<pre>${escapeHtml(runCommand(run))}</pre>` })),
  ];
  if (warning) sections.unshift({ heading: 'Warning', html: `<p><strong>${escapeHtml(warning)}</strong></p>` });
  await writeWhole(join(out, REPORT_FILES.page), htmlPage(TITLE, sections));
}

/** A table of the report, with a paragraph above it. */
interface ReportTable {
  heading: string;
  words: string;
  cells: string[][];
}

function tablesOf({ validation, final }: BestMlpRuns): ReportTable[] {
  const tables: ReportTable[] = [];
  if (final.length > 0) {
    const words =
      `Evaluated once, after the last step. ${heldOut(final[0])} of the 50,000 training images are held out. The curve shows the accuracy on ` +
      `them. ${effortText(final)}.`;
    tables.push({ heading: 'On the test set', words, cells: finalCells(final) });
  }
  if (validation.length > 0) {
    const words = `The last 5,000 training images are held out to evaluate on. The test set is not used. ${effortText(validation)}.`;
    tables.push({ heading: 'On held-out images, to select settings', words, cells: validationCells(validation) });
  }
  return tables;
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
  const recipe = bestMlpConfig({ epochs: 1, validation: validation === SELECTION_IMAGES });
  const asLong = { ...recipe, maxSteps, evalEvery, seed, warmup: warmUpSteps(maxSteps) };
  return flagsOf(config, asLong).join(' ') || 'the recipe';
}

function heldOut({ config }: MeasuredRun): string {
  return config.validation.toLocaleString('en-US');
}
