import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { DOMParser } from 'linkedom';
import { writeProject } from '../../src/coursework/assignment/project.js';
import { FORMATS, type Format, formatted } from '../../src/coursework/formats/index.js';
import { gradeOrFail } from '../../src/coursework/grade-folder.js';
import { readHidden } from '../../src/coursework/hidden-cases.js';
import { readRubric } from '../../src/coursework/rubric.js';
import { Sandbox } from '../../src/coursework/sandbox/sandbox.js';
import { handgrad } from '../support/command.js';
import { temporaryFolders } from '../support/temporary.js';
import { AUTOLAB, CLASSROOM50, GRADESCOPE, problemsOf } from './schemas.js';

const RUBRIC = {
  assignment: 'linear,elu',
  seed: 'of the teacher',
  timeLimit: 1,
  tasks: { 'linear.backward': { points: 25 }, 'elu.forward': { visibility: 'hidden' } },
  late: { due: '2026-01-01T12:00:00Z', graceHours: 1, perDay: 0.1, most: 0.5 },
};
/** A hidden case with a single input, which no public case has. */
const HIDDEN = { task: 'linear.backward', name: 'one input', sizes: { N: 2, D: 1, M: 3 }, seed: 'hidden' };

/** The score of each submission, of 45 points. Only `solved` has a finished elu.ts. */
const SCORES: Record<string, number> = { stub: 0, solved: 45, broken: 0, hanging: 0, leaving: 0, empty: 0, absent: 0 };

/** What is wrong with a JUnit file: its counts must be those of what is in it. */
function problemsOfJunit(xml: string): string[] {
  const suites = new DOMParser().parseFromString(xml, 'text/xml').querySelectorAll('testsuite');
  if (suites.length !== 1) return ['not one testsuite'];
  const count = (what: string) => String(suites[0].querySelectorAll(what).length);
  const same =
    suites[0].getAttribute('tests') === count('testcase') && suites[0].getAttribute('failures') === count('failure');
  return same && count('testcase') === '4' ? [] : ['its counts are wrong'];
}

/** Submissions of every kind, a rubric and a hidden case. */
function writeCourse(folder: string): void {
  for (const name of ['stub', 'solved', 'broken', 'hanging', 'leaving']) {
    const target = { folder: join(folder, name), solution: name === 'solved' };
    writeProject({ ...target, name: 'linear,elu', version: '0.0.0' });
  }
  writeFileSync(join(folder, 'broken', 'src', 'linear.ts'), 'export class Linear {{{');
  writeFileSync(join(folder, 'hanging', 'src', 'linear.ts'), 'for (;;);');
  writeFileSync(join(folder, 'leaving', 'src', 'linear.ts'), 'process.exit(0);');
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'hidden'));
  writeFileSync(join(folder, 'hidden', 'a.json'), JSON.stringify(HIDDEN));
  writeFileSync(join(folder, 'rubric.json'), JSON.stringify(RUBRIC));
}

describe('handgrad grade for teachers', function () {
  this.timeout(600_000);
  const newFolder = temporaryFolders();
  const template = realpathSync(mkdtempSync(join(tmpdir(), 'handgrad-test-')));
  before(() => writeCourse(template));
  after(() => rmSync(template, { recursive: true, force: true }));

  function course(): string {
    const cwd = newFolder();
    cpSync(template, cwd, { recursive: true });
    return cwd;
  }

  const VALID: Record<Format, (text: string) => string[]> = {
    gradescope: (text) => problemsOf(JSON.parse(text), GRADESCOPE),
    classroom50: (text) => problemsOf(JSON.parse(text), CLASSROOM50),
    autolab: (text) => problemsOf(JSON.parse(text.trimEnd().split('\n').at(-1) ?? ''), AUTOLAB),
    junit: problemsOfJunit,
    json: (text) => (JSON.parse(text).tasks.length === 4 ? [] : ['not four tasks']),
    text: (text) => (/of 45 points/.test(text) ? [] : ['no sum']),
  };
  const MOMENT = '2026-01-01T12:30:00Z';

  it('a result is valid in every format, for every kind of submission', async () => {
    const cwd = course();
    const rubric = readRubric(join(cwd, 'rubric.json'));
    const settings = { files: rubric.files, rubric, hidden: readHidden(join(cwd, 'hidden'), rubric.files) };
    const sandbox = new Sandbox();
    try {
      for (const [name, expected] of Object.entries(SCORES)) {
        const report = await gradeOrFail(sandbox, join(cwd, name), settings, new Date(MOMENT));
        expect([report.score, report.points], name).to.deep.equal([expected, 45]);
        expect(report.tasks.length, name).to.equal(4);
        for (const format of FORMATS) {
          expect(VALID[format](formatted(report, format)), `${name}.${format}`).to.deep.equal([]);
        }
      }
    } finally {
      sandbox.close();
    }
  });

  it('writes a valid results file, once in every format and once for every submission', async () => {
    const cwd = course();
    const grading = ['--rubric', 'rubric.json', '--hidden', 'hidden', '--submitted-at', MOMENT];
    const grade = async ([i, name]: [number, string]) => {
      const format = FORMATS[i % FORMATS.length];
      const out = `${name}.${format}`;
      const { code, stderr } = await handgrad(['grade', name, ...grading, '--format', format, '--out', out], cwd);
      expect(code, `${out} ${stderr}`).to.equal(format === 'text' && SCORES[name] < 45 ? 1 : 0);
      expect(VALID[format](readFileSync(join(cwd, out), 'utf8')), out).to.deep.equal([]);
    };
    await Promise.all([...Object.keys(SCORES).entries()].map(grade));
  });

  it('takes points, visibility and lateness from the rubric', async () => {
    const cwd = course();
    const late = ['--rubric', 'rubric.json', '--submitted-at', '2026-01-03T14:00:00Z', '--format', 'gradescope'];
    const { score, tests } = JSON.parse((await handgrad(['grade', 'solved', ...late], cwd)).stdout);
    expect(score).to.equal(31.5); // 45 points, three days begun after the hour of grace: 30 % off
    expect(tests.find(({ name }: { name: string }) => name === 'elu.forward').visibility).to.equal('hidden');
    expect(tests.find(({ name }: { name: string }) => name === 'linear.backward').max_score).to.equal(25);
  });

  it('finds a mistake with a hidden case that the public cases miss, and tells only the teacher', async () => {
    const cwd = course();
    const path = join(cwd, 'solved', 'src', 'linear.ts');
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(
        'return matmul(dout, this.weight.value);',
        'return matmul(this.inFeatures === 1 ? transpose(transpose(matmul(dout, transpose(transpose(dout))))) : dout, this.weight.value);',
      ),
    );
    const pub = await handgrad(['grade', 'solved'], cwd);
    expect(pub.stdout).to.include('all public tests passed');
    const args = ['grade', 'solved', '--rubric', 'rubric.json', '--hidden', 'hidden', '--format', 'gradescope'];
    const { tests } = JSON.parse((await handgrad(args, cwd)).stdout);
    const visible = tests.filter(({ visibility }: { visibility: string }) => visibility === 'visible');
    expect(JSON.stringify(visible)).not.to.include('one input');
    expect(JSON.stringify(tests)).to.include('one input');
  });

  it('packs Gradescope’s zip with setup.sh and run_autograder at its root', async () => {
    const cwd = course();
    const args = ['assignment', 'gradescope', '--rubric', 'rubric.json', '--hidden', 'hidden', '--out', 'a.zip'];
    expect((await handgrad(args, cwd)).code).to.equal(0);
    const files = unzipSync(readFileSync(join(cwd, 'a.zip')));
    expect(Object.keys(files)).to.include.members([
      'setup.sh',
      'run_autograder',
      'rubric.json',
      'hidden/a.json',
      'handgrad/lib/cli/main.js',
      'handgrad/src/layers/linear.ts',
    ]);
    expect(Buffer.from(files.run_autograder).toString()).to.match(/^#!\/usr\/bin\/env bash\n/);
  });

  it('refuses bad input with a sentence that names it, with exit code 2, and writes nothing', async () => {
    const cwd = course();
    const bad = (rubric: object) => writeFileSync(join(cwd, 'bad.json'), JSON.stringify(rubric));
    const marked = ['grade', 'solved', '--rubric', 'bad.json'];
    for (const [rubric, args, sentence] of [
      [{}, marked, /bad\.json: "assignment" must be a name/],
      [{ ...RUBRIC, seed: '' }, marked, /bad\.json: "seed" must be a text/],
      [{ ...RUBRIC, points: 3 }, marked, /bad\.json: the rubric: unknown key "points"/],
      [{ ...RUBRIC, timeLimit: 'x' }, marked, /"timeLimit" must be a number from 0.1/],
      [{ ...RUBRIC, tasks: { linear: {} } }, marked, /"tasks": unknown key "linear"; expected linear\.forward/],
      [{ ...RUBRIC, late: { due: 'tomorrow' } }, marked, /"due" must be a time with a time zone/],
      [{}, ['grade', 'nowhere'], /nowhere\/assignment\.json: cannot read this file/],
      [
        { ...RUBRIC, tasks: { 'elu.forward': { timeLimit: 0 } } },
        marked,
        /"timeLimit" of "elu.forward" must be a number/,
      ],
      [
        {},
        ['grade', 'solved', '--format', 'gradescope'],
        /grade --format gradescope: expected --rubric or --assignment/,
      ],
      [
        {},
        ['grade', 'solved', '--watch', '--format', 'junit', '--assignment', 'elu'],
        /--watch: expected one submission/,
      ],
      [{}, ['grade', '--all', '.', '--rubric', 'rubric.json'], /the rubric has a late policy; expected --times/],
      [
        {},
        ['grade', '--all', '.', '--assignment', 'elu', '--out', './grades'],
        /--out .*grades: expected a folder outside \./,
      ],
      [{}, ['grade', 'solved', '--only', 'relu'], /--only relu: unknown task; expected one of linear/],
      [{}, ['grade', 'solved', '--about', 'x=1'], /--about x=1: expected KEY=VALUE/],
      [{}, ['grade'], /expected the folder of a submission, or --all/],
      [{}, ['grade', '--all', 'solved'], /expected --rubric or --assignment/],
      [{}, ['grade', '--all', 'solved', '--assignment', 'elu'], /--all solved: this is one submission/],
      [{}, ['assignment', 'run', 'nothing.ts'], /nothing\.ts does not exist/],
      [{}, ['grade', 'solved', '--hidden', 'nowhere'], /nowhere: cannot read this folder/],
      [
        {},
        ['grade', 'solved', '--out', 'no/such/file', '--format', 'json'],
        /--out no\/such\/file: cannot write this file/,
      ],
    ] as const) {
      bad(rubric);
      const { code, stderr } = await handgrad(args, cwd);
      expect(stderr).to.match(sentence);
      expect(code).to.equal(2);
    }
    expect(readdirSync(cwd).sort()).to.deep.equal([
      'bad.json',
      'broken',
      'empty',
      'hanging',
      'hidden',
      'leaving',
      'rubric.json',
      'solved',
      'stub',
    ]);
  });
});
