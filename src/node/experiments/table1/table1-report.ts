import { join } from 'node:path';
import { comparisonSvg } from '../../plots/comparison.js';
import { escapeHtml, htmlPage, htmlTable, markdownTable, type Section } from '../../plots/page.js';
import { seedCurvesSvg } from '../../plots/seed-curves.js';
import { writeWhole } from '../../runs/run-folder.js';
import type { FinishedRun } from '../finished.js';
import { REPORT_FILES } from '../plan.js';
import { summaryText, timeText } from '../summary.js';
import type { Setup } from './table1.js';
import { commandText, effortText, netText, type Table1Row, table1Rows } from './table1-rows.js';

const TITLE = 'Table 1: ten multi-layer perceptrons on CIFAR-10';

const COMPARISON = 'comparison.svg';

/**
 * Writes the table in Markdown, the curves of each setup, the comparison of all as a picture, and one page with all
 * of that.
 *
 * @param warning a sentence at the top, for runs that are not the full ones
 * @returns the rows of the table
 */
export async function writeTable1Report(
  out: string,
  setups: readonly Setup[],
  finished: readonly FinishedRun[],
  warning = '',
): Promise<Table1Row[]> {
  const rows = table1Rows(setups, finished);
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
  const header = ['ID', 'hidden; norm; optimiser; activation', 'batch × steps', 'published', 'last step', 'difference'];
  return [
    [...header, 'best look', 'seeds', 'time a run'],
    ...rows.map(({ setup: { id, published }, runs: [{ config }], last, best, difference, seeds, seconds }) => [
      String(id),
      netText(config),
      `${config.batchSize} × ${config.maxSteps.toLocaleString('en-US')}`,
      published.toFixed(3),
      summaryText(last),
      `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(4)}`,
      summaryText(best),
      seeds.join(' '),
      seconds ? timeText(seconds.mean) : '–',
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
  return `Setup ${id}: ${netText(config)}`;
}

function comparisonOf(rows: readonly Table1Row[]): Promise<string> {
  const lines = rows.map(({ setup: { id, published, config }, last, best }) => ({
    name: `${id}: ${netText(config)}`,
    published,
    ...last,
    best: best.mean,
  }));
  return comparisonSvg(lines, 'Published and reproduced test accuracy');
}

const READING =
  'Accuracies are those on all 10,000 test images: the mean over the seeds ± the standard deviation of the sample. "Last step" is ' +
  'the net as training left it. "Best look" is the highest accuracy of all tests on the way, every 100 steps: a choice made on the ' +
  'test set, which flatters, and what published figures seem to be. "Difference" is last step less published. Bands in the ' +
  'curves reach from the lowest to the highest seed. Runs that were interrupted and went on later have no time.';

function markdown(rows: readonly Table1Row[], warning: string): string {
  const runs = rows.flatMap((row) => row.runs);
  const parts = rows.map((row) =>
    [
      `## ${titleOf(row.setup)}`,
      `![Loss and accuracy over the steps](${curvesFile(row)})`,
      `\`\`\`\n${commandText(row)}\n\`\`\``,
      markdownTable(seedCells(row)),
    ].join('\n\n'),
  );
  return `${[
    `# ${TITLE}`,
    ...(warning ? [`**${warning}**`] : []),
    markdownTable(table1Cells(rows)),
    `Engine: ${effortText(runs)}; handgrad ${versions(runs)}. ${READING}`,
    `![Published and reproduced test accuracies](${COMPARISON})`,
    ...parts,
  ].join('\n\n')}\n`;
}

function page(rows: readonly Table1Row[], comparison: string, curves: readonly string[], warning: string): string {
  const runs = rows.flatMap((row) => row.runs);
  const words = `<p>Engine: ${escapeHtml(effortText(runs))}; handgrad ${escapeHtml(versions(runs))}. ${escapeHtml(READING)}</p>`;
  const caution = warning ? `<p><strong>${escapeHtml(warning)}</strong></p>` : '';
  const sections: Section[] = rows.map((row, i) => ({
    heading: titleOf(row.setup),
    html: [curves[i], `<pre>${escapeHtml(commandText(row))}</pre>`, htmlTable(seedCells(row))].join('\n'),
  }));
  return htmlPage(TITLE, [
    {
      heading: 'Published and reproduced',
      html: [caution, htmlTable(table1Cells(rows)), words, comparison].join('\n'),
    },
    ...sections,
  ]);
}

function seedCells({ runs }: Table1Row): string[][] {
  return [
    ['seed', 'last step', 'test loss', 'best look', 'at step', 'time', 'folder'],
    ...runs.map(({ name, config, last, best, effort }) => [
      String(config.seed),
      last.testAccuracy.toFixed(4),
      last.testLoss.toFixed(4),
      best.testAccuracy.toFixed(4),
      best.step.toLocaleString('en-US'),
      effort.resumed ? '–' : timeText(effort.seconds),
      name,
    ]),
  ];
}

function versions(runs: readonly FinishedRun[]): string {
  return [...new Set(runs.map(({ effort }) => effort.handgrad))].join(', ');
}
