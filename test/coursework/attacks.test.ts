import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { gradeFolder } from '../../src/coursework/grade-folder.js';
import type { GradeReport } from '../../src/coursework/grading/grade-report.js';
import { readRubric } from '../../src/coursework/rubric.js';
import { ISOLATIONS, isolation, useIsolation } from '../../src/coursework/sandbox/isolation.js';
import { Sandbox } from '../../src/coursework/sandbox/sandbox.js';
import { filesOf } from '../../src/coursework/task-files.js';
import { ATTACKS, type Attack } from './attacks.js';

const LIBRARY = fileURLToPath(new URL('../..', import.meta.url));
const files = filesOf('linear');
const SOLUTION = join(LIBRARY, 'lib/layers/linear.js');
const solution = readFileSync(SOLUTION, 'utf8');
const honestRubric = { files, seed: 'secret', points: {}, visibility: {}, timeLimit: 10, timeLimits: {} };
const right = sourcesOf(files, true);

/** How many attacks run at a time: some of them sleep until their limit. */
const LANES = 3;
/** One honest submission is graded after this many attacks of a lane. */
const HONEST_EVERY = 5;

describe('a hostile submission gains no points and harms nobody', function () {
  this.timeout(180_000);
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'handgrad-test-')));
  const attacked: Promise<{ report: GradeReport; class: ReturnType<typeof newClass> }>[] = [];
  const honest: Promise<GradeReport>[] = [];
  let sandbox: Sandbox;
  let server: Server;
  let connections = 0;
  let classes = 0;
  before(async () => {
    // HANDGRAD_ISOLATION=node tests another isolation than the best one.
    const kind = ISOLATIONS.find((name) => name === process.env.HANDGRAD_ISOLATION);
    if (kind) useIsolation(kind);
    sandbox = new Sandbox();
    server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    process.env.HANDGRAD_SECRET = 'secret';
    startAttacks();
  });
  after(() => {
    sandbox.close();
    server.close();
    rmSync(home, { recursive: true, force: true });
    delete process.env.HANDGRAD_SECRET;
  });

  /** Starts all attacks. Each lane runs one at a time, with an honest submission after every few. */
  function startAttacks(): void {
    const lanes = Array.from({ length: LANES }, () => Promise.resolve<unknown>(undefined));
    for (const [i, attack] of ATTACKS.entries()) {
      const lane = i % LANES;
      const then = <T>(job: () => Promise<T>) => {
        const result = lanes[lane].then(job);
        lanes[lane] = result.catch(() => {}); // the test that awaits it fails
        return result;
      };
      const attackers = newClass(attack);
      const { folder, rubric, paths } = attackers;
      const { only } = attackers;
      const settings = { files: rubric.files, rubric, only };
      attacked.push(
        then(async () => ({
          report: await gradeFolder(sandbox, join(folder, 'attacker'), settings),
          class: attackers,
        })),
      );
      const isLast = i >= ATTACKS.length - LANES;
      if (isLast || Math.floor(i / LANES) % HONEST_EVERY === 0) {
        const only = isLast ? undefined : ['linear.backward']; // the task that is attacked
        honest.push(then(() => gradeFolder(sandbox, paths.OTHER, { files, rubric: honestRubric, only })));
      }
    }
  }

  /** A class of one attacker and one honest student, and what grades them. */
  function newClass({ linear, files: more = {}, assignment, only, timeLimit = 1 }: Attack) {
    const folder = join(home, String(++classes));
    const paths = {
      RUBRIC: join(folder, 'rubric.json'),
      HIDDEN: join(folder, 'hidden', 'a.json'),
      OTHER: join(folder, 'honest'),
    };
    const write = (path: string, text: string) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    };
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const filled = (text: string) =>
      text
        .replaceAll('RUBRIC', paths.RUBRIC)
        .replaceAll('HIDDEN', paths.HIDDEN)
        .replaceAll('OTHER', paths.OTHER)
        .replaceAll('LIBRARY', LIBRARY)
        .replaceAll("'HOME", `'${homedir()}`)
        .replaceAll('PORT', String(port));
    write(paths.RUBRIC, JSON.stringify({ assignment: assignment ?? 'linear', seed: 'secret', timeLimit }));
    write(paths.HIDDEN, '{ "task": "linear.forward", "seed": "secret" }');
    for (const [path, text] of right) write(join(paths.OTHER, 'src', path), text);
    write(join(folder, 'attacker', 'src', 'nothing.ts'), '');
    if (linear !== undefined) write(join(folder, 'attacker', 'src', 'linear.ts'), filled(linear));
    for (const [path, text] of Object.entries(more)) write(join(folder, 'attacker', 'src', path), text);
    const tasks = only ?? (assignment ? undefined : ['linear.backward']);
    return { folder, rubric: readRubric(paths.RUBRIC), paths, only: tasks };
  }

  for (const [i, attack] of ATTACKS.entries()) {
    it(attack.name, async () => {
      const { report, class: attackers } = await attacked[i];
      const { rubric, paths, only } = attackers;
      const said = JSON.stringify(report, null, 1);
      const earned = report.tasks.filter(({ score }) => score > 0).map(({ id, score }) => [id, score]);
      expect(Object.fromEntries(earned), said).to.deep.equal(attack.earns ?? {});
      const tasks = rubric.files.flatMap((file) => file.tasks).filter(({ id }) => !only || only.includes(id));
      expect(report.points).to.equal(tasks.reduce((sum, { points }) => sum + points, 0));
      const isOpen = attack.network && isolation() === 'node';
      expect(said).not.to.match(isOpen ? /secret/ : /GOT|secret/);
      expect(said.length, 'the length of the report').to.be.lessThan(20_000);
      expect(said).not.to.match(/\\u001b|\\r|\u202e/);
      if (attack.says) expect(said).to.match(attack.says);
      if (isolation() !== 'node') expect(connections, 'connections').to.equal(0); // Node does not forbid them
      expect(existsSync('/tmp/handgrad-was-here')).to.equal(false);
      expect(readFileSync(paths.RUBRIC, 'utf8')).to.include('secret');
      expect(readFileSync(SOLUTION, 'utf8')).to.equal(solution);
    });
  }

  it('an honest submission keeps full marks, between the attacks and after the last', async () => {
    expect(honest.length).to.be.at.least(ATTACKS.length / (HONEST_EVERY + 1));
    const reports = await Promise.all(honest);
    for (const { score, points, tasks } of reports) expect(score, JSON.stringify(tasks)).to.equal(points);
    expect(reports.map(({ points }) => points)).to.include.members([15, 20]);
  });

  it('finds the modules that the attacks use: they are there, and refused', async () => {
    const linear = `import { NotImplementedError } from 'handgrad';
const names = ['node:fs', 'node:child_process', 'node:worker_threads', 'node:net', 'node:dns', 'node:os'];
console.log('HAS', names.filter((name) => (process as any).getBuiltinModule(name)).length, typeof process.exit);
export class Linear { constructor() { throw new NotImplementedError('Linear'); } }`;
    const { folder, rubric } = newClass({ name: '', linear });
    const report = await gradeFolder(sandbox, join(folder, 'attacker'), { files, rubric });
    expect(report.printed).to.include('HAS 6 function');
    expect(ATTACKS.length).to.be.at.least(105);
  });

  it('what a submission prints does not reveal the hidden cases', async () => {
    const { rubric, paths } = newClass({ name: '' });
    const path = join(paths.OTHER, 'src', 'linear.ts');
    const telling =
      "forward(x: NdArray): NdArray {\n    console.log('SEEN', (globalThis as any).seen = ((globalThis as any).seen ?? '') + ' ' + x.shape);";
    writeFileSync(path, readFileSync(path, 'utf8').replace('forward(x: NdArray): NdArray {', telling));
    const hidden = { 'linear.forward': [{ name: 'one', hidden: true, sizes: { N: 2, D: 41, M: 3 } }] };
    const report = await gradeFolder(sandbox, paths.OTHER, { files, rubric, hidden });
    expect(report.score, JSON.stringify(report.tasks)).to.equal(20);
    expect(report.printed).to.include('SEEN  3,5').and.not.to.include('41');
  });

  it('what takes time in hidden cases does not show in the published times', async () => {
    const { rubric, paths } = newClass({ name: '' });
    const path = join(paths.OTHER, 'src', 'linear.ts');
    const sleeping =
      'forward(x: NdArray): NdArray {\n    if (x.shape[1] === 41) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);';
    writeFileSync(path, readFileSync(path, 'utf8').replace('forward(x: NdArray): NdArray {', sleeping));
    const hidden = { 'linear.forward': [{ name: 'one', hidden: true, sizes: { N: 2, D: 41, M: 3 } }] };
    const start = performance.now();
    const report = await gradeFolder(sandbox, paths.OTHER, { files, rubric, hidden });
    const took = (performance.now() - start) / 1000;
    expect(report.score, JSON.stringify(report.tasks)).to.equal(20);
    expect(took - report.seconds).to.be.at.least(3);
    const times = report.tasks.reduce((total, { milliseconds }) => total + milliseconds, 0);
    expect(times / 1000).to.be.at.most(report.seconds + 0.1);
  });

  it('links out of the folder of a submission are not followed', async () => {
    const { folder, rubric, paths } = newClass({ name: '' });
    for (const [path, to] of [
      ['linear.ts', join(paths.OTHER, 'src', 'linear.ts')],
      ['all', paths.OTHER],
    ]) {
      const link = join(folder, 'linked', 'src', path);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(to, link);
    }
    const report = await gradeFolder(sandbox, join(folder, 'linked'), { files, rubric });
    expect(report.score).to.equal(0);
    expect(report.remarks).to.include('src/linear.ts was skipped: it is a link, and links are not followed');
  });
});
