import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { commandFor, ISOLATIONS, isolation, useIsolation } from '../../src/coursework/sandbox/isolation.js';
import { filesOf } from '../../src/coursework/task-files.js';
import { handgrad } from '../support/command.js';
import { skip } from '../support/skip.js';
import { errorOf, temporaryFolders } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stubs = sourcesOf(filesOf('linear,elu'), false);

/** A program that prints, as JSON, what it can reach. */
const PROBE = `
const attempt = (f) => { try { return f(); } catch (error) { return error.code ?? 'refused'; } };
const found = {
  library: attempt(() => fs.readFileSync('${root}/lib/layers/linear.js', 'utf8').length),
  passwords: attempt(() => fs.readFileSync('/etc/passwd', 'utf8').length),
  home: attempt(() => fs.readdirSync('${process.env.HOME ?? '/root'}').length),
  writing: attempt(() => fs.writeFileSync('/written', '')),
  writingBeside: attempt(() => fs.writeFileSync(process.argv[1] + '.written', '')),
  shared: attempt(() => fs.writeFileSync('/dev/shm/written', '')),
  temporary: attempt(() => fs.writeFileSync('/tmp/handgrad-was-here', '')),
  processes: fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) => attempt(() => fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8')).includes('mocha')),
  environment: Object.keys(process.env).filter((name) => !['PATH', 'PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)),
  shell: attempt(() => require('node:child_process').execFileSync('/bin/sh', ['-c', 'echo in']).length),
  memory: attempt(() => { const all = []; for (let i = 0; i < 40; i++) all.push(new Uint8Array(5e7).fill(1)); return 'all of it'; }),
};
require('node:net').connect(Number(process.argv[2]), '127.0.0.1', () => done('connected')).on('error', (error) => done(error.code));
function done(network) { console.log(JSON.stringify({ ...found, network })); process.exit(); }
`;

/** The command lines of the processes that contain a text. */
function processesWith(text: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const line = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ');
      return line.includes(text) ? [line] : [];
    } catch {
      return []; // it has just ended
    }
  });
}

/** Waits up to a minute until a condition holds. */
async function eventually(holds: () => boolean, what: () => string): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await new Promise((done) => setTimeout(done, 50))) {
    if (Date.now() > end) throw new Error(`a minute later: ${what()}`);
  }
}

describe('the isolation of submissions', function () {
  this.timeout(300_000);
  const newFolder = temporaryFolders();
  const kinds = ISOLATIONS.filter((kind) => kind !== 'node');
  const works = (kind: (typeof ISOLATIONS)[number]) => {
    try {
      useIsolation(kind);
      return true;
    } catch {
      return false;
    }
  };
  const best = isolation();
  const here = kinds.filter(works);
  useIsolation(best);
  let server: Server;
  before((done) => {
    server = createServer().listen(0, '127.0.0.1', done);
  });
  after(() => server.close());

  for (const kind of here) {
    it(`${kind} alone, without Node's permission model, hides files, network and processes from a program`, () => {
      const folder = newFolder();
      const script = join(folder, 'probe.cjs');
      writeFileSync(script, `const fs = require('node:fs');${PROBE}`);
      const address = server.address();
      const port = String(typeof address === 'object' ? address?.port : 0);
      const { command, args, env } = commandFor({ readable: [script], memory: 768 * 2 ** 20 }, [script, port], kind);
      const bare = args.filter((arg) => !/^--(experimental-)?permission$|^--allow-fs/.test(arg));
      const { stdout, stderr } = spawnSync(command, bare, { env, encoding: 'utf8' });
      expect(stdout, stderr).not.to.equal('');
      const found = JSON.parse(stdout);
      expect(found).to.include({ library: 'ENOENT', passwords: 'ENOENT', home: 'ENOENT', shell: 'ENOENT' });
      for (const what of ['writing', 'writingBeside'])
        expect(found[what], what).to.be.oneOf(['EROFS', 'EACCES', 'EPERM']);
      expect(found.shared).to.be.oneOf(['ENOENT', 'EROFS', 'EACCES', 'EPERM']);
      expect(found.temporary).to.be.oneOf(['ENOENT', 'EROFS', 'EACCES']);
      expect(found.processes).not.to.include(true);
      expect(found.environment).to.deep.equal([]);
      expect(found.memory).not.to.equal('all of it');
      expect(found.network).not.to.equal('connected');
      expect(existsSync('/tmp/handgrad-was-here')).to.equal(false);
    });
  }

  it('lets Node read the packages beside each readable folder, once each: old versions look there and fail if they may not', () => {
    const readable = ['/box/node_modules', '/box/kit/node_modules', '/box/kit/submissions/one'];
    const { args } = commandFor({ readable, memory: 768 * 2 ** 20 }, [], 'node');
    const allowed = args.flatMap((arg) => /^--allow-fs-read=(.*)$/.exec(arg)?.[1] ?? []);
    expect(allowed).to.deep.equal([...readable, '/box/kit/submissions/node_modules'].map((path) => join(path, '*')));
  });

  /** A submission with a given Linear. */
  function submission(linear: string): string {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'work', 'src'), { recursive: true });
    mkdirSync(join(cwd, 'scratch'), { mode: 0o755 });
    for (const [path, text] of stubs) writeFileSync(join(cwd, 'work', 'src', path), text);
    writeFileSync(join(cwd, 'work', 'src', 'linear.ts'), linear);
    return cwd;
  }

  for (const [signal, linear, what] of [
    ['SIGKILL', 'for (;;);', 'an endless loop'],
    ['SIGKILL', 'setInterval(() => {}, 1000); await new Promise(() => {});', 'sleep'],
    ['SIGINT', 'for (;;);', 'an endless loop'],
    ['SIGTERM', 'for (;;);', 'an endless loop'],
  ] as const) {
    it(`${signal} for the grader ends a submission in ${what}, and leaves no folder behind`, async function () {
      if (process.platform !== 'linux') skip(this, 'processes are found in /proc, which only Linux has');
      const cwd = submission(linear);
      const args = [join(root, 'lib/cli/main.js'), 'grade', 'work', '--assignment', 'linear,elu'];
      const env = { ...process.env, TMPDIR: join(cwd, 'scratch') };
      const grader = spawn(process.execPath, args, { cwd, env, stdio: 'ignore' });
      // The first process is the sandbox's own test.
      const running = () =>
        processesWith(`${cwd}/scratch`).filter((line) => line.includes('/submissions/2-linear/src'));
      await eventually(
        () => running().length > 0,
        () => 'no submission is running',
      );
      await new Promise((done) => setTimeout(done, 500)); // well into its loop
      expect(running()).not.to.deep.equal([]);
      const ended = new Promise((done) => grader.once('exit', done));
      grader.kill(signal);
      await ended;
      await eventually(
        () => processesWith(`${cwd}/scratch`).length === 0 && readdirSync(join(cwd, 'scratch')).length === 0,
        () => [...processesWith(`${cwd}/scratch`), ...readdirSync(join(cwd, 'scratch'))].join('\n'),
      );
    });
  }

  it('a submission that exceeds its time limit leaves no process and no folder behind', async function () {
    if (process.platform !== 'linux') skip(this, 'processes are found in /proc, which only Linux has');
    const cwd = submission('for (;;);');
    writeFileSync(join(cwd, 'rubric.json'), '{ "assignment": "linear,elu", "seed": "x", "timeLimit": 1 }');
    const env = { ...process.env, TMPDIR: join(cwd, 'scratch') };
    const args = [join(root, 'lib/cli/main.js'), 'grade', 'work', '--rubric', 'rubric.json', '--json'];
    const { stdout } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
    expect(stdout).to.include('did not finish within');
    await eventually(
      () => processesWith(`${cwd}/scratch`).length === 0 && readdirSync(join(cwd, 'scratch')).length === 0,
      () => processesWith(`${cwd}/scratch`).join('\n'),
    );
  });

  it('with isolation by Node alone, a class needs --without-isolation, and the report of one submission says so', async () => {
    const cwd = submission(`process.kill?.(process.ppid, 'SIGKILL');\nexport class Linear {}`);
    writeFileSync(join(cwd, 'rubric.json'), '{ "assignment": "linear,elu", "seed": "x" }');
    mkdirSync(join(cwd, 'class'));
    mkdirSync(join(cwd, 'class', 'one', 'src'), { recursive: true });
    const elu = sourcesOf(filesOf('elu'), true).get('elu.ts') ?? '';
    for (const folder of ['class/one', 'work']) writeFileSync(join(cwd, folder, 'src', 'elu.ts'), elu);
    const grading = ['--rubric', 'rubric.json', '--isolation', 'node'];
    const refused = await handgrad(['grade', '--all', 'class', ...grading], cwd);
    expect(refused.stderr).to.match(
      /grade --all: this system isolates submissions only with the permission model .* --without-isolation/,
    );
    expect(refused.code).to.equal(2);
    expect(existsSync(join(cwd, 'grades'))).to.equal(false);
    const told = await handgrad(['grade', '--all', 'class', ...grading, '--without-isolation', '--json'], cwd);
    expect(JSON.parse(told.stdout)).to.deep.include({ isolation: 'node' });
    expect(JSON.parse(told.stdout).submissions[0]).to.include({ name: 'one', score: 15 });
    const one = await handgrad(['grade', 'work', ...grading], cwd);
    expect(one.stdout).to.include('15 of 35 points').and.to.include('isolated by the permission model of Node alone');
  });

  it('refuses an isolation that is unknown or does not work here, by its name', async () => {
    const absent = kinds.find((kind) => !here.includes(kind));
    if (absent)
      expect((await errorOf(() => useIsolation(absent))).message).to.include(`--isolation ${absent}: it does not work`);
    const { stderr, code } = await handgrad(['grade', '.', '--isolation', 'walls'], newFolder());
    expect(stderr).to.include("argument 'walls' is invalid. Allowed choices are auto, bubblewrap, namespaces, node");
    expect(code).to.equal(2);
    useIsolation(best);
  });

  it('a submission runs even with a umask that lets only the owner read files', async function () {
    if (process.platform === 'win32') skip(this, 'Windows has no umask');
    const cwd = newFolder();
    mkdirSync(join(cwd, 'work', 'src'), { recursive: true });
    for (const [path, text] of sourcesOf(filesOf('elu'), true)) writeFileSync(join(cwd, 'work', 'src', path), text);
    const script = `umask 077; exec "$@"`;
    const grade = [process.execPath, join(root, 'lib/cli/main.js'), 'grade', 'work', '--assignment', 'elu', '--json'];
    const { stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', ...grade], { cwd, encoding: 'utf8' });
    expect(JSON.parse(stdout), stderr).to.deep.include({ score: 15, points: 15 });
  });
});
