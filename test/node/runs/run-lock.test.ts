import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { encode } from 'fast-png';
import { InputError } from '../../../src/index.js';
import { withRunLock } from '../../../src/node/runs/run-lock.js';
import { handgrad } from '../../support/command.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

const newFolder = temporaryFolders();

describe('withRunLock', () => {
  it('refuses a folder that another holder uses, by name, and frees it at the end, also after an error', async () => {
    const folder = newFolder();
    await withRunLock(folder, async () => {
      const error = await errorOf(() => withRunLock(folder, async () => {}));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(`${folder} is in use by another run (process ${process.pid})`);
    });
    await errorOf(() => withRunLock(folder, () => Promise.reject(new Error('it failed'))));
    expect(readdirSync(folder)).to.deep.equal([]);
    expect(await withRunLock(folder, async () => 'free')).to.equal('free');
  });

  it('takes over the lock of a process that has ended', async () => {
    const folder = newFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(folder, '.lock'), `${pid}\n`);
    const held = await withRunLock(folder, async () => readFileSync(join(folder, '.lock'), 'utf8'));
    expect(held).to.match(new RegExp(`^${process.pid} `));
  });

  it('lets one of two holders take over a stale lock at the same time', async () => {
    const folder = newFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(folder, '.lock'), `${pid}\n`);
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((done) => setTimeout(done, 100));
      inside--;
    };
    await Promise.allSettled([withRunLock(folder, work), withRunLock(folder, work)]);
    expect(most).to.equal(1);
  });
});

describe('two runs that start together', function () {
  this.timeout(600_000);
  const PAIRS = process.env.HANDGRAD_THOROUGH ? 8 : 2;

  /** Starts `handgrad train` twice at once, on ten small pictures of each of two classes. */
  async function startTwo(cwd: string, ...flags: string[]) {
    const args = `train --dataset pets --max-steps 10 --batch-size 4 --eval-every 5 --json`.split(' ');
    return Promise.all([1, 2].map(() => handgrad([...args, ...flags], cwd)));
  }

  function withPets(): string {
    const cwd = newFolder();
    for (const [name, value] of [
      ['cat', 30],
      ['dog', 200],
    ] as const) {
      mkdirSync(join(cwd, 'pets', name), { recursive: true });
      const picture = encode({ width: 4, height: 3, channels: 1, depth: 8, data: new Uint8Array(12).fill(value) });
      for (let i = 0; i < 10; i++) writeFileSync(join(cwd, 'pets', name, `${i}.png`), picture);
    }
    return cwd;
  }

  const isWhole = (run: string) =>
    ['config.json', 'history.json', 'model.npz', 'inputs.npz', 'curves.svg'].every((file) =>
      existsSync(join(run, file)),
    );

  it('each get a folder of their own in runs/', async () => {
    const cwd = withPets();
    for (let pair = 0; pair < PAIRS; pair++)
      for (const { code, stderr } of await startTwo(cwd)) expect(code, stderr).to.equal(0);
    const runs = readdirSync(join(cwd, 'runs'));
    expect(runs).to.have.length(2 * PAIRS);
    for (const run of runs) expect(isWhole(join(cwd, 'runs', run)), run).to.equal(true);
  });

  it('with the same --out, also with --force: one finishes whole, and the other is refused by name or comes after it', async () => {
    const cwd = withPets();
    for (let pair = 0; pair < PAIRS; pair++) {
      const out = `out${pair}`;
      const ends = await startTwo(cwd, '--out', out, ...(pair % 2 === 0 ? [] : ['--force']));
      expect(ends.some(({ code }) => code === 0)).to.equal(true);
      for (const { code, stderr } of ends)
        if (code !== 0) {
          expect(code, stderr).to.equal(2);
          expect(stderr).to.match(/out\d+ (is in use by another run|already holds a)/);
        }
      expect(isWhole(join(cwd, out))).to.equal(true);
      expect(readdirSync(join(cwd, out))).not.to.include('.lock');
    }
  });
});
