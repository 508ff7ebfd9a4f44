import { comparisonSvg } from '../../plots/comparison.js';
import { seedCurvesSvg } from '../../plots/curves.js';
import { enginesText, type ReportPart } from '../experiment-report.js';
import { runTimeText } from '../run-result.js';
import { formatChange, formatMean, formatTime } from '../statistics.js';
import { rowCommand, setupText, type Table1Row } from './table1-rows.js';

export const TABLE1_TITLE = 'Table 1: ten multi-layer perceptrons on CIFAR-10';

const EXPLANATION =
  'Accuracies are measured on all 10,000 test images: the mean over the seeds ± the sample standard deviation. "Last step" is the net ' +
  'after training. "Best checkpoint" is the highest accuracy of all evaluations, one every 100 steps. It is selected on the test set, so ' +
  'it is biased upward; published figures seem to be of this kind. "Difference" is last step minus published. Bands in the curves reach ' +
  'from the lowest to the highest seed. Resumed runs have no time.';

/** The table, a comparison of all setups, and the curves of each. */
export function table1Parts(rows: readonly Table1Row[]): ReportPart[] {
  const efforts = rows.flatMap(({ runs }) => runs.map(({ effort }) => effort));
  const versions = [...new Set(efforts.map(({ handgrad }) => handgrad))].join(', ');
  return [
    { file: 'comparison.svg', alt: 'Published and reproduced test accuracies', svg: comparisonOf(rows) },
    table1Cells(rows),
    `Engine: ${enginesText(efforts)}; handgrad ${versions}. ${EXPLANATION}`,
    ...rows.flatMap(setupParts),
  ];
}

function setupParts(row: Table1Row): ReportPart[] {
  const { id, published, config } = row.setup;
  const heading = `Setup ${id}: ${setupText(config)}`;
  const histories = row.runs.map(({ history }) => history);
  return [
    { heading },
    {
      file: `setup${id}.svg`,
      alt: 'Loss and accuracy over the steps',
      svg: seedCurvesSvg(histories, heading, { published }),
    },
    { command: rowCommand(row) },
    seedCells(row),
  ];
}

function comparisonOf(rows: readonly Table1Row[]): Promise<string> {
  const compared = rows.map(({ setup: { id, published, config }, last, best }) => ({
    ...{ name: `${id}: ${setupText(config)}`, published, best: best.mean },
    ...last,
  }));
  return comparisonSvg(compared, 'Published and reproduced test accuracy');
}

/** Columns of `table1Cells` that a narrow terminal can do without: seeds, batches, time, best checkpoint, net, difference. */
export const TABLE1_OPTIONAL: readonly number[] = [7, 2, 8, 6, 1, 5];

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
      formatChange(difference),
      formatMean(best),
      seeds.join(' '),
      seconds ? formatTime(seconds.mean) : '–',
    ]),
  ];
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
