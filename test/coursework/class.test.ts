import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { isolation } from '../../src/coursework/sandbox/isolation.js';
import { filesOf } from '../../src/coursework/task-files.js';
import { handgrad } from '../support/command.js';
import { temporaryFolders } from '../support/temporary.js';

const files = filesOf('linear,elu');
const right = sourcesOf(files, true);
const stubs = sourcesOf(files, false);
const withLinear = (text: string) => new Map([...right, ['linear.ts', text]]);

/** Kinds of submissions and their scores, of 35 points. */
const KINDS: [kind: string, sources: Map<string, string>, score: number][] = [
  ['right', right, 35],
  ['stub', stubs, 0],
  [
    'wrong',
    withLinear(
      (right.get('linear.ts') ?? '')
        .replace('return matmul(dout,', 'return matmul(multiply(dout, 2),')
        .replace('import {', 'import {\n  multiply,'),
    ),
    30,
  ],
  ['empty', new Map(), 0],
  ['leaving', withLinear('process.exit(0);'), 15],
  ['broken', withLinear('export class Linear {{{'), 15],
  ['printing', withLinear('console.log(\'{"score":100}\');\n' + right.get('linear.ts')), 35],
  [
    'forging',
    withLinear(`(process as any).getBuiltinModule('node:fs').writeSync(3, '{"id":2,"score":35}\\nnonsense\\n');`),
    15,
  ],
  ['right again', right, 35],
];

/** The number of submissions; CI grades 60. */
const SIZE = Number(process.env.HANDGRAD_CLASS ?? 10);

describe('handgrad grade --all', function () {
  this.timeout(600_000);
  const newFolder = temporaryFolders();

  it(`grades a class of ${SIZE}, and loses nothing; a submission that hangs delays only its own job`, async () => {
    const cwd = newFolder();
    const expected = new Map<string, number>();
    for (let i = 0; i < SIZE; i++) {
      const [kind, sources, score] =
        i === 3 ? (['hanging', withLinear('for (;;);'), 15] as const) : KINDS[i % KINDS.length];
      const name = `${String(i).padStart(3, '0')}-${kind}`;
      mkdirSync(join(cwd, 'class', name, 'src'), { recursive: true });
      for (const [path, text] of sources) writeFileSync(join(cwd, 'class', name, 'src', path), text);
      expected.set(name, score);
    }
    writeFileSync(join(cwd, 'rubric.json'), JSON.stringify({ assignment: 'linear,elu', seed: 'x', timeLimit: 2 }));
    const args = ['grade', '--all', 'class', '--rubric', 'rubric.json', '--jobs', '2', '--out', 'grades', '--json'];
    const without = isolation() === 'node' ? ['--without-isolation'] : [];
    const { code, stdout, stderr } = await handgrad([...args, ...without], cwd);
    expect(code, stderr).to.equal(0);
    const { submissions } = JSON.parse(stdout);
    const found = new Map(submissions.map(({ name, score }: { name: string; score: number }) => [name, score]));
    expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(expected));
    const csv = readFileSync(join(cwd, 'grades', 'grades.csv'), 'utf8')
      .trim()
      .split('\r\n');
    expect(csv.length).to.equal(SIZE + 1);
    expect(csv[0]).to.equal(
      'submission,score,points,linear.forward,linear.backward,elu.forward,elu.backward,hours late,remarks',
    );
    const reports = readdirSync(join(cwd, 'grades', 'reports'));
    expect(reports.length).to.equal(SIZE);
    const written = (name: string) => statSync(join(cwd, 'grades', 'reports', name)).mtimeMs;
    const end = written('003-hanging.json');
    const took = 1000 * JSON.parse(readFileSync(join(cwd, 'grades', 'reports', '003-hanging.json'), 'utf8')).seconds;
    const meanwhile = reports.filter((name) => written(name) < end && written(name) > end - took);
    expect(meanwhile.length, 'graded while one was hanging').to.be.at.least(3);
    const page = readFileSync(join(cwd, 'grades', 'class.html'), 'utf8');
    expect(page).to.include(`${SIZE} submissions`).and.to.include('linear.backward, dx: constant factor');
  });

  it('has a row for every folder and link, names what is no submission, and takes lateness from --times alone', async () => {
    const cwd = newFolder();
    const submit = (name: string, sources: ReadonlyMap<string, string>) => {
      mkdirSync(join(cwd, 'class', name, 'src'), { recursive: true });
      for (const [path, text] of sources) writeFileSync(join(cwd, 'class', name, 'src', path), text);
    };
    for (const name of ['a-in-time', 'b-late', '=c-unknown']) submit(name, right);
    submit('nested/project', right); // as an archive is unpacked
    symlinkSync(join(cwd, 'class', 'a-in-time'), join(cwd, 'class', 'linked'));
    writeFileSync(join(cwd, 'class', 'mailed.zip'), 'PK');
    const late = { due: '2026-10-01T12:00:00Z', perDay: 0.2 };
    writeFileSync(join(cwd, 'rubric.json'), JSON.stringify({ assignment: 'linear,elu', seed: 'x', late }));
    writeFileSync(
      join(cwd, 'times.csv'),
      '\ufeff"a-in-time",2026-10-01T11:00:00Z\r\nb-late,2026-10-01T13:00:00Z\nnobody,2026-10-01T13:00:00Z\n',
    );
    const without = isolation() === 'node' ? ['--without-isolation'] : [];
    const args = ['grade', '--all', 'class', '--rubric', 'rubric.json', '--times', 'times.csv', ...without];
    const { code, stdout, stderr } = await handgrad(args, cwd);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include('in --times, but not in class: nobody');
    const rows = readFileSync(join(cwd, 'grades', 'grades.csv'), 'utf8')
      .trim()
      .split('\r\n');
    const scores = rows.slice(1).map((row) => row.split(',').slice(0, 3).join(' '));
    expect(scores).to.deep.equal([
      "'=c-unknown 35 35",
      'a-in-time 35 35',
      'b-late 28 35',
      'linked 0 35',
      'nested 35 35',
    ]);
    expect(rows.find((row) => row.startsWith("'=c"))).to.include('its time of submission is not in --times');
    expect(rows.find((row) => row.startsWith('linked'))).to.include('is not a folder (links are not followed)');
    expect(stdout).to.include('not submissions, because they are not folders of students: mailed.zip');
  });
});
