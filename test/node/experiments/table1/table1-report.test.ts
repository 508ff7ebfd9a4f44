import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { enginesText, writeReport } from '../../../../src/node/experiments/experiment-report.js';
import type { MeasuredRun } from '../../../../src/node/experiments/run-result.js';
import { table1 } from '../../../../src/node/experiments/table1/table1.js';
import { SETUPS, table1RunName } from '../../../../src/node/experiments/table1/table1-plan.js';
import { table1Cells, table1Parts } from '../../../../src/node/experiments/table1/table1-report.js';
import { rowCommand, table1Rows } from '../../../../src/node/experiments/table1/table1-rows.js';
import { bestEntry } from '../../../../src/training/history.js';
import { temporaryFolders } from '../../../support/temporary.js';

/** A finished run with the given test accuracies, one per 100 steps. */
function run(id: number, seed: number, accuracies: number[]): MeasuredRun {
  const evaluations = accuracies.map((testAccuracy, i) => ({
    step: 100 * (i + 1),
    epoch: 1,
    trainLoss: 2 - 0.1 * i,
    trainAccuracy: 0.3,
    testLoss: 2.1 - 0.1 * i,
    testAccuracy,
  }));
  const history = { firstLoss: 2.3, evaluations, stopped: null };
  const [last, best] = [evaluations[evaluations.length - 1], bestEntry(history)];
  if (!best) throw new Error('a run needs an evaluation');
  const effort = { handgrad: '0.1.0', engine: 'blas', threads: 1, jobs: 2, seconds: 30 * (seed + 1), resumed: false };
  return { name: table1RunName(id, seed), config: { ...SETUPS[id].config, seed }, effort, history, last, best };
}

const runs = [run(0, 0, [0.3, 0.49, 0.48]), run(0, 1, [0.3, 0.4, 0.5]), run(6, 0, [0.3, 0.57, 0.55])];

/** A report that needs neither data nor runs. */
const nothing = {
  quick: false,
  loadData: () => Promise.reject(new Error('no data')),
  evaluate: () => Promise.reject(new Error('no run')),
};

describe('the report of Table 1', () => {
  const newFolder = temporaryFolders();

  it('has one row per setup with a finished run: mean and deviation of the last step and of the best checkpoint', () => {
    const [row0, row6, ...others] = table1Rows(SETUPS, runs);
    expect(others).to.deep.equal([]);
    expect(row0.last.mean).to.be.closeTo(0.49, 1e-12);
    expect(row0.last.deviation).to.be.closeTo(Math.SQRT2 / 100, 1e-12);
    expect(row0.best.mean).to.be.closeTo(0.495, 1e-12);
    expect(row0.difference).to.be.closeTo(-0.001, 1e-12);
    expect(row0.seconds?.mean).to.equal(45);
    expect(row6.last.deviation).to.equal(null);
    expect(table1Cells([row0])[1]).to.deep.equal([
      ...[
        '0',
        '100; no norm; SGD 0.001; ELU; init normal:1e-4',
        '200 × 1,400',
        '0.491',
        '0.4900 ± 0.0141',
        '−0.0010',
        '0.4950 ± 0.0071',
      ],
      ...['0 1', '45 s'],
    ]);
  });

  it('names the command and the engine', () => {
    const [row0] = table1Rows(SETUPS, runs);
    expect(rowCommand(row0)).to.equal('npx handgrad train --init normal:1e-4 --backend blas --threads 1 --seed SEED');
    expect(enginesText(row0.runs.map(({ effort }) => effort))).to.equal('blas on 1 thread, 2 runs side by side');
  });

  it('is a Markdown table, one figure per setup and one of all, and a page that needs no other file', async () => {
    const out = newFolder();
    await writeReport(out, 'Table 1', 'A warning.', table1Parts(table1Rows(SETUPS, runs)), { page: true });
    expect(readdirSync(out).sort()).to.deep.equal([
      ...['comparison.svg', 'index.html', 'report.md', 'setup0.svg', 'setup6.svg'],
    ]);
    const markdown = readFileSync(join(out, 'report.md'), 'utf8');
    expect(markdown).to.include('| ID | hidden; norm; optimizer; activation |').and.include('**A warning.**');
    expect(markdown).to.include(
      '| 6 | 1024, 512, 256, 64; batch norm; Adam 0.001; ELU | 128 × 2,000 | 0.560 | 0.5500 |',
    );
    const figures = [...markdown.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file);
    expect(figures.length).to.equal(3);
    for (const file of figures) expect(readdirSync(out)).to.include(file);
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    expect(page.match(/<svg xmlns/g)?.length).to.be.at.least(3);
    expect(page).not.to.match(/(src|href)=/);
    expect(page).to.include('Setup 6: 1024, 512, 256, 64; batch norm; Adam 0.001; ELU');
  });

  it('is not written if no run is finished', async () => {
    const out = newFolder();
    const context = { out, warning: '', ...nothing };
    expect(await table1.report([], context)).to.deep.equal({ document: { rows: [] } });
    expect(readdirSync(out)).to.deep.equal([]);
  });
});
