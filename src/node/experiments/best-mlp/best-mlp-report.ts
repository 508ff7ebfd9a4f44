import { join } from 'node:path';
import { escapeHtml, htmlPage, htmlTable, markdownTable, type Section } from '../../plots/page.js';
import { seedCurvesSvg } from '../../plots/seed-curves.js';
import { writeWhole } from '../../runs/run-folder.js';
import { flagsOf } from '../../runs/setting-flags.js';
import type { TrainConfig } from '../../runs/train-config.js';
import type { TestedRun } from '../final-test.js';
import type { FinishedRun } from '../finished.js';
import { REPORT_FILES } from '../plan.js';
import { timeText } from '../summary.js';
import { effortText } from '../table1/table1-rows.js';
import { bestMlp, HELD_OUT, WATCHED, warmUpOf } from './best-mlp.js';

const TITLE = 'The best multi-layer perceptron on CIFAR-10';

/** The runs of the experiment: those to choose by, the best first, and those that count. */
export interface BestMlpRuns<Final extends FinishedRun = TestedRun> {
  validation: FinishedRun[];
  final: Final[];
}

/** Sorts out those that a folder holds. */
export function bestMlpRuns(runs: readonly FinishedRun[]): BestMlpRuns<FinishedRun> {
  const validation = runs.filter(({ config }) => config.validation === HELD_OUT);
  validation.sort((a, b) => b.last.testAccuracy - a.last.testAccuracy);
  return { validation, final: runs.filter(({ config }) => config.validation === WATCHED) };
}

/** Writes tables of all runs, the curves of each, and a page with all of that. */
export async function writeBestMlpReport(out: string, runs: BestMlpRuns, warning: string): Promise<void> {
  const pictures: { run: FinishedRun; file: string; svg: string }[] = [];
  for (const run of [...runs.final, ...runs.validation]) {
    const title = `${differences(run.config)}, seed ${run.config.seed}`;
    const svg = await seedCurvesSvg([run.history], title, { looks: `${heldOut(run)} held-out images` });
    const file = `${run.name}.svg`;
    await writeWhole(join(out, file), svg);
    pictures.push({ run, file, svg });
  }
  const parts = partsOf(runs);
  const text = parts.map(({ heading, words, cells }) => `## ${heading}\n\n${words}\n\n${markdownTable(cells)}`);
  const shown = pictures.map(({ run, file }) => `![Curves of ${run.name}](${file})\n\n\`${commandOf(run)}\``);
  const caution = warning ? [`**${warning}**`] : [];
  await writeWhole(join(out, REPORT_FILES.markdown), [`# ${TITLE}`, ...caution, ...text, ...shown].join('\n\n') + '\n');
  const sections: Section[] = [
    ...parts.map(({ heading, words, cells }) => ({ heading, html: `<p>${escapeHtml(words)}</p>${htmlTable(cells)}` })),
    ...pictures.map(({ run, svg }) => ({ heading: run.name, html: `${svg}<pre>${escapeHtml(commandOf(run))}</pre>` })),
  ];
  if (warning) sections.unshift({ heading: 'Attention', html: `<p><strong>${escapeHtml(warning)}</strong></p>` });
  await writeWhole(join(out, REPORT_FILES.page), htmlPage(TITLE, sections));
}

/** A table of the report and what is said before it. */
interface Part {
  heading: string;
  words: string;
  cells: string[][];
}

function partsOf({ validation, final }: BestMlpRuns): Part[] {
  const parts: Part[] = [];
  if (final.length > 0) {
    const words =
      `Tested once, after the last step. ${heldOut(final[0])} of the 50,000 training images are held out, to watch the run by: its curve is ` +
      `theirs. ${effortText(final)}.`;
    const header = ['seed', 'test accuracy', 'test loss', 'held-out accuracy', 'training', 'time'];
    const cells = final.map((run) => [
      String(run.config.seed),
      run.test.accuracy.toFixed(4),
      run.test.loss.toFixed(4),
      run.last.testAccuracy.toFixed(4),
      run.last.trainAccuracy.toFixed(4),
      timeOf(run),
    ]);
    parts.push({ heading: 'On the test set', words, cells: [header, ...cells] });
  }
  if (validation.length > 0) {
    const words = `The last 5,000 training images are held out and tested on; the test set is not looked at. ${effortText(validation)}.`;
    parts.push({ heading: 'On held-out images, to choose by', words, cells: validationCells(validation) });
  }
  return parts;
}

/** A row a run, the best first. */
export function validationCells(runs: readonly FinishedRun[]): string[][] {
  const header = ['beside the recipe', 'steps', 'seed', 'held-out accuracy', 'best look', 'training', 'time'];
  const rows = runs.map((run) => [
    differences(run.config),
    run.config.maxSteps.toLocaleString('en-US'),
    String(run.config.seed),
    run.last.testAccuracy.toFixed(4),
    run.best.testAccuracy.toFixed(4),
    run.last.trainAccuracy.toFixed(4),
    timeOf(run),
  ]);
  return [header, ...rows];
}

/** What one types to make a run again. */
export function commandOf({ config, effort }: FinishedRun): string {
  return `npx handgrad train ${flagsOf(config).join(' ')} --backend ${effort.engine} --threads ${effort.threads}`;
}

/** The flags that a run has beside the recipe's, of as many steps. */
function differences(config: TrainConfig): string {
  const { validation, maxSteps, evalEvery, seed } = config;
  const recipe = bestMlp({ epochs: 1, validation: validation === HELD_OUT });
  const asLong = { ...recipe, maxSteps, evalEvery, seed, warmup: warmUpOf(maxSteps) };
  return flagsOf(config, asLong).join(' ') || 'the recipe';
}

function heldOut({ config }: FinishedRun): string {
  return config.validation.toLocaleString('en-US');
}

function timeOf({ effort }: FinishedRun): string {
  return effort.resumed ? '–' : timeText(effort.seconds);
}
