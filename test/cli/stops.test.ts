import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { array, encodeNpy, encodeNpz, Random, zeros } from '../../src/index.js';
import { handgrad } from '../support/command.js';
import { skip } from '../support/skip.js';
import { temporaryFolders } from '../support/temporary.js';
import { hasTerminal } from '../support/terminal.js';

const main = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));

// On 60 images, a run of a few minutes.
const TRAIN =
  'train --dataset set.npz --hidden 8 --batch-size 10 --max-steps 1000000 --eval-every 100 --checkpoint-every 50 --out run --threads 1';

describe('a command that is stopped from outside', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  /** A folder with a small set of images. */
  function withImages(): string {
    const folder = newFolder();
    const rng = new Random('images');
    const images = (count: number) =>
      array(
        Float64Array.from({ length: 16 * count }, () => Math.floor(256 * rng.next())),
        [count, 4, 4],
      );
    const labels = (count: number) =>
      array(
        Float64Array.from({ length: count }, (_, i) => i % 2),
        [count],
      );
    const set = { x_train: images(60), y_train: labels(60), x_test: images(20), y_test: labels(20) };
    writeFileSync(join(folder, 'set.npz'), encodeNpz(set));
    return folder;
  }

  function shell(command: string, cwd: string): string {
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', command.replaceAll('handgrad', `"${process.execPath}" "${main}"`)],
      {
        cwd,
        encoding: 'utf8',
        timeout: 50_000,
      },
    );
    return stdout + stderr;
  }

  /** Calls a function once, when a run has printed its first evaluation. */
  function atFirstEvaluation(act: (child: ChildProcess) => void) {
    let done = false;
    return (child: ChildProcess) =>
      child.stdout?.on('data', (text) => {
        if (done || !String(text).includes(' 100/1000000')) return;
        done = true;
        act(child);
      });
  }

  it('train | head stops the run with exit code 130, a checkpoint and no lock; --resume continues it', () => {
    const cwd = withImages();
    const first = shell(`handgrad ${TRAIN} | head -1; echo "exit code \${PIPESTATUS[0]}"`, cwd);
    expect(first)
      .to.match(/^training .*\nexit code 130\n/)
      .and.not.include('\n    at ');
    expect(readdirSync(join(cwd, 'run')))
      .to.include.members(['checkpoints', 'history.json'])
      .and.not.include('.lock');
    const second = shell(`handgrad train --resume run | head -1; echo "exit code \${PIPESTATUS[0]}"`, cwd);
    expect(second).to.match(/^resuming at step \d+ of 1000000\nexit code 130\n/);
  });

  it('a full disk behind stdout is a sentence and exit code 2, for every kind of output', () => {
    const cwd = withImages();
    for (const command of [TRAIN, 'check linear', 'check linear --json', 'data set.npz --json', '--help']) {
      const text = shell(`handgrad ${command} > /dev/full; echo "exit code $?"`, cwd);
      expect(text, command)
        .to.match(/exit code 2\n/)
        .and.match(/handgrad: .*ENOSPC/);
      expect(text, command).not.to.include('\n    at ');
    }
    expect(readdirSync(join(cwd, 'run'))).not.to.include('.lock');
  });

  it('a limit of file descriptors below what loading the command takes is a sentence and exit code 2', () => {
    const cwd = newFolder();
    for (const limit of [20, 40, 128]) {
      const text = shell(`ulimit -n ${limit}; handgrad check elu; echo "exit code $?"`, cwd);
      const expected =
        limit === 128
          ? /3 of 3 gradients pass\nexit code 0\n$/
          : /^exit code 2\nhandgrad: too many files are open; raise the limit with ulimit -n\n$/;
      expect(text, `ulimit -n ${limit}`).to.match(expected);
    }
  });

  it('a closed pipe gives no stack trace in any command, and exit code 130 or that of its finished work', () => {
    const cwd = withImages();
    shell('handgrad train --dataset set.npz --hidden 8 --batch-size 10 --max-steps 20 --eval-every 10 --out done', cwd);
    const missing = 'grade nothing.ts';
    for (const [command, codes] of [
      ['check', '0|130'],
      ['data set.npz', '0|130'],
      ['evaluate done', '0|130'],
      ['predict done set.npz', '0|2|130'],
      [missing, '2'],
      ['experiment', '0|2|130'],
      ['assignment --help', '0|130'],
    ]) {
      const text = shell(`handgrad ${command} 2>&1 | true; echo "exit code \${PIPESTATUS[0]}"`, cwd);
      expect(text, command).to.match(new RegExp(`^exit code (${codes})\n$`));
    }
  });

  it('SIGHUP ends a run as SIGTERM does', async () => {
    const cwd = withImages();
    for (const signal of ['SIGHUP', 'SIGTERM'] as const) {
      const { code, stderr } = await handgrad(
        [...TRAIN.split(' '), '--force'],
        cwd,
        atFirstEvaluation((child) => child.kill(signal)),
      );
      expect([code, stderr.replace(/\d+/, 'N')]).to.deep.equal([130, 'handgrad: interrupted after step N\n']);
      expect(JSON.parse(readFileSync(join(cwd, 'run', 'history.json'), 'utf8')).stopped.reason).to.equal('interrupted');
    }
  });

  it('SIGHUP does not stop a run under nohup', () => {
    const text = shell(
      `nohup handgrad ${TRAIN.replace('1000000', '1000')} > log 2>&1 & run=$!; ` +
        `until grep -q '100/1000' log; do sleep 0.05; done; kill -HUP $run; wait $run; echo "exit code $?"; cat log`,
      withImages(),
    );
    expect(text)
      .to.match(/^exit code 0\n/)
      .and.include('1000/1000');
  });

  it('a run whose folder is removed says so, stops with exit code 2, and does not make it again', async () => {
    const cwd = withImages();
    const run = join(cwd, 'run');
    const { code, stderr } = await handgrad(
      TRAIN.split(' '),
      cwd,
      atFirstEvaluation(() => renameSync(run, join(cwd, 'elsewhere'))),
    );
    expect(stderr).to.match(/^handgrad: .*run\S* (was removed|cannot be written).*\n$/);
    expect([code, existsSync(run)]).to.deep.equal([2, false]);
  });

  it('the second of two processes that resume a run is told', async () => {
    const cwd = withImages();
    await handgrad(
      TRAIN.split(' '),
      cwd,
      atFirstEvaluation((child) => child.kill('SIGKILL')),
    );
    let second: ReturnType<typeof handgrad> | undefined;
    const first = await handgrad(['train', '--resume', 'run'], cwd, (child) =>
      child.stdout?.on('data', () => {
        second ??= handgrad(['train', '--resume', 'run'], cwd).finally(() => child.kill('SIGINT'));
      }),
    );
    expect(first.code).to.equal(130);
    const refused = await second;
    expect(refused?.stderr).to.match(/^handgrad: .*run is in use by another run \(process \d+\); wait until it ends/);
    expect([refused?.code, refused?.stdout]).to.deep.equal([2, '']);
  });

  it('a signal ends every other command with exit code 130 and a sentence, and leaves nothing behind', async function () {
    if (process.platform !== 'linux') skip(this, 'this test reads /proc');
    this.timeout(240_000);
    const cwd = withImages();
    const server = createServer(() => {}).listen(0); // a registry that never answers
    await once(server, 'listening');
    const registry = `http://localhost:${(server.address() as AddressInfo).port}/`;
    shell('handgrad train --dataset set.npz --hidden 8 --batch-size 10 --max-steps 20 --eval-every 10 --out done', cwd);
    shell('handgrad assignment new elu class/first --solution; cp -r class/first class/second', cwd);
    writeFileSync(join(cwd, 'image.npy'), encodeNpy(zeros([1, 4, 4])));
    const before = filesIn(cwd);
    for (const [command, running] of [
      ['check --shapes 100000', isWatching],
      ['data mnist --data-dir fetched', hasChildren],
      ['evaluate done', isWatching],
      ['predict done image.npy --out picture.svg', isWatching],
      ['grade class/first', hasChildren],
      ['grade --all class --assignment elu', hasChildren],
    ] as const) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        let children: number[] = [];
        const env = { ...process.env, npm_config_registry: registry, npm_config_fetch_retries: '0' };
        const child = spawn(process.execPath, [main, ...command.split(' ')], { cwd, env });
        let stderr = '';
        child.stderr.on('data', (text) => {
          stderr += text;
        });
        const closed = once(child, 'close');
        await until(() => running(child.pid ?? 0));
        children = childrenOf(child.pid ?? 0);
        child.kill(signal);
        const [code] = await closed;
        expect([code, stderr], `${command} ${signal}`).to.deep.equal([130, 'handgrad: interrupted\n']);
        await until(() => !children.some(isAlive));
        rmSync(join(cwd, 'grades'), { recursive: true, force: true }); // an empty folder that was made and tried first
        expect(filesIn(cwd), `${command} ${signal}`).to.deep.equal(before);
      }
    }
    server.closeAllConnections();
    server.close();
  });

  it('Ctrl-C while a class is graded leaves a terminal with its cursor and with lines that wrap', async function () {
    if (!hasTerminal) skip(this, 'this test needs a pseudo-terminal: the command script of Linux');
    const cwd = newFolder();
    shell('handgrad assignment new elu class/a --solution; for x in b c d; do cp -r class/a class/$x; done', cwd);
    const grade = `"${process.execPath}" "${main}" grade --all class --assignment elu --jobs 1`;
    const [code, text] = await pressedCtrlC(grade, cwd, 1);
    expect(code).to.equal(130);
    expect(text).to.include('handgrad: interrupted');
    expectRestored(text);
  });

  it('a second Ctrl-C leaves a terminal with its cursor and with lines that wrap', async function () {
    if (!hasTerminal) skip(this, 'this test needs a pseudo-terminal: the command script of Linux');
    const cwd = withImages();
    const train = `"${process.execPath}" "${main}" ${TRAIN.replace('--batch-size 10', '--batch-size 60')}`;
    const [code, text] = await pressedCtrlC(train, cwd, 2);
    expect(code).to.equal(130);
    expectRestored(text);
  });

  /** Runs a command on a terminal, and presses Ctrl-C when its progress bar is there. */
  async function pressedCtrlC(command: string, cwd: string, times: number): Promise<[code: unknown, text: string]> {
    const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    let text = '';
    let pressed = false;
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (pressed || !text.includes('\x1b[?25l')) return;
      pressed = true;
      child.stdin.write('\x03'.repeat(times));
    });
    const [code] = await once(child, 'close');
    expect(pressed).to.equal(true);
    return [code, text];
  }

  function expectRestored(text: string): void {
    for (const mode of ['?25', '?7'])
      expect(text.lastIndexOf(`\x1b[${mode}h`), mode).to.be.greaterThan(text.lastIndexOf(`\x1b[${mode}l`));
  }
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}

/** Every path below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}

/** Whether a process has a handler for SIGHUP. */
function isWatching(pid: number): boolean {
  const [, caught] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number.parseInt(caught?.slice(-1) ?? '0', 16) & 1) === 1;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function hasChildren(pid: number): boolean {
  return isWatching(pid) && childrenOf(pid).length > 0;
}

function isAlive(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return /\) [^ZX]/.test(stat);
}
