import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { gradeFolder } from '../../src/coursework/grade-folder.js';
import type { GradeReport } from '../../src/coursework/grading/grade-report.js';
import { readHidden } from '../../src/coursework/hidden-cases.js';
import { Sandbox } from '../../src/coursework/sandbox/sandbox.js';
import { filesOf } from '../../src/coursework/task-files.js';
import { temporaryFolders } from '../support/temporary.js';

const files = filesOf('elu,relu,tanh,softmax');
const right = sourcesOf(files, true);

/** A file of the right solution in which the lines of a method are other ones. */
function withBody(id: string, method: string, body: string): string {
  const text = right.get(`${id}.ts`) ?? '';
  const changed = text.replace(new RegExp(`( {2}${method}\\(.*\\{\n)(?: {4}.*\n)+`), (_, head) => `${head}${body}\n`);
  expect(changed, `${id}.ts has ${method}`).not.to.equal(text);
  return changed;
}

/** The line of a text in a file, such as `src/relu.ts:12`. */
function placeIn(id: string, source: string, text: string): string {
  const line = source.split('\n').findIndex((it) => it.includes(text)) + 1;
  expect(line, `${id}.ts contains ${text}`).to.be.greaterThan(0);
  return `(src/${id}.ts:${line})`;
}

describe('sentences of the grader name the file and the line', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox();
  });
  after(() => sandbox.close());

  function grade(sources: Iterable<readonly [string, string]>): Promise<GradeReport> {
    const folder = newFolder();
    mkdirSync(join(folder, 'src'));
    for (const [path, text] of sources) writeFileSync(join(folder, 'src', path), text);
    return gradeFolder(sandbox, folder, { files });
  }
  const saidOf = (report: GradeReport, id: string) =>
    (report.tasks.find((task) => task.id === id)?.findings ?? []).map(({ text }) => text).join('\n');

  it('of x.data.map, a missing return, an async backward and a name that is not imported', async () => {
    const relu = withBody('relu', 'forward', '    this.x = x;\n    return x.data.map((v) => Math.max(v, 0)) as any;');
    const tanh = withBody('tanh', 'forward', '    this.out = x;');
    const elu = (right.get('elu.ts') ?? '').replace('  backward(', '  async backward(');
    const softmax = withBody('softmax', 'backward', '    const y = dout;\n    return nonsense(y);');
    const unknown = withBody('softmax', 'forward', '    return tan(x);');
    const sources = new Map([...right, ['relu.ts', relu], ['tanh.ts', tanh], ['elu.ts', elu], ['softmax.ts', softmax]]);
    const report = await grade(sources);
    expect(saidOf(report, 'relu.forward'))
      .to.include('forward returned numbers without a shape, not an array. Did you use x.data.map(…)? Use map(x, …)')
      .and.include(placeIn('relu', relu, '  forward('));
    expect(saidOf(report, 'tanh.forward'))
      .to.include('forward returned undefined, not an array. Is a return missing?')
      .and.include(placeIn('tanh', tanh, '  forward('));
    expect(saidOf(report, 'elu.backward'))
      .to.include('backward returned a promise, not an array. Is the method async? Remove async and await')
      .and.include(placeIn('elu', elu, '  async backward('));
    expect(saidOf(report, 'softmax.backward'))
      .to.include('nonsense is not defined. Is the name misspelled, or its import missing?')
      .and.include(placeIn('softmax', softmax, 'nonsense(y)'));
    expect(report.tasks.filter(({ status }) => status === 'passed').map(({ id }) => id)).to.include.members([
      'elu.forward',
      'softmax.forward',
    ]);
    const other = await grade(new Map([...right, ['softmax.ts', unknown.replace('tan(x)', 'erf(x)')]]));
    expect(saidOf(other, 'softmax.forward')).to.include(placeIn('softmax', unknown, 'tan(x)'));
  });

  it('of a file that does not compile, with the column', async () => {
    const report = await grade(new Map([...right, ['relu.ts', 'export class ReLU {\n  forward(x {}\n}']]));
    expect(saidOf(report, 'relu.forward')).to.match(/^src\/relu\.ts:2:\d+: /);
  });

  it('an import of types only is allowed, also of a class that is a task', async () => {
    const head =
      "import type { ReLU as Other, NdArray as Values } from 'handgrad';\nimport { type Tanh } from 'handgrad';\n";
    const use = 'export type Used = [Other, Values, Tanh];\n';
    const relu = head + use + right.get('relu.ts');
    const report = await grade(new Map([...right, ['relu.ts', relu]]));
    expect(report.score, JSON.stringify(report.tasks)).to.equal(report.points);
    const refused = await grade(
      new Map([...right, ['relu.ts', relu.replace('import { type Tanh }', 'import { Tanh }')]]),
    );
    expect(saidOf(refused, 'relu.forward')).to.include('src/relu.ts imports Tanh from handgrad');
  });
});

describe('the sizes of hidden cases', () => {
  const newFolder = temporaryFolders();
  const read = (sizes: object) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.json'), JSON.stringify({ task: 'groupnorm.forward', sizes, seed: 's' }));
    return () => readHidden(folder, filesOf('groupnorm'));
  };

  it('may make arrays of 200,000 elements, and no larger ones', () => {
    expect(read({ N: 100, D: 200, L: 10 })()['groupnorm.forward'][0].sizes).to.deep.equal({ N: 100, D: 200, L: 10 });
    expect(read({ N: 100, D: 200, L: 11 })).to.throw(/a\.json: N · D · L must be at most 200000, got 220000/);
  });

  it('are whole numbers from 1 to 200', () => {
    for (const N of [0, -1, 201, 1e9]) expect(read({ N })).to.throw(/a\.json: "N" must be a number from 1 to 200, got/);
    expect(read({ N: 1.5 })).to.throw(/a\.json: "N" must be a whole number, got 1\.5/);
  });
});
