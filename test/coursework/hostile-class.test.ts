import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Papa from 'papaparse';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { labelOf } from '../../src/coursework/file-label.js';
import { isolation } from '../../src/coursework/sandbox/isolation.js';
import { pathIn } from '../../src/coursework/submission.js';
import { filesOf } from '../../src/coursework/task-files.js';
import { handgrad } from '../support/command.js';
import { skip } from '../support/skip.js';
import { temporaryFolders } from '../support/temporary.js';

const files = filesOf('elu');
const right = sourcesOf(files, true).get('elu.ts') ?? '';
const CLEAR = '\u001b[2J\u001b[H';
const FORGED = '15 of 15 points: all tests passed';
const throwing = (what: string) => `export class ELU { constructor() { throw ${what}; } }`;

/** What a student hands in as `src/elu.ts`, or does to the folder of the project. */
const KINDS: Record<string, string | ((folder: Buffer) => void)> = {
  honest: right,
  hanging: 'for (;;);',
  flooding: `for (let i = 0; i < 200_000; i++) console.log('${FORGED}'); ${right}`,
  'throwing escapes': throwing(`new Error('${CLEAR}\\n${FORGED}\\n\\n' + 'x'.repeat(1e7))`),
  'importing escapes': `import '${CLEAR}${FORGED}'; ${right}`,
  'a thousand files': (folder) => {
    for (let i = 0; i < 1000; i++) write(folder, `${CLEAR.repeat(20)}${i}.ts`, 'export {{{');
  },
  'a folder in the way': (folder) => {
    write(folder, 'elu.ts', right);
    mkdirSync(pathIn(folder, Buffer.from('src/elu.js')));
    write(folder, 'elu.js/x.ts', '');
  },
  'a link that loops': (folder) => symlinkSync('elu.ts', pathIn(folder, Buffer.from('src/elu.ts'))),
  'a pipe': (folder) => execFileSync('mkfifo', [`${pathIn(folder, Buffer.from('src/elu.ts'))}`]),
  empty: () => {},
};
/** What must have full marks. Extra folders cost nothing. */
const RIGHT = ['honest', 'a folder in the way'];

/** Names of folders, each made different by a number. */
const NAMES: ((i: number) => Buffer)[] = [
  (i) => Buffer.from(`Doe, Jane_${i}`),
  (i) => Buffer.concat([Buffer.from(`jos`), Buffer.from([0xe9]), Buffer.from(`_${i}`)]), // José in Latin-1
  (i) => Buffer.from(`${CLEAR}${i}\n,${FORGED}`),
  (i) => Buffer.from(`=1+1;=1+1,${i}\u202e\u200b`),
  (i) => Buffer.from(`${i}${'漢'.repeat(80)}`),
];

function write(folder: Buffer, path: string, text: string): void {
  writeFileSync(pathIn(folder, Buffer.from(`src/${path}`)), text);
}

const SIZE = Number(process.env.HANDGRAD_CLASS ?? (process.env.HANDGRAD_THOROUGH ? 60 : 20));

describe('a class of honest and hostile submissions', function () {
  this.timeout(600_000);
  const newFolder = temporaryFolders();

  it(`of ${SIZE} has one row each, full marks for honest work, and takes linear time`, async function () {
    if (process.platform !== 'linux') skip(this, 'only Linux has names that are not UTF-8');
    const cwd = newFolder();
    const expected = new Map<string, string>();
    mkdirSync(join(cwd, 'class'));
    for (let i = 0; i < SIZE; i++) {
      const kinds = Object.keys(KINDS);
      const kind = i % 2 === 0 ? 'honest' : kinds[((i - 1) / 2) % kinds.length];
      const name = NAMES[i % NAMES.length](i);
      const folder = pathIn(join(cwd, 'class'), name);
      mkdirSync(pathIn(folder, Buffer.from('src')), { recursive: true });
      const content = KINDS[kind];
      if (typeof content === 'string') write(folder, 'elu.ts', content);
      else content(folder);
      expected.set(labelOf(name), kind);
    }
    writeFileSync(join(cwd, 'class', 'notes.txt'), '');
    const rubric = { assignment: 'elu', seed: 'x', timeLimit: 1 };
    writeFileSync(join(cwd, 'rubric.json'), JSON.stringify(rubric));
    const without = isolation() === 'node' ? ['--without-isolation'] : [];
    const { code, stdout, stderr } = await handgrad(
      ['grade', '--all', 'class', '--rubric', 'rubric.json', ...without],
      cwd,
    );
    expect(code, stderr).to.equal(0);
    expect(stdout.length).to.be.lessThan(5_000);
    expect(stdout).not.to.match(/(?!\n)\p{Cc}/u);
    const csv = readFileSync(join(cwd, 'grades', 'grades.csv'), 'utf8');
    expect(csv.length).to.be.lessThan(1_000 * SIZE);
    const [, ...rows] = Papa.parse<string[]>(csv.trimEnd()).data;
    const nameIn = (cell: string) => cell.replace(/^'/, '');
    expect(rows.map(([name]) => nameIn(name))).to.have.members([...expected.keys()]);
    for (const [name, score, points] of rows) {
      const kind = expected.get(nameIn(name)) ?? '';
      if (RIGHT.includes(kind)) expect(score, `${kind} ${name}`).to.equal(points);
      else if (kind !== 'flooding') expect(score, `${kind} ${name}`).to.equal('0');
      expect(points).to.equal('15');
    }
    const reports = rows.map(([name]) => readFileSync(join(cwd, 'grades', 'reports', `${nameIn(name)}.json`), 'utf8'));
    for (const report of reports) expect(report.length).to.be.lessThan(40_000);
    // Honest work at the end of the class takes as long as at its beginning.
    const seconds = reports
      .filter((_, i) => expected.get(nameIn(rows[i][0])) === 'honest')
      .map((report): number => JSON.parse(report).seconds);
    const half = (part: number[]) => part.sort((a, b) => a - b)[Math.floor(part.length / 2)];
    const [first, second] = [seconds.slice(0, seconds.length / 2), seconds.slice(seconds.length / 2)].map(half);
    expect(second, 'seconds per submission').to.be.lessThan(3 * first + 0.5);
  });
});
