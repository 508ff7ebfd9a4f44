import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, decodeNpz, encodeNpz, Random, toNested } from '../../../src/index.js';
import { encodeSafetensors, pytorchName } from '../../../src/weights.js';
import { handgrad } from '../../support/command.js';
import { temporaryFolders } from '../../support/temporary.js';

/** Writes a set of images of some brightness per class. */
function writeSet(path: string, classes: number): void {
  const rng = new Random(classes);
  const count = 40;
  const labels = Float64Array.from({ length: count }, (_, n) => n % classes);
  const pixels = Float64Array.from({ length: count * 64 }, (_, i) =>
    Math.floor((200 / classes) * labels[Math.floor(i / 64)] + 50 * rng.next()),
  );
  const [x, y] = [array(pixels, [count, 8, 8]), array(labels, [count])];
  writeFileSync(path, encodeNpz({ x_train: x, y_train: y, x_test: x, y_test: y }));
}

const NET =
  '--model densenet121 --growth 3 --blocks 2,1 --stem small --learning-rate 1e-2 --batch-size 8 --eval-every 6'.split(
    ' ',
  );

describe('a run that starts from weights', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  it('fine-tunes all layers, or the last one alone, from a file of its own or of PyTorch’s names', async () => {
    const cwd = newFolder();
    writeSet(join(cwd, 'two.npz'), 2);
    writeSet(join(cwd, 'three.npz'), 3);
    const train = (...flags: string[]) => handgrad(['train', ...NET, ...flags], cwd);
    const first = await train('--dataset', 'two.npz', '--max-steps', '6', '--out', 'first');
    expect(first.code, first.stderr).to.equal(0);
    const model = decodeNpz(readFileSync(join(cwd, 'first', 'model.npz')));
    const named = Object.fromEntries(Object.entries(model).map(([path, value]) => [pytorchName(path), value]));
    writeFileSync(join(cwd, 'first.safetensors'), encodeSafetensors(named));
    const conv = 'features.conv0.weight';
    for (const [file, flags] of [
      ['first.safetensors', []],
      ['first/model.npz', ['--freeze', 'features']],
    ] as const) {
      const steps = ['--max-steps', '6', '--out', 'second', '--force'];
      const second = await train('--dataset', 'three.npz', '--weights', file, ...flags, ...steps);
      expect([second.code, second.stderr]).to.deep.equal([0, '']);
      expect(second.stdout).to.match(
        /\d+ arrays come from .*first.*; classifier\.weight and classifier\.bias start anew/,
      );
      const trained = decodeNpz(readFileSync(join(cwd, 'second', 'model.npz')));
      const isFrozen = flags.length > 0;
      expect(JSON.stringify(toNested(trained[conv])) === JSON.stringify(toNested(model[conv]))).to.equal(isFrozen);
      const mean = 'features.norm0.runningMean';
      expect(JSON.stringify(toNested(trained[mean])) === JSON.stringify(toNested(model[mean]))).to.equal(isFrozen);
      expect(trained['classifier.bias'].shape).to.deep.equal([3]);
      const again = JSON.parse((await handgrad(['evaluate', 'second', '--json'], cwd)).stdout);
      const { evaluations } = JSON.parse(readFileSync(join(cwd, 'second', 'history.json'), 'utf8'));
      expect(again.testLoss).to.be.closeTo(evaluations.at(-1).testLoss, 1e-12);
    }
  });

  it('that is killed resumes byte-identical to an uninterrupted one, also when the file of the weights is gone', async () => {
    const cwd = newFolder();
    writeSet(join(cwd, 'two.npz'), 2);
    const train = (...flags: string[]) => ['train', ...NET, '--dataset', 'two.npz', ...flags];
    expect((await handgrad(train('--max-steps', '6', '--out', 'first'), cwd)).code).to.equal(0);
    for (const freeze of ['none', 'features']) {
      const flags = train('--weights', 'first/model.npz', '--freeze', freeze, '--max-steps', '30');
      expect((await handgrad([...flags, '--out', `whole-${freeze}`], cwd)).code).to.equal(0);
      const run = `killed-${freeze}`;
      const killed = await handgrad([...flags, '--out', run, '--checkpoint-every', '3'], cwd, (child) => {
        child.stdout?.on('data', (text) => /step +6\/30/.test(String(text)) && child.kill('SIGKILL'));
      });
      expect(killed.code).to.equal(null);
      renameSync(join(cwd, 'first', 'model.npz'), join(cwd, 'moved.npz'));
      const resumed = await handgrad(['train', '--resume', run], cwd);
      renameSync(join(cwd, 'moved.npz'), join(cwd, 'first', 'model.npz'));
      expect([resumed.code, resumed.stderr]).to.deep.equal([0, '']);
      expect(resumed.stdout).to.match(/^resuming at step (3|6|9|12) of 30/);
      for (const file of ['model.npz', 'history.json'])
        expect(readFileSync(join(cwd, run, file))).to.deep.equal(readFileSync(join(cwd, `whole-${freeze}`, file)));
    }
  });

  it('refuses a file that is missing, is no file of weights, or does not fit, and leaves no folder behind', async () => {
    const cwd = newFolder();
    writeSet(join(cwd, 'two.npz'), 2);
    writeFileSync(join(cwd, 'text.pth'), 'hello');
    writeFileSync(join(cwd, 'other.safetensors'), encodeSafetensors({ a: array([1]) }));
    for (const [flags, sentence] of [
      ['--weights missing.pth', 'missing.pth cannot be read: '],
      ['--weights text.pth', 'text.pth is not a .pth file of PyTorch (of torch.save)'],
      ['--weights other.safetensors', 'other.safetensors does not fit the net: it has no features.conv0.weight and'],
      ['--freeze all', 'Allowed choices are none, features.'],
    ]) {
      const { code, stderr } = await handgrad(
        ['train', ...NET, '--dataset', 'two.npz', ...flags.split(' '), '--out', 'run'],
        cwd,
      );
      expect(code, stderr).to.equal(2);
      expect(stderr).to.include(sentence);
    }
    expect(() => readFileSync(join(cwd, 'run', 'config.json'))).to.throw();
  });
});
