import { join } from 'node:path';
import { comparisonSvg } from '../../plots/comparison.js';
import { seedCurvesSvg } from '../../plots/curves.js';
import { escapeHtml, htmlPage, htmlTable, markdownTable, type Section } from '../../plots/page.js';
import { writeWhole } from '../../runs/run-folder.js';
import { markdownReport, REPORT_FILES } from '../experiment.js';
import { effortText, type MeasuredRun, runTimeText } from '../run-result.js';
import { formatMean, formatTime } from '../statistics.js';
import type { Setup } from './table1-plan.js';
import { rowCommand, setupText, type Table1Row, table1Rows } from './table1-rows.js';

const TITLE = 'Table 1: ten multi-layer perceptrons on CIFAR-10';

const COMPARISON = 'comparison.svg';

/**
 * Writes the table in Markdown, the curves of each setup, a comparison of all setups, and a page with all of it.
 * Writes nothing if there is no run.
 *
 * @param warning a sentence for the top, for runs that are not full ones
 * @returns the rows of the table
 */
export async function writeTable1Report(
  out: string,
  setups: readonly Setup[],
  results: readonly MeasuredRun[],
  warning = '',
): Promise<Table1Row[]> {
  const rows = table1Rows(setups, results);
  if (rows.length === 0) return rows;
  const curves: string[] = [];
  for (const row of rows) {
    const svg = await curvesOf(row);
    await writeWhole(join(out, curvesFile(row)), svg);
    curves.push(svg);
  }
  const comparison = await comparisonOf(rows);
  await writeWhole(join(out, COMPARISON), comparison);
  await writeWhole(join(out, REPORT_FILES.markdown), markdown(rows, warning));
  await writeWhole(join(out, REPORT_FILES.page), page(rows, comparison, curves, warning));
  return rows;
}

/** The cells of the table, its header first. */
export function table1Cells(rows: readonly Table1Row[]): string[][] {
  const header = ['ID', 'hidden; norm; optimizer; activation', 'batch × steps', 'published', 'last step', 'difference'];
  return [
    [...header, 'best checkpoint', 'seeds', 'time per run'],
    ...rows.map(({ setup: { id, published }, runs: [{ config }], last, best, difference, seeds, seconds }) => [
      String(id),
      setupText(config),
      `${config.batchSize} × ${config.maxSteps.toLocaleString('en-US')}`,
      published.toFixed(3),
      formatMean(last),
      `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(4)}`,
      formatMean(best),
      seeds.join(' '),
      seconds ? formatTime(seconds.mean) : '–',
    ]),
  ];
}

function curvesFile({ setup }: Table1Row): string {
  return `setup${setup.id}.svg`;
}

function curvesOf({ setup, runs }: Table1Row): Promise<string> {
  return seedCurvesSvg(
    runs.map(({ history }) => history),
    titleOf(setup),
    { published: setup.published },
  );
}

function titleOf({ id, config }: Setup): string {
  return `Setup ${id}: ${setupText(config)}`;
}

function comparisonOf(rows: readonly Table1Row[]): Promise<string> {
  const lines = rows.map(({ setup: { id, published, config }, last, best }) => ({
    name: `${id}: ${setupText(config)}`,
    published,
    ...last,
    best: best.mean,
  }));
  return comparisonSvg(lines, 'Published and reproduced test accuracy');
}

const EXPLANATION =
  'Accuracies are measured on all 10,000 test images: the mean over the seeds ± the sample standard deviation. "Last step" is the net ' +
  'after training. "Best checkpoint" is the highest accuracy of all evaluations, one every 100 steps. It is selected on the test set, so ' +
  'it is biased upward; published figures seem to be of this kind. "Difference" is last step minus published. Bands in the curves reach ' +
  'from the lowest to the highest seed. Resumed runs have no time.';

function markdown(rows: readonly Table1Row[], warning: string): string {
  const setups = rows.flatMap((row) => [
    `## ${titleOf(row.setup)}`,
    `![Loss and accuracy over the steps](${curvesFile(row)})`,
    `\`\`\`\n${rowCommand(row)}\n\`\`\``,
    markdownTable(seedCells(row)),
  ]);
  return markdownReport(TITLE, warning, [
    markdownTable(table1Cells(rows)),
    `${engineText(rows)} ${EXPLANATION}`,
    `![Published and reproduced test accuracies](${COMPARISON})`,
    ...setups,
  ]);
}

function page(rows: readonly Table1Row[], comparison: string, curves: readonly string[], warning: string): string {
  const text = `<p>${escapeHtml(`${engineText(rows)} ${EXPLANATION}`)}</p>`;
  const caution = warning ? `<p><strong>${escapeHtml(warning)}</strong></p>` : '';
  const sections: Section[] = rows.map((row, i) => ({
    heading: titleOf(row.setup),
    html: [curves[i], `<pre>${escapeHtml(rowCommand(row))}</pre>`, htmlTable(seedCells(row))].join('\n'),
  }));
  return htmlPage(TITLE, [
    {
      heading: 'Published and reproduced',
      html: [caution, htmlTable(table1Cells(rows)), text, comparison].join('\n'),
    },
    ...sections,
  ]);
}

function engineText(rows: readonly Table1Row[]): string {
  const runs = rows.flatMap((row) => row.runs);
  const versions = [...new Set(runs.map(({ effort }) => effort.handgrad))].join(', ');
  return `Engine: ${effortText(runs)}; handgrad ${versions}.`;
}

function seedCells({ runs }: Table1Row): string[][] {
  return [
    ['seed', 'last step', 'test loss', 'best checkpoint', 'at step', 'time', 'folder'],
    ...runs.map((run) => [
      String(run.config.seed),
      run.last.testAccuracy.toFixed(4),
      run.last.testLoss.toFixed(4),
      run.best.testAccuracy.toFixed(4),
      run.best.step.toLocaleString('en-US'),
      runTimeText(run),
      run.name,
    ]),
  ];
}
