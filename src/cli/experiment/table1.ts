import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { finishedRuns } from '../../node/experiments/finished.js';
import { firstSeeds, REPORT_FILES, shortened } from '../../node/experiments/plan.js';
import { SETUPS, type Setup, table1Runs, table1RunsNamed } from '../../node/experiments/table1/table1.js';
import { table1Cells, writeTable1Report } from '../../node/experiments/table1/table1-report.js';
import type { Table1Row } from '../../node/experiments/table1/table1-rows.js';
import { Console, textTable } from '../console.js';
import { count } from '../flag-values.js';
import { type LaboratoryOutcome, makeExperimentRuns } from './laboratory.js';
import { addExperimentOptions, type ExperimentFlags, QUICK_WARNING } from './options.js';

interface Table1Flags extends ExperimentFlags {
  only: readonly Setup[];
  seeds: number;
}

/** Adds `handgrad experiment table1`. */
export function addTable1(experiment: Command): void {
  const { name, summary, expected } = CATALOGUE.table1;
  const command = experiment
    .command(name)
    .summary(summary)
    .description(
      'Trains the ten multi-layer perceptrons of Table 1 of the course’s report on CIFAR-10, each with several seeds, and ' +
        'writes their run folders, their curves, a Markdown table of published beside reproduced accuracies, and a page ' +
        `that shows all of it.\n\nTakes ${expected}.`,
    )
    .addOption(
      new Option('--only <ids>', 'these setups, from 0 to 9 with commas between: 2,5')
        .argParser(setups)
        .default(SETUPS, 'all'),
    )
    .option('--seeds <n>', 'runs of each setup, with the seeds 42, 0, 1, 2 …', count, 3);
  addExperimentOptions(command).action(runTable1);
}

async function runTable1(flags: Table1Flags): Promise<void> {
  const out = new Console(flags.json);
  const change = flags.quick ? shortened : undefined;
  const plans = table1Runs(flags.only, firstSeeds(flags.seeds), change);
  const made = await makeExperimentRuns(CATALOGUE.table1.name, plans, flags);
  // The report is of all that the folder holds: setups may be run one by one.
  const there = await finishedRuns(made.folder, table1RunsNamed(await readdir(made.folder), change));
  const rows = await writeTable1Report(made.folder, SETUPS, there, flags.quick ? QUICK_WARNING : '');
  if (rows.length > 0) {
    for (const line of textTable(table1Cells(rows))) out.note(line);
    out.note(`\nreport: ${join(made.folder, REPORT_FILES.markdown)}`);
    out.note(`page:   ${join(made.folder, REPORT_FILES.page)}`);
  }
  out.result(documentOf(rows, made, flags));
  process.exitCode = made.exitCode;
}

function documentOf(rows: readonly Table1Row[], { folder, failed }: LaboratoryOutcome, { quick }: Table1Flags) {
  return {
    experiment: CATALOGUE.table1.name,
    out: folder,
    quick,
    rows: rows.map(({ setup, runs, last, best, difference, seconds }) => ({
      id: setup.id,
      published: setup.published,
      lastStep: last,
      best,
      difference,
      seconds,
      runs: runs.map(({ name, config, effort, ...run }) => ({
        name,
        seed: config.seed,
        ...effort,
        last: run.last,
        best: run.best,
      })),
    })),
    failed,
  };
}

function setups(text: string): readonly Setup[] {
  const ids = text.split(',');
  const chosen = SETUPS.filter(({ id }) => ids.includes(String(id)));
  if (chosen.length !== ids.length)
    throw new InvalidArgumentError(
      'Expected numbers of setups from 0 to 9 with commas between, each once, such as 2,5.',
    );
  return chosen;
}
