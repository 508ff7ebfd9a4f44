import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { handgrad } from '../support/command.js';
import { realMnist } from '../support/mnist.js';
import { temporaryFolders } from '../support/temporary.js';

describe('handgrad train --dataset mnist', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  before(async function () {
    await realMnist(this);
  });

  const flags = '--dataset mnist --pixels symmetric --hidden 32 --learning-rate 0.05 --init pytorch --batch-size 50';

  it('trains, names the set of its results, and evaluate finds the same results', async () => {
    const cwd = newFolder();
    const run = ['train', ...flags.split(' '), ...'--max-steps 60 --eval-every 30 --out run'.split(' ')];
    const { code, stdout } = await handgrad(run, cwd);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^training 784 → 32 → 10 \(elu\), 25,450 parameters, on 60,000 images/);
    expect(readFileSync(join(cwd, 'run', 'curves.svg'), 'utf8')).to.include('MLP 32 on MNIST: test accuracy 0.');
    const { evaluations } = JSON.parse(readFileSync(join(cwd, 'run', 'history.json'), 'utf8'));
    expect(evaluations[1].testAccuracy).to.be.greaterThan(0.6);
    const again = JSON.parse((await handgrad(['evaluate', 'run', '--json'], cwd)).stdout);
    expect(again.testAccuracy).to.equal(evaluations[1].testAccuracy);
    expect(again.testLoss).to.equal(evaluations[1].testLoss);
    expect(again.classes).to.deep.equal(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('resumes with its own set, with byte-identical results', async () => {
    const cwd = newFolder();
    const run = [...flags.split(' '), ...'--max-steps 400 --eval-every 200 --checkpoint-every 10'.split(' ')];
    const { code } = await handgrad(['train', ...run, '--out', 'stopped'], cwd, (child) => {
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGINT'), 600));
    });
    expect(code).to.be.oneOf([0, 130]); // on a fast machine it may have ended
    expect((await handgrad(['train', '--resume', 'stopped'], cwd)).code).to.equal(0);
    expect((await handgrad(['train', ...run, '--out', 'whole'], cwd)).code).to.equal(0);
    for (const file of ['history.json', 'model.npz'])
      expect(readFileSync(join(cwd, 'stopped', file)).equals(readFileSync(join(cwd, 'whole', file)))).to.equal(true);
    const other = await handgrad(['train', '--resume', 'stopped', '--dataset', 'cifar10'], cwd);
    expect([other.code, other.stderr]).to.deep.equal([
      2,
      `handgrad: a resumed run keeps its settings: --dataset cifar10 contradicts mnist in ${join(cwd, 'stopped', 'config.json')}\n`,
    ]);
  });
});
