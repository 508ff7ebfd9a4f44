import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  claimsReport,
  enginesText,
  type ReportPart,
  writeReport,
} from '../../../src/node/experiments/experiment-report.js';
import { temporaryFolders } from '../../support/temporary.js';

const PARTS: ReportPart[] = [
  'A paragraph with 1 < 2.',
  { heading: 'A heading' },
  [
    ['name', 'value'],
    ['a', '0.5'],
  ],
  { file: 'figure.svg', alt: 'A figure', svg: Promise.resolve('<svg></svg>\n') },
  { command: 'npx handgrad train' },
];

/** A report that needs neither data nor runs. */
const nothing = {
  quick: false,
  loadData: () => Promise.reject(new Error('no data')),
  evaluate: () => Promise.reject(new Error('no run')),
};

describe('writeReport', () => {
  const newFolder = temporaryFolders();

  it('writes every part in Markdown, and the files of the figures', async () => {
    const out = newFolder();
    expect(await writeReport(out, 'A title', '', PARTS)).to.deep.equal({ report: 'report.md' });
    expect(readdirSync(out).sort()).to.deep.equal(['figure.svg', 'report.md']);
    expect(readFileSync(join(out, 'report.md'), 'utf8').split('\n\n')).to.deep.equal([
      '# A title',
      'A paragraph with 1 < 2.',
      '## A heading',
      '| name | value |\n| --- | ---: |\n| a | 0.5 |',
      '![A figure](figure.svg)',
      '```\nnpx handgrad train\n```\n',
    ]);
  });

  it('writes a page with the same parts in sections, and a warning at the top of both', async () => {
    const out = newFolder();
    const files = await writeReport(out, 'A title', 'A warning.', PARTS, { page: true });
    expect(files).to.deep.equal({ report: 'report.md', page: 'index.html' });
    expect(readFileSync(join(out, 'report.md'), 'utf8')).to.include('# A title\n\n**A warning.**\n\n');
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    const wanted = ['<strong>A warning.', '1 &lt; 2', '<h2>A heading</h2>', '<td>a</td>', '<svg></svg>', '<pre>npx'];
    const places = wanted.map((text) => page.indexOf(text));
    expect(places.every((place) => place > 0)).to.equal(true);
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
  });
});

describe('claimsReport', () => {
  const newFolder = temporaryFolders();
  const context = (out: string, warning: string) => ({ out, warning, ...nothing });
  const report = () => ({
    title: 't',
    setup: ['before'],
    claims: [{ claim: 'c', criterion: 'k', measured: 'm', holds: true }],
    parts: ['after'],
  });

  it('puts the claims between the setup and the other parts', async () => {
    const out = newFolder();
    const { files, document } = await claimsReport({ runs: [{ name: 'r' }] }, context(out, ''), report);
    expect(files).to.deep.equal({ report: 'report.md' });
    expect(document).to.deep.equal({ figures: { claims: report().claims }, runs: [{ name: 'r' }] });
    expect(readFileSync(join(out, 'report.md'), 'utf8')).to.match(
      /before\n\n## Claims\n\n.*\*\*holds\*\* \|\n\nafter\n$/s,
    );
  });

  it('does not judge the claims of a run with a warning', async () => {
    const out = newFolder();
    await claimsReport({ runs: [{}] }, context(out, 'quick'), report);
    expect(readFileSync(join(out, 'report.md'), 'utf8'))
      .to.include('not judged')
      .and.not.include('**holds**');
  });

  it('writes nothing without results', async () => {
    const out = newFolder();
    expect(await claimsReport({ parts: [] }, context(out, ''), report)).to.deep.equal({
      document: { figures: null, parts: [] },
    });
    expect(readdirSync(out)).to.deep.equal([]);
  });
});

describe('enginesText', () => {
  it('names each way of computing once', () => {
    const blas = { engine: 'blas', threads: 1 };
    expect(enginesText([blas, blas, { engine: 'wasm', threads: 2, jobs: 3 }])).to.equal(
      'blas on 1 thread; wasm on 2 threads, 3 runs side by side',
    );
  });
});
