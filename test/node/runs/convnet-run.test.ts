import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, encodeNpz, Random, toNested } from '../../../src/index.js';
import { loadRun } from '../../../src/node/runs/load-run.js';
import { runConfig } from '../../../src/node/runs/read-config.js';
import { flagsOf, settingsFromFlags } from '../../../src/node/runs/run-flags.js';
import { handgrad } from '../../support/command.js';
import { temporaryFolders } from '../../support/temporary.js';
import { checkpointsOf, resultsOf, type TinyRun, tinyRun } from '../../support/tiny-run.js';

const WIDTHS = [4, 4, 6, 8, 8];

describe('a run of a ConvNet', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  it('has the course’s defaults for it, which its flags do not repeat, and takes others', () => {
    const config = runConfig({ model: { name: 'convnet' } });
    expect(config).to.include({ optimizer: 'adam', learningRate: 1e-4, batchSize: 32, maxSteps: 5000, evalEvery: 500 });
    expect(config).to.include({ beta1: 0.9, beta2: 0.999, dataset: 'cifar10', seed: 42 });
    expect(flagsOf(config)).to.deep.equal(['--model', 'convnet']);
    const other = runConfig({ model: { name: 'convnet', widths: WIDTHS }, optimizer: 'sgd', learningRate: 1e-3 });
    expect(other).to.include({ optimizer: 'sgd', learningRate: 1e-3, momentum: 0, maxSteps: 5000 });
    expect(runConfig(settingsFromFlags(flagsOf(other)))).to.deep.equal(other);
  });

  it('that is killed and resumed is byte-identical to an uninterrupted one, with averaged weights and accumulation', async () => {
    const folder = newFolder();
    const config: TinyRun['config'] = {
      model: { name: 'convnet', widths: WIDTHS },
      augment: 'flip,shift:1,mixup:0.3',
      ...{ learningRate: 1e-2, batchSize: 10, accumulate: 2, average: 0.9, maxSteps: 24, evalEvery: 8 },
    };
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    await tinyRun(whole, { config, every: 'none' });
    const { code } = await tinyRun(killed, { config, every: 1, killAt: 60 });
    expect(code).to.equal(null);
    expect(checkpointsOf(killed).at(-1)).to.be.within(2, 22);
    const resumed = await tinyRun(killed, { config, every: 1 });
    expect([resumed.code, resumed.stderr]).to.deep.equal([0, '']);
    expect(resultsOf(killed)).to.deep.equal(resultsOf(whole));
    const { evaluations } = JSON.parse(readFileSync(join(whole, 'history.json'), 'utf8'));
    expect(evaluations.at(-1).testAccuracy).to.be.greaterThan(0.6);
  });

  it('predicts without the data set, the same for every size of batch', async () => {
    const folder = join(newFolder(), 'run');
    const config: TinyRun['config'] = {
      model: { name: 'convnet', widths: WIDTHS },
      ...{ learningRate: 1e-2, batchSize: 17, maxSteps: 40, evalEvery: 40 },
    };
    await tinyRun(folder, { config, every: 'none' });
    const run = await loadRun(folder);
    const pixels = new Random(3).uniform([70, 3, 4, 4], { low: 120, high: 220 }); // class c
    const predictions = run.predict(pixels);
    expect(predictions.filter(({ name }) => name === 'c').length).to.be.greaterThan(60);
    expect(predictions[69]).to.deep.equal(run.predict(pixels.lo(69, 0, 0, 0))[0]);
    const bright = new Uint8Array(3 * 8 * 8).fill(200);
    expect(run.predict({ channels: 3, height: 8, width: 8, bytes: bright })[0].probabilities.length).to.equal(3);
  });

  it('trains, reports, evaluates and predicts from the command line, with pictures of its first kernels', async () => {
    const cwd = newFolder();
    const rng = new Random(1);
    const labels = Float64Array.from({ length: 80 }, (_, n) => n % 2);
    const pixels = Float64Array.from({ length: 80 * 60 }, (_, i) =>
      Math.floor(100 * labels[Math.floor(i / 60)] + 100 * rng.next()),
    );
    const x = array(pixels, [80, 6, 10]);
    const y = array(labels, [80]);
    writeFileSync(join(cwd, 'own.npz'), encodeNpz({ x_train: x, y_train: y, x_test: x, y_test: y }));
    const flags = ['--dataset', 'own.npz', '--model', 'convnet', '--widths', WIDTHS.join(), '--learning-rate', '1e-2'];
    const steps = ['--max-steps', '12', '--eval-every', '6', '--batch-size', '16', '--report', '--out', 'run'];
    const trained = await handgrad(['train', ...flags, ...steps], cwd);
    expect(trained.stderr).to.equal('');
    expect(trained.stdout).to.include(
      'training 1×6×10 → 4 → 4 → 6 → 8 → 8 → 2 (convolutions, residual, batch norm, relu)',
    );
    const report = readFileSync(join(cwd, 'run', 'report.html'), 'utf8');
    expect(report).to.include('ConvNet 4, 4, 6, 8, 8');
    expect(report).to.include('Weights of the first layer');
    expect(report).to.include('all 4 units');
    const history = JSON.parse(readFileSync(join(cwd, 'run', 'history.json'), 'utf8'));
    const { testAccuracy, testLoss } = history.evaluations.at(-1);
    const evaluated = await handgrad(['evaluate', 'run', '--json'], cwd);
    expect(JSON.parse(evaluated.stdout)).to.deep.include({ testAccuracy, testLoss });
    expect(testAccuracy).to.be.greaterThan(0.8);
    expect(toNested((await loadRun(join(cwd, 'run'))).inputs.mean)).to.have.length(1);
  });

  it('refuses widths that its net does not have, flags of other models, and batches of one image', async () => {
    const cwd = newFolder();
    for (const [flags, sentence] of [
      ['--model convnet --widths 8,8', 'Expected five widths from 1 up, the last two equal, such as 8,16,32,64,64.'],
      ['--model convnet --widths none', 'Expected five widths from 1 up'],
      ['--model convnet --hidden 8', "unknown option '--hidden'"],
      ['--model convnet --batch-size 1', '--model convnet needs two images or more in every batch, got --batch-size 1'],
    ]) {
      const { code, stderr } = await handgrad(['train', ...flags.split(' '), '--out', 'run'], cwd);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.include(sentence);
    }
  });
});
