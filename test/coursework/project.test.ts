import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { list } from 'tar';
import { writeProject } from '../../src/coursework/assignment/project.js';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { gradeFolder } from '../../src/coursework/grade-folder.js';
import { gradeSubmission } from '../../src/coursework/grading/grade-submission.js';
import { Sandbox } from '../../src/coursework/sandbox/sandbox.js';
import { assignmentOf } from '../../src/coursework/submission.js';
import { ASSIGNMENTS, filesOf, TASK_FILES } from '../../src/coursework/task-files.js';
import { handgrad } from '../support/command.js';
import { skip } from '../support/skip.js';
import { temporaryFolders } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('handgrad assignment new', function () {
  this.timeout(300_000);
  const newFolder = temporaryFolders();
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox();
  });
  after(() => sandbox.close());

  for (const name of [...Object.keys(ASSIGNMENTS), 'dropout']) {
    it(`makes ${name}: the stubs score 0, the solution has all points`, async () => {
      const cwd = newFolder();
      for (const solution of [false, true]) {
        const folder = join(cwd, solution ? 'solved' : 'stub');
        const files = writeProject({ name, folder, solution, library: '^0.0.0', version: '0.0.0' });
        expect(assignmentOf(folder)).to.deep.equal(files);
        const { score, points, remarks } = await gradeFolder(sandbox, folder, { files });
        expect(remarks).to.deep.equal([]);
        expect(points).to.be.greaterThan(0);
        expect(score, folder).to.equal(solution ? points : 0);
      }
    });
  }

  it('every pair of files can be graded together: no solution imports what the other file withholds', async () => {
    const pairs = TASK_FILES.flatMap((a, i) => TASK_FILES.slice(i + 1).map((b) => [a, b]));
    expect(pairs.length).to.be.greaterThan(100);
    for (const files of pairs) {
      const workspace = await sandbox.open(sourcesOf(files, true), files);
      for (const file of files)
        expect(workspace.problemWith(file), `${files[0].id},${files[1].id}`).to.equal(undefined);
      workspace.close();
    }
  });

  // A file is graded by itself, in a library without what its assignment withholds. All files together withhold more than any
  // pair does. Pairs can differ from that only where one file builds on the other.
  it('all files together score 0 as stubs, and all points solved; so does every pair that builds on one another, and its upper file alone', async () => {
    const building = TASK_FILES.flatMap((file) =>
      TASK_FILES.filter(({ id }) => file.uses?.includes(id)).map((used) => [used, file]),
    );
    const alone = TASK_FILES.filter(({ uses }) => uses).map((file) => [file]);
    expect(building.length).to.be.greaterThan(2);
    for (const files of [TASK_FILES, ...building, ...alone]) {
      for (const solution of files === TASK_FILES ? [false, true] : [true]) {
        const submission = { sources: sourcesOf(files, solution), remarks: [] };
        const { score, points } = await gradeSubmission(sandbox, submission, { files });
        expect(score, files.map(({ id }) => id).join()).to.equal(solution ? points : 0);
      }
    }
  });

  it('the command makes the same projects, and grades them', async () => {
    const cwd = newFolder();
    for (const [flags, expected] of [
      [[], 0],
      [['--solution'], 30],
    ] as const) {
      const folder = `work${expected}`;
      expect((await handgrad(['assignment', 'new', 'layernorm', folder, ...flags], cwd)).code).to.equal(0);
      const { stdout } = await handgrad(['grade', folder, '--json'], cwd);
      expect(JSON.parse(stdout)).to.deep.include({ score: expected, points: 30, remarks: [] });
    }
  });

  it('keeps signatures and forward equations in the stubs, and removes bodies and derivations', () => {
    const stubs = sourcesOf(TASK_FILES, false);
    for (const file of TASK_FILES) {
      const text = stubs.get(`${file.id}.ts`) ?? '';
      for (const { title } of file.tasks) expect(text).to.include(`throw new NotImplementedError('${title}');`);
      expect(text, file.id).not.to.match(/Backward|Longrightarrow|accumulateGradients/);
    }
    expect(stubs.get('linear.ts')).to.include('X W^\\top + b').and.to.include('readonly weight: Parameter;');
    expect(stubs.get('linear.ts')).not.to.match(/matmul|addInPlace/);
  });

  it('writes stubs and solutions that compile strictly against the library', () => {
    for (const solution of [false, true]) {
      const project = newFolder();
      mkdirSync(join(project, 'src'));
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(root, join(project, 'node_modules', 'handgrad'), 'junction');
      for (const [path, text] of sourcesOf(TASK_FILES, solution)) writeFileSync(join(project, 'src', path), text);
      writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const flags = '--strict --noEmit --skipLibCheck --target es2022 --module nodenext --types node --typeRoots'.split(
        ' ',
      );
      const files = readdirSync(join(project, 'src')).map((name) => join('src', name));
      execFileSync(process.execPath, [tsc, ...flags, join(root, 'node_modules', '@types'), ...files], { cwd: project });
    }
  });

  it('puts this library into the project as a tarball, or depends on the version that --library gives', async () => {
    const cwd = newFolder();
    await handgrad(['assignment', 'new', 'layernorm', 'a'], cwd);
    const dependencyIn = (folder: string) =>
      JSON.parse(readFileSync(join(cwd, folder, 'package.json'), 'utf8')).dependencies.handgrad;
    expect(dependencyIn('a')).to.match(/^file:vendor\/handgrad-.*\.tgz$/);
    const packed = join(cwd, 'a', dependencyIn('a').slice(5));
    const names: string[] = [];
    await list({ file: packed, onReadEntry: ({ path }) => names.push(path) });
    expect(names).to.include.members(['package/package.json', 'package/lib/cli/main.js', 'package/src/layers/elu.ts']);
    await handgrad(['assignment', 'new', 'layernorm', 'b', '--library', packed], cwd);
    expect(existsSync(join(cwd, 'b', dependencyIn('b').slice(5)))).to.equal(true);
    await handgrad(['assignment', 'new', 'layernorm', 'c', '--library', '^1.2.3'], cwd);
    expect(dependencyIn('c')).to.equal('^1.2.3');
    expect(existsSync(join(cwd, 'c', 'vendor'))).to.equal(false);
  });

  it('makes a project that installs and is graded in another place, without this checkout', async function () {
    if (!process.env.HANDGRAD_THOROUGH) skip(this, 'installing packages takes a network; HANDGRAD_THOROUGH=1 does it');
    const cwd = newFolder();
    await handgrad(['assignment', 'new', 'elu', 'made', '--solution'], cwd);
    const elsewhere = join(newFolder(), 'moved');
    renameSync(join(cwd, 'made'), elsewhere);
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: elsewhere, stdio: 'ignore' });
    const said = execFileSync('npm', ['test'], { cwd: elsewhere, encoding: 'utf8' });
    expect(said).to.include('15 of 15 points: all public tests passed');
    expect(realpathSync(join(elsewhere, 'node_modules', 'handgrad'))).to.include('moved');
  });

  it('refuses bad input with a sentence, and leaves nothing behind', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'full'));
    writeFileSync(join(cwd, 'full', 'file'), '');
    for (const [args, sentence] of [
      [['perceptron', 'x'], /unknown name 'perceptron'; expected one of mlp,/],
      [['mlp', 'full'], /full already exists and is not an empty folder/],
      [['mlp', 'x', '--library', 'nowhere'], /--library nowhere: expected a version, or an existing file or folder/],
      [['mlp', 'full/file/x'], /cannot write/],
    ] as const) {
      const { code, stderr } = await handgrad(['assignment', 'new', ...args], cwd);
      expect(stderr).to.match(sentence);
      expect(code).to.equal(2);
    }
    expect(readdirSync(cwd)).to.deep.equal(['full']);
    expect(filesOf('elu,linear').map(({ id }) => id)).to.deep.equal(['linear', 'elu']); // in teaching order
  });

  it('handgrad grade --watch grades immediately, and again after a change', async () => {
    const cwd = newFolder();
    expect((await handgrad(['assignment', 'new', 'elu', 'work'], cwd)).code).to.equal(0);
    const solved = sourcesOf(filesOf('elu'), true).get('elu.ts') ?? '';
    let said = '';
    await handgrad(['grade', 'work', '--watch'], cwd, (child) => {
      child.stdout?.on('data', (text) => {
        const before = said;
        said += text;
        if (!before.includes('of 15 points') && said.includes('0 of 15 points')) {
          writeFileSync(join(cwd, 'work', 'src', 'elu.ts'), solved);
        }
        if (said.includes('15 of 15 points: all public tests passed')) child.kill();
      });
    });
    expect(said.match(/of 15 points/g)?.length).to.be.at.least(2);
    expect(said).to.include('not implemented').and.to.include('all public tests passed');
  });
});
