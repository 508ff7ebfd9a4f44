import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { realCifar10 } from '../support/cifar10.js';
import { handgrad, handgradHere } from '../support/command.js';
import { temporaryFolders } from '../support/temporary.js';

describe('handgrad experiment', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  it('lists all experiments, with the expected time', async () => {
    const { code, stdout, stderr } = await handgradHere(['experiment'], newFolder());
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^handgrad experiment table1\n {4}the ten .*\n {4}about .* two cores/);
    const listed = JSON.parse((await handgradHere(['experiment', '--json'], newFolder())).stdout);
    expect(listed.experiments[0].name).to.equal('table1');
  });

  it('table1 --help shows its defaults in words', async () => {
    const { code, stdout } = await handgradHere(['experiment', 'table1', '--help'], newFolder());
    expect(code).to.equal(0);
    expect(stdout).to.include('(default: all)').and.not.include('{');
  });

  for (const [args, sentence] of [
    [['nope'], "experiment: no experiment 'nope'; there are table1, best-mlp"],
    [
      ['table1', '--only', '11'],
      "option '--only <ids>' argument '11' is invalid. Expected numbers of setups from 0 to 9",
    ],
    [['table1', '--only', '2,2'], "'2,2' is invalid"],
    [['table1', '--seeds', '0'], "option '--seeds <n>' argument '0' is invalid. Expected a whole number from 1 up."],
    [['table1', '--jobs', 'all'], "option '--jobs <n>' argument 'all' is invalid"],
    [['table1', '--backend', 'abacus'], "option '--backend <name>' argument 'abacus' is invalid"],
    [['table1', '--data-dir', 'absent'], 'absent does not exist'],
    [['table1', '--steps', '3'], "unknown option '--steps'"],
    [['best-mlp', '--try', '--dropout 0.2'], '--try needs --validation'],
    [['best-mlp', '--validation', '--try', '--dropout 2'], '--try "--dropout 2": --dropout 2: Expected a probability'],
    [['best-mlp', '--validation', '--try', '--drop 0.2'], "Unknown option '--drop'"],
    [['best-mlp', '--epochs', '0'], "option '--epochs <n>' argument '0' is invalid"],
  ] as const) {
    it(`${args.join(' ')} gets one clear sentence, exit code 2, and leaves nothing behind`, async () => {
      const cwd = newFolder();
      const { code, stdout, stderr } = await handgradHere(['experiment', ...args], cwd);
      expect(stderr)
        .to.include(sentence)
        .and.not.match(/\n {4}at /);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(readdirSync(cwd)).to.deep.equal([]);
    });
  }

  describe('table1', () => {
    const quick = 'experiment table1 --quick --seeds 1 --only 0,2'.split(' ');

    before(async function () {
      await realCifar10(this);
    });

    it('creates run folders as handgrad train does, and the report; --resume keeps them', async () => {
      const cwd = newFolder();
      const { code, stdout, stderr } = await handgrad([...quick, '--out', 'table'], cwd);
      expect(stderr)
        .to.match(/2 runs in .*table, \d at a time\n/)
        .and.match(/setup2-seed42: test accuracy 0\.\d+, best/);
      expect(code).to.equal(0);
      expect(stdout)
        .to.match(/^ID +hidden; norm/)
        .and.match(/page: .*index\.html\n$/);
      const table = join(cwd, 'table');
      expect(readdirSync(table).sort()).to.deep.equal([
        ...['comparison.svg', 'index.html', 'report.md', 'setup0-seed42', 'setup0.svg', 'setup2-seed42', 'setup2.svg'],
      ]);
      expect(readdirSync(join(table, 'setup2-seed42')).sort()).to.deep.equal([
        ...['config.json', 'curves.svg', 'effort.json', 'history.json', 'inputs.npz', 'model.npz'],
      ]);
      const config = JSON.parse(readFileSync(join(table, 'setup2-seed42', 'config.json'), 'utf8'));
      expect(config.model).to.include({ norm: 'batch', normPosition: 'before-linear', logits: true, init: 'pytorch' });
      expect(readFileSync(join(table, 'report.md'), 'utf8')).to.include('These figures mean nothing');

      const written = () => statSync(join(table, 'setup2-seed42', 'model.npz')).mtimeMs;
      const before = written();
      const refused = await handgrad([...quick, '--out', 'table'], cwd);
      expect(refused.code).to.equal(2);
      expect(refused.stderr).to.include('already holds setup0-seed42; --resume keeps finished results, --force');
      const two = 'experiment table1 --quick --seeds 1 --only 2'.split(' ');
      const resumed = await handgrad([...two, '--out', 'table', '--resume', '--json'], cwd);
      expect(resumed.stderr).to.include('setup2-seed42: kept, test accuracy');
      const { rows, failed } = JSON.parse(resumed.stdout);
      expect(failed).to.deep.equal([]);
      expect(rows.map(({ id }: { id: number }) => id)).to.deep.equal([0, 2]);
      expect(rows[1]).to.have.property('published', 0.529);
      expect(rows[1].runs[0]).to.include({ name: 'setup2-seed42', seed: 42, engine: 'wasm' });
      expect(written()).to.equal(before);
    });

    it('stops its runs on Ctrl-C, and keeps finished ones', async () => {
      const cwd = newFolder();
      const args = 'experiment table1 --only 0 --seeds 1 --jobs 1 --out table'.split(' ');
      const { code, stdout, stderr } = await handgrad(args, cwd, (child) => {
        child.stderr?.on('data', (text) => {
          if (String(text).includes('started')) setTimeout(() => child.kill('SIGINT'), 1500);
        });
      });
      expect(stderr).to.include('stopping; finished runs are kept').and.include('with --resume to continue');
      expect([code, stdout]).to.deep.equal([130, '']);
    });
  });

  describe('best-mlp', () => {
    before(async function () {
      await realCifar10(this);
    });

    it('chooses between the recipe and its changes on held-out images, then trains a final run and tests it once', async () => {
      const cwd = newFolder();
      const narrow = ['--validation', '--try', '--hidden 32 --batch-size 100', '--quick', '--out', 'best'];
      const chosen = await handgrad(['experiment', 'best-mlp', ...narrow], cwd);
      expect(chosen.stderr).to.match(/2 runs in .*best, \d at a time/);
      expect(chosen.code).to.equal(0);
      expect(chosen.stdout)
        .to.match(/^changed settings +steps/)
        .and.match(/\nthe recipe +/)
        .and.match(/\n--hidden 32 --batch-size 100 +/);

      const last = await handgrad(['experiment', 'best-mlp', '--quick', '--out', 'best', '--json'], cwd);
      expect(last.code).to.equal(0);
      const { validation, final, failed } = JSON.parse(last.stdout);
      expect(failed).to.deep.equal([]);
      expect(validation).to.have.length(2);
      expect(final).to.have.length(1);
      expect(final[0].name).to.equal('final-seed42');
      expect(final[0].command).to.match(/^npx handgrad train --hidden .* --backend wasm/);
      const history = JSON.parse(readFileSync(join(cwd, 'best', 'final-seed42', 'history.json'), 'utf8'));
      expect(history.evaluations).to.have.length(2); // of the images held out
      const config = JSON.parse(readFileSync(join(cwd, 'best', 'final-seed42', 'config.json'), 'utf8'));
      expect(config.validation).to.equal(1000);
      const tested = await handgrad(['evaluate', join('best', 'final-seed42'), '--json'], cwd);
      const { testAccuracy, testLoss } = JSON.parse(tested.stdout);
      expect(final[0].test).to.deep.equal({ accuracy: testAccuracy, loss: testLoss });
      const report = readFileSync(join(cwd, 'best', 'report.md'), 'utf8');
      expect(report)
        .to.include('## On the test set')
        .and.include('## On held-out images, to select settings')
        .and.include('These figures mean nothing');
      expect(readdirSync(join(cwd, 'best')).filter((name) => name.endsWith('.svg'))).to.have.length(3);
    });
  });
});
