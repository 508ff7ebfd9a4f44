import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, encodeNpz, Random } from '../../../src/index.js';
import { handgrad } from '../../support/command.js';
import { temporaryFolders } from '../../support/temporary.js';

/** Writes a set of bright and dark images. */
function writeImages(path: string, side: number): void {
  const rng = new Random(1);
  const count = 24;
  const each = side * side;
  const labels = Float64Array.from({ length: count }, (_, n) => n % 2);
  const pixels = Float64Array.from({ length: count * each }, (_, i) =>
    Math.floor(100 * labels[Math.floor(i / each)] + 100 * rng.next()),
  );
  const x = array(pixels, [count, side, side]);
  const y = array(labels, [count]);
  writeFileSync(path, encodeNpz({ x_train: x, y_train: y, x_test: x, y_test: y }));
}

describe('runs of published nets', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  for (const flags of [
    '--model vgg11 --norm batch --widths 4,4,6,8,8',
    '--model vgg19 --widths 8,8,8,8,8',
    '--model densenet121 --growth 4 --blocks 2,2,1 --stem small',
  ])
    it(`${flags}: trains, and evaluates the same again`, async () => {
      const cwd = newFolder();
      writeImages(join(cwd, 'own.npz'), 32);
      const steps = '--learning-rate 1e-2 --max-steps 8 --eval-every 8 --batch-size 8 --out run'.split(' ');
      const trained = await handgrad(['train', '--dataset', 'own.npz', ...flags.split(' '), ...steps, '--json'], cwd);
      expect(trained.code, trained.stderr).to.equal(0);
      const { history } = JSON.parse(trained.stdout);
      const again = JSON.parse((await handgrad(['evaluate', 'run', '--json'], cwd)).stdout);
      expect(again.testLoss).to.be.closeTo(history.evaluations.at(-1).testLoss, 1e-12);
    });

  it('refuse images that are too small for the net, batches of one image, and settings that the net does not have', async () => {
    const cwd = newFolder();
    writeImages(join(cwd, 'small.npz'), 20);
    for (const [flags, sentence] of [
      [
        '--model vgg16 --dataset small.npz',
        '--model vgg16 takes images from 32×32 up, and those of the data are 20×20',
      ],
      ['--model vgg16 --dataset mnist', '--model vgg16 takes images from 32×32 up, and those of the data are 28×28'],
      ['--model densenet121 --dataset small.npz', '--model densenet121 takes images from 29×29 up'],
      ['--model densenet121 --batch-size 1', '--model densenet121 needs two images or more in every batch'],
      ['--model vgg11 --norm batch --batch-size 1', '--norm batch needs two images or more in every batch'],
      ['--model vgg11 --norm layer', 'Allowed choices are none, batch.'],
      ['--model densenet121 --blocks 0', 'Expected numbers of layers from 1 to 1000'],
      ['--model densenet121 --blocks 1000000000,1,1,1', 'Expected numbers of layers from 1 to 1000'],
      [
        '--model densenet121 --growth 1000000',
        'makes a net of 6,700,003,228,000,010 parameters; 536,870,912 is the limit',
      ],
      ['--model vgg16 --widths 64,128,256,512,1000000', 'parameters; 536,870,912 is the limit'],
      ['--model convnet --widths 64,128,256,100000,100000', 'parameters; 536,870,912 is the limit'],
    ]) {
      const { code, stderr } = await handgrad(['train', '--batch-size', '8', ...flags.split(' '), '--out', 'run'], cwd);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.include(sentence);
    }
  });
});
