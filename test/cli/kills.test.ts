import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Random } from '../../src/index.js';
import { errorOf, temporaryFolders } from '../support/temporary.js';
import { checkpointsOf, partialsOf, resultsOf, type TinyRun, tinyRun } from '../support/tiny-run.js';

// Mid-epoch checkpoints, for 170 images make 11 batches; a random stream of each kind; an optimizer and a net with state.
const ADAM: TinyRun['config'] = {
  model: { name: 'mlp', hidden: [7], norm: 'batch', dropout: 0.2, init: 'kaiming' },
  optimizer: 'adam',
  augment: 'flip,shift:1,mixup:0.3',
  schedule: 'cosine',
  maxSteps: 600,
  evalEvery: 25,
  batchSize: 16,
};

// `.ci/run` sets HANDGRAD_THOROUGH.
const THOROUGH = Boolean(process.env.HANDGRAD_THOROUGH);
const KILLS = THOROUGH ? 12 : 8;
const APART = THOROUGH ? 5 : 8;

const RESULTS = ['config.json', 'curves.svg', 'history.json', 'inputs.npz', 'model.npz'];

describe('a run that is killed', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  /** Kills a run some milliseconds after training began. */
  function killedAfter(folder: string, run: TinyRun, milliseconds: number) {
    return tinyRun(folder, run, {
      onStart: (child) =>
        child.stdout?.on('data', (text) => {
          if (String(text).includes('training')) setTimeout(() => child.kill('SIGKILL'), milliseconds);
        }),
    });
  }

  it(`${KILLS} times, at random moments and inside writes, is byte-identical to an uninterrupted run after it was resumed`, async () => {
    const folder = newFolder();
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    await tinyRun(whole, { config: ADAM, every: 'none' });
    const rng = new Random('20 kills');
    let [newest, insideWrites] = [0, 0];
    for (let kill = 0; kill < KILLS; kill++) {
      const run = { config: ADAM, every: 1 };
      const ways = [
        () => killedAfter(killed, run, 80 * rng.next()),
        () => tinyRun(killed, { ...run, killAt: 1 + Math.floor(50 * rng.next()) }),
        () => killedAfter(killed, run, 80 * rng.next()),
        () => tinyRun(killed, { ...run, killAtWrite: 1 + Math.floor(6 * rng.next()) }),
      ];
      const { code } = await ways[kill % 4]();
      expect(code, `kill ${kill}`).to.equal(null);
      insideWrites += partialsOf(killed).length;
      const steps = checkpointsOf(killed);
      expect(steps.at(-1) ?? 0, `after kill ${kill}`).to.be.at.least(newest);
      expect(steps.length, 'the one before is kept until the next is whole').to.be.at.least(newest > 1 ? 2 : 0);
      newest = steps.at(-1) ?? 0;
    }
    expect(newest).to.be.greaterThan(KILLS / 2);
    expect(insideWrites).to.be.at.least(KILLS / 4);
    const { code, stdout, stderr } = await tinyRun(killed, { config: ADAM, every: 'minute' });
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(new RegExp(`^resuming at step ${newest} of 600\n`));
    expect(resultsOf(killed)).to.deep.equal(resultsOf(whole));
    expect(readdirSync(killed).sort()).to.deep.equal(RESULTS);
  });

  it(`in one in ${APART} calls to the file system is byte-identical after it was resumed`, async () => {
    const folder = newFolder();
    const short = { config: { ...ADAM, maxSteps: 2 }, every: 1 };
    await tinyRun(join(folder, 'whole'), short);
    /** Whether the run was killed in this call, and not at its end before it. */
    const killedIn = async (killAt: number): Promise<boolean> => {
      const run = join(folder, `killed-${killAt}`);
      const { code } = await tinyRun(run, { ...short, killAt });
      if (code === null) await tinyRun(run, short);
      expect(resultsOf(run), `killed in call ${killAt}`).to.deep.equal(resultsOf(join(folder, 'whole')));
      expect(readdirSync(run).sort()).to.deep.equal(RESULTS);
      return code === null;
    };
    let calls = 1;
    while (await killedIn(calls)) calls += APART;
    expect(calls).to.be.greaterThan(30);
  });
});

describe('a run that cannot write', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();
  const config: TinyRun['config'] = { ...ADAM, maxSteps: 40 };

  /** A run with a checkpoint of step 20 or so, and what it gives when nothing comes between. */
  async function begun(): Promise<{ run: string; steps: number[]; expected: Record<string, string> }> {
    const folder = newFolder();
    const run = join(folder, 'run');
    await tinyRun(join(folder, 'whole'), { config, every: 'none' });
    await tinyRun(run, { config, every: 3, killAt: 62 });
    const steps = checkpointsOf(run);
    expect(steps.length).to.equal(2);
    return { run, steps, expected: resultsOf(join(folder, 'whole')) };
  }

  it('because the disk is full ends with a sentence and keeps the last complete checkpoint', async () => {
    const { run, steps, expected } = await begun();
    const { code, stderr } = await tinyRun(run, { config, every: 3 }, { largestFile: 8 });
    const path = join(run, 'checkpoints', `step-${Number(steps.at(-1)) + 3}.npz`);
    expect(stderr).to.equal(
      `handgrad: ${path} cannot be written: EFBIG: file too large; the one of step ${steps.at(-1)} is complete\n`,
    );
    expect(code).to.equal(2);
    expect(checkpointsOf(run)).to.deep.equal(steps);
    expect(partialsOf(run)).to.deep.equal([]);
    await tinyRun(run, { config, every: 3 });
    expect(resultsOf(run)).to.deep.equal(expected);
  });

  it('because its folder is read-only is refused with a sentence, and keeps the last complete checkpoint', async () => {
    const { run, steps, expected } = await begun();
    for (const folder of [join(run, '..'), join(run, 'checkpoints')]) chmodSync(folder, 0o755);
    chmodSync(run, 0o555);
    const { code, stderr } = await tinyRun(run, { config, every: 3, nobody: true });
    expect(stderr).to.match(/^handgrad: \S+run cannot be written: permission denied \(EACCES\)\n$/);
    expect(code).to.equal(2);
    expect(checkpointsOf(run)).to.deep.equal(steps);
    chmodSync(run, 0o755);
    await tinyRun(run, { config, every: 3 });
    expect(resultsOf(run)).to.deep.equal(expected);
  });

  it('says if there is no checkpoint yet', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'run'));
    const { code, stderr } = await tinyRun(join(folder, 'run'), { config, every: 3 }, { largestFile: 8 });
    expect(stderr).to.include('step-3.npz cannot be written: EFBIG').and.include('; there is no earlier one');
    expect(code).to.equal(2);
    expect(await errorOf(async () => checkpointsOf(join(folder, 'run'))).catch(() => 'none')).to.equal('none');
  });
});
