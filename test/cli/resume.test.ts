import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { handgrad } from '../support/command.js';
import { smallImages } from '../support/small-images.js';
import { temporaryFolders } from '../support/temporary.js';
import { checkpointsOf, resultsOf } from '../support/tiny-run.js';

const TRAIN =
  'train --hidden 8 --max-steps 500 --eval-every 50 --batch-size 50 --optimizer adam --norm batch --dropout 0.2 --augment flip,shift:4'.split(
    ' ',
  );

describe('handgrad train --resume', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  /** A run that a signal ends soon after its first evaluation, at step 50. */
  async function stopped(cwd: string, signal: NodeJS.Signals, ...flags: string[]): Promise<number | null> {
    const { code } = await handgrad(
      [...TRAIN, '--dataset', smallImages(cwd), '--out', 'run', ...flags],
      cwd,
      (child) => {
        child.stdout?.on('data', (text) => /step +50\/500/.test(String(text)) && child.kill(signal));
      },
    );
    return code;
  }

  it('resumes a run that was killed or stopped by Ctrl-C, byte-identical to an uninterrupted run', async () => {
    const cwd = newFolder();
    await handgrad([...TRAIN, '--dataset', smallImages(cwd), '--out', 'whole'], cwd);
    const run = join(cwd, 'run');
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      expect(await stopped(cwd, signal, '--checkpoint-every', '20')).to.equal(signal === 'SIGINT' ? 130 : null);
      const step = checkpointsOf(run).at(-1);
      const { code, stdout, stderr } = await handgrad(['train', '--resume', 'run'], cwd);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(new RegExp(`^resuming at step ${step} of 500\ntraining 768 → 8 → 10`));
      expect(resultsOf(run)).to.deep.equal(resultsOf(join(cwd, 'whole')));
      expect(readdirSync(run).sort()).to.deep.equal([
        'config.json',
        'curves.svg',
        'history.json',
        'inputs.npz',
        'model.npz',
      ]);
      rmSync(run, { recursive: true });
    }
  });

  it('starts again if there is no checkpoint yet, with the settings of config.json', async () => {
    const cwd = newFolder();
    await handgrad([...TRAIN, '--dataset', smallImages(cwd), '--out', 'whole'], cwd);
    await stopped(cwd, 'SIGKILL');
    expect(readdirSync(join(cwd, 'run')))
      .to.include('config.json')
      .and.not.include('model.npz');
    const { stdout } = await handgrad(['train', '--resume', 'run'], cwd);
    expect(stdout).to.match(/^\S+run has no complete checkpoint; starting over\n/);
    expect(resultsOf(join(cwd, 'run'))).to.deep.equal(resultsOf(join(cwd, 'whole')));
  });

  it('uses the previous checkpoint if one is damaged, and another engine if asked, each with a warning', async () => {
    const cwd = newFolder();
    await stopped(cwd, 'SIGINT', '--checkpoint-every', '20', '--threads', '1');
    const [before, newest] = checkpointsOf(join(cwd, 'run'));
    const path = join(cwd, 'run', 'checkpoints', `step-${newest}.npz`);
    writeFileSync(path, readFileSync(path).subarray(0, -1000));
    const { stdout } = await handgrad(['train', '--resume', 'run', '--backend', 'reference'], cwd);
    expect(stdout).to.include(
      `${path} is damaged: its content does not match its checksum\nresuming at step ${before} of 500\n`,
    );
    expect(stdout).to.match(
      /the last bits of the results may differ from those of an uninterrupted run: engine was wasm and is reference/,
    );
    expect(stdout).to.include('engine reference on 1 thread');
    const { engine, earlier } = JSON.parse(readFileSync(join(cwd, 'run', 'config.json'), 'utf8'));
    expect(engine).to.equal('reference');
    expect(earlier).to.have.length(1);
    expect(earlier[0]).to.deep.include({ until: before, engine: 'wasm', threads: 1 });
  });

  it('says that a run is finished, and refuses contradicting flags, other folders, and changed settings', async () => {
    const cwd = newFolder();
    const config = join(cwd, 'run', 'config.json');
    const refused = async (args: readonly string[], sentence: string) => {
      const { code, stdout, stderr } = await handgrad(['train', '--resume', ...args], cwd);
      expect([code, stdout, stderr]).to.deep.equal([2, '', `handgrad: ${sentence}\n`]);
    };
    await refused(
      ['absent'],
      `${join(cwd, 'absent', 'config.json')} cannot be read; a run folder holds config.json, history.json, inputs.npz, model.npz, curves.svg`,
    );
    await stopped(cwd, 'SIGINT', '--checkpoint-every', '20');
    await refused(
      ['run', '--seed', '7', '--hidden', '8', '--learning_rate', '0.5', '--momentum', '0.9'],
      `a resumed run keeps its settings: --learning-rate 0.5 contradicts 0.001, --seed 7 contradicts 42, --momentum 0.9 contradicts none in ${config}`,
    );
    await refused(['run', '--force'], '--force does not go with --resume, which continues in the folder of the run');
    await refused(
      ['run', '--out', 'other'],
      '--out does not go with --resume, which continues in the folder of the run',
    );
    const text = readFileSync(config, 'utf8');
    const path = join(cwd, 'run', 'checkpoints', `step-${checkpointsOf(join(cwd, 'run')).at(-1)}.npz`);
    writeFileSync(config, text.replace('"seed": 42', '"seed": 43'));
    await refused(['run'], `${config} was changed: 'seed' is 43, and 42 in ${path}`);
    writeFileSync(config, text.replace('"engine": "wasm"', '"engine": "abacus"'));
    await refused(['run'], `${config} has no valid 'engine': "abacus"`);
    writeFileSync(config, text);
    await handgrad(['train', '--resume', 'run', '--out', 'run', '--seed', '42'], cwd);
    const again = await handgrad(['train', '--resume', 'run'], cwd);
    expect([again.code, again.stderr]).to.deep.equal([0, '']);
    expect(again.stdout).to.match(/^\S+run is finished: test accuracy 0\.\d{4} at step 500\n$/);
    const { history } = JSON.parse((await handgrad(['train', '--resume', 'run', '--json'], cwd)).stdout);
    expect(history.stopped).to.equal(null);
  });

  it('keeps the results of an interrupted run without a checkpoint', async () => {
    const cwd = newFolder();
    expect(await stopped(cwd, 'SIGINT', '--checkpoint-every', 'none')).to.equal(130);
    const { code, stderr } = await handgrad(['train', '--resume', 'run'], cwd);
    expect(stderr).to.match(
      /run was interrupted and has no complete checkpoint to resume from; nothing was changed\n$/,
    );
    expect(code).to.equal(2);
    expect(readdirSync(join(cwd, 'run')).sort()).to.include.members(['history.json', 'model.npz']);
  });

  it('says that a diverged run would diverge again', async () => {
    const cwd = newFolder();
    await handgrad(
      [
        'train',
        '--dataset',
        smallImages(cwd),
        '--hidden',
        '8',
        '--max-steps',
        '20',
        '--learning-rate',
        '1e30',
        '--out',
        'run',
      ],
      cwd,
    );
    const { code, stderr } = await handgrad(['train', '--resume', 'run'], cwd);
    expect(stderr).to.match(/^handgrad: training stopped at step \d+: .*; it would do so again\n$/);
    expect(code).to.equal(1);
  });
});
