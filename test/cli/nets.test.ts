import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeNpz } from '../../src/index.js';
import { handgrad } from '../support/command.js';
import { smallImages } from '../support/small-images.js';
import { temporaryFolders } from '../support/temporary.js';

describe('handgrad train and evaluate, with another net than the default', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();
  const short = '--hidden 8 --max-steps 30 --eval-every 20 --batch-size 50 --learning-rate 1e-2'.split(' ');

  it('accept a norm and its position, an activation, dropout and an initialization, and evaluate the net', async () => {
    const cwd = newFolder();
    const flags = '--norm batch --norm-position before-linear --activation relu --dropout 0.2 --init pytorch'.split(
      ' ',
    );
    const trained = await handgrad(['train', '--dataset', smallImages(cwd), ...short, ...flags, '--out', 'run'], cwd);
    expect(trained.stderr).to.equal('');
    expect(trained.stdout).to.match(
      /^training 768 → 8 → 10 \(relu, batch norm before linear, dropout 0\.2\), 7,794 parameters/,
    );
    const config = JSON.parse(readFileSync(join(cwd, 'run', 'config.json'), 'utf8'));
    expect(config.model).to.deep.include({
      norm: 'batch',
      normPosition: 'before-linear',
      activation: 'relu',
      dropout: 0.2,
      init: 'pytorch',
    });
    const model = decodeNpz(readFileSync(join(cwd, 'run', 'model.npz')));
    expect(Object.keys(model)).to.include.members(['layers.0.gamma', 'layers.0.runningMean', 'layers.4.runningVar']);
    expect(model['layers.0.runningVar'].shape).to.deep.equal([768]);
    const evaluated = await handgrad(['evaluate', 'run', '--json'], cwd);
    const history = JSON.parse(readFileSync(join(cwd, 'run', 'history.json'), 'utf8'));
    const { testAccuracy, testLoss } = history.evaluations.at(-1);
    expect(JSON.parse(evaluated.stdout)).to.deep.include({ testAccuracy, testLoss });
    expect(testAccuracy).to.be.greaterThan(0.15);
  });

  it('use the fused loss with --logits, with the same results', async () => {
    const cwd = newFolder();
    for (const [out, ...flags] of [['two'], ['one', '--logits']]) {
      await handgrad(
        [
          'train',
          '--dataset',
          smallImages(cwd),
          ...short,
          '--init',
          'xavier',
          '--norm',
          'layer',
          ...flags,
          '--out',
          out,
        ],
        cwd,
      );
    }
    const [two, one] = ['two', 'one'].map((run) => {
      const history = JSON.parse(readFileSync(join(cwd, run, 'history.json'), 'utf8'));
      return history.evaluations.at(-1).testLoss;
    });
    expect(one).to.be.closeTo(two, 1e-3);
    const evaluated = await handgrad(['evaluate', 'one', '--json'], cwd);
    expect(JSON.parse(evaluated.stdout).testLoss).to.equal(one);
  });
});
