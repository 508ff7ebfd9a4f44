import { readdir } from 'node:fs/promises';
import { InputError } from '../../../array/index.js';
import { type Experiment, seedsOption } from '../experiment.js';
import { writeReport } from '../experiment-report.js';
import { loadResults } from '../job.js';
import { type MeasuredRun, runSummary } from '../run-result.js';
import { firstSeeds } from '../train-job.js';
import { SETUPS, table1Jobs, table1JobsNamed } from './table1-plan.js';
import { TABLE1_OPTIONAL, TABLE1_TITLE, table1Cells, table1Parts } from './table1-report.js';
import { type Table1Row, table1Rows } from './table1-rows.js';

export const table1: Experiment<MeasuredRun> = {
  name: 'table1',
  summary: "the ten multi-layer perceptrons of the course's report: published and reproduced accuracies",
  description:
    'Trains the ten multi-layer perceptrons of Table 1 of the course’s report on CIFAR-10, each with several seeds. Writes their run ' +
    'folders, their curves, a Markdown table of published and reproduced accuracies, and a page with all of it.',
  expected: 'about 1 h 45 min with blas, 2 h 45 min with wasm (3 seeds, two cores); --quick 1 min',
  options: [
    {
      flags: '--only <ids>',
      help: 'only these setups: numbers from 0 to 9, separated by commas, such as 2,5',
      parse: setupIds,
      default: SETUPS.map(({ id }) => id),
      defaultText: 'all',
    },
    seedsOption('runs of each setup', 3),
  ],
  jobs: ({ only, seeds = 3, quick }) => table1Jobs(setupsOf(only), firstSeeds(seeds), quick),
  // The setups may be run one by one, so the report covers every run in the folder.
  load: async (out, { quick }) => loadResults(out, table1JobsNamed(await readdir(out), quick)),
  async report(runs, { out, warning }) {
    const rows = table1Rows(SETUPS, runs);
    const document = { rows: rows.map(rowSummary) };
    if (rows.length === 0) return { document };
    const files = await writeReport(out, TABLE1_TITLE, warning, table1Parts(rows), { page: true });
    return { files, table: table1Cells(rows), optional: TABLE1_OPTIONAL, document };
  },
};

function rowSummary({ setup, runs, last, best, difference, seconds }: Table1Row): object {
  const { id, published } = setup;
  return { id, published, lastStep: last, best, difference, seconds, runs: runs.map(runSummary) };
}

function setupsOf(ids: readonly number[] | undefined): typeof SETUPS {
  return SETUPS.filter(({ id }) => ids === undefined || ids.includes(id));
}

function setupIds(text: string): number[] {
  const wanted = text.split(',');
  const ids = SETUPS.map(({ id }) => id).filter((id) => wanted.includes(String(id)));
  if (ids.length !== wanted.length)
    throw new InputError('Expected numbers of setups from 0 to 9, separated by commas, each once, such as 2,5.');
  return ids;
}
