import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { encode } from 'fast-png';
import { array, concatenate, encodeNpz, ImageSet, type NdArray, oneHot, reshape } from '../../../src/index.js';
import { loadOwnSet } from '../../../src/node/data/own-set.js';
import { stratifiedSplit } from '../../../src/node/data/stratified-split.js';
import { handgrad } from '../../support/command.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

const NAMES = ['cifar10', 'mnist'];
const newFolder = temporaryFolders();

/** Writes a picture of one color, gray or red, green and blue. */
function writePicture(path: string, color: readonly number[], [height, width] = [3, 4]): void {
  mkdirSync(dirname(path), { recursive: true });
  const data = new Uint8Array(height * width * color.length).map((_, i) => color[i % color.length]);
  writeFileSync(path, encode({ height, width, data, channels: color.length, depth: 8 }));
}

/** Twenty pictures in two class folders. */
function writePets(folder: string): string {
  for (let i = 0; i < 10; i++) {
    writePicture(join(folder, 'cat', `${i}.png`), [200 + i, 10, 20]);
    writePicture(join(folder, 'dog', `${i}.png`), [10, 20, 200 + i]);
  }
  return folder;
}

async function load(path: string, notes: string[] = []): Promise<{ train: ImageSet; test: ImageSet }> {
  const { train, test } = await loadOwnSet(path, NAMES, { onNote: (note) => notes.push(note) });
  if (!(train instanceof ImageSet && test instanceof ImageSet)) throw new Error('not images');
  return { train, test };
}
const refused = async (path: string) => (await errorOf(() => load(path))).message;

describe('a folder with one folder of pictures per class', () => {
  it('is divided: a fifth of each class is for the test, always the same', async () => {
    const folder = writePets(newFolder());
    const notes: string[] = [];
    const { train, test } = await load(folder, notes);
    expect(train.classNames).to.deep.equal(['cat', 'dog']);
    expect(train.shape).to.deep.equal({ channels: 3, height: 3, width: 4 });
    const labels = (set: typeof train) => Array.from({ length: set.count }, (_, i) => set.label(i));
    expect(labels(train)).to.deep.equal([...Array(8).fill(0), ...Array(8).fill(1)]);
    expect(labels(test)).to.deep.equal([0, 0, 1, 1]);
    expect([...train.image(15).slice(0, 12)]).to.deep.equal(Array(12).fill(10)); // the red channel of a dog
    expect(notes.join()).to.include('4 of the 20 pictures');
    const again = await load(folder);
    expect([...again.test.image(0)]).to.deep.equal([...test.image(0)]);
  });

  it('keeps the parts train and test, and the names of the classes of train', async () => {
    const folder = newFolder();
    for (const [part, name] of [
      ['train', 'b'],
      ['train', 'a'],
      ['test', 'b'],
    ])
      writePicture(join(folder, part, name, 'x.png'), [7]);
    const { train, test } = await load(folder);
    expect([train.count, test.count, test.label(0)]).to.deep.equal([2, 1, 1]);
    expect(train.shape.channels).to.equal(1);
    writePicture(join(folder, 'test', 'c', 'x.png'), [7]);
    expect(await refused(folder)).to.include('there is no class c in train');
  });

  it('resizes pictures of different sizes to 32 × 32, and turns gray ones into color if one is in color', async () => {
    const folder = writePets(newFolder());
    writePicture(join(folder, 'cat', 'large.png'), [90], [50, 40]);
    const notes: string[] = [];
    const { train } = await load(folder, notes);
    expect(train.shape).to.deep.equal({ channels: 3, height: 32, width: 32 });
    expect(notes.join()).to.include('resized to 32 × 32 pixels');
  });

  it('is refused with the name of what is wrong: no folders, a class without pictures, a file that is not a picture', async () => {
    const folder = writePets(newFolder());
    expect(await refused(join(folder, 'cat'))).to.match(/cat has 0 folders; expected from 2 to 256/);
    writeFileSync(join(folder, 'cat', 'zz.png'), 'text');
    expect(await refused(folder)).to.match(/zz\.png is .*not a PNG or JPEG picture/);
    rmSync(join(folder, 'cat', 'zz.png'));
    mkdirSync(join(folder, 'empty'));
    expect(await refused(folder)).to.match(/empty has no PNG or JPEG files/);
    expect(await refused(join(folder, 'none'))).to.match(
      /none does not exist; the data sets with a name are cifar10, mnist/,
    );
  });
});

describe('an .npz file with x_train and y_train', () => {
  const images = (N: number) => Array.from({ length: N * 12 }, (_, i) => i % 256);
  const labels = (N: number) => array(Array.from({ length: N }, (_, i) => i % 3));
  const write = (arrays: Record<string, NdArray>) => {
    const path = join(newFolder(), 'data.npz');
    writeFileSync(path, encodeNpz(arrays));
    return path;
  };

  it('keeps its test part, and reads labels that are numbers, a column, or one-hot', async () => {
    for (const y of [
      labels(9),
      reshape(labels(9), [9, 1]),
      oneHot(
        Array.from({ length: 9 }, (_, i) => i % 3),
        3,
      ),
    ]) {
      const path = write({
        x_train: array(images(9), [9, 3, 4]),
        y_train: y,
        x_test: array(images(2), [2, 3, 4]),
        y_test: labels(2),
      });
      const { train, test } = await load(path);
      expect(train.shape).to.deep.equal({ channels: 1, height: 3, width: 4 });
      expect([...train.image(1)]).to.deep.equal(images(2).slice(12));
      expect([train.count, test.count, train.label(5), test.label(1)]).to.deep.equal([9, 2, 2, 1]);
      expect(train.classNames).to.deep.equal(['0', '1', '2']);
    }
  });

  it('reads channels that are last or first, and values from 0 to 1', async () => {
    const last = array(
      Array.from({ length: 60 * 12 }, (_, i) => (i % 3) / 2),
      [60, 2, 2, 3],
    );
    const { train } = await load(write({ x_train: last, y_train: labels(60) }));
    expect(train.shape).to.deep.equal({ channels: 3, height: 2, width: 2 });
    expect([...train.image(0)]).to.deep.equal([0, 0, 0, 0, 128, 128, 128, 128, 255, 255, 255, 255]);
    const first = array(
      Array.from({ length: 60 * 12 }, (_, i) => i % 12),
      [60, 3, 2, 2],
    );
    expect([...(await load(write({ x_train: first, y_train: labels(60) }))).train.image(3)]).to.deep.equal(images(1));
  });

  it('notes that values between the 256 levels were rounded, and only then', async () => {
    const x = (value: number) => array([...images(8).map((pixel) => pixel / 255), ...Array(12).fill(value)], [9, 3, 4]);
    const notes: string[] = [];
    await load(write({ x_train: x(0.3), y_train: labels(9) }), notes);
    expect(notes.join()).to.include('rounded to 256 levels, such as 0.3').and.include('to 77/255');
    const others: string[] = [];
    await load(write({ x_train: x(0.2), y_train: labels(9) }), others);
    expect(others.join()).not.to.include('levels');
  });

  it('takes the scale of both parts from x_train', async () => {
    const part = (pixels: number) => array(Array(12).fill(pixels), [1, 3, 4]);
    const both = (train: number, test: number) =>
      write({
        x_train: concatenate([part(0), part(train)]),
        y_train: labels(2),
        x_test: part(test),
        y_test: labels(1),
      });
    expect([...(await load(both(200, 1))).test.image(0)]).to.deep.equal(Array(12).fill(1)); // a dark image, not a light one
    expect(await refused(both(1, 200))).to.match(
      /x_test has values from 200 to 200; expected pixels from 0 to 1, as in/,
    );
  });

  it('is refused with the name of the array that is wrong', async () => {
    const x = array(images(9), [9, 3, 4]);
    for (const [arrays, sentence] of [
      [{ x_train: x }, /data\.npz has no y_train; it has x_train/],
      [{ x_train: x, y_train: labels(8) }, /x_train has 9 images, and y_train has 8 labels/],
      [{ x_train: array([-1, 300], [2, 1, 1]), y_train: labels(2) }, /x_train has values from -1 to 300/],
      [{ x_train: array([0, 3.7], [2, 1, 1]), y_train: labels(2) }, /x_train has the value 3.7\d*; expected whole/],
      [
        { x_train: array(images(9), [9, 3, 2, 2, 1]), y_train: labels(9) },
        /x_train has shape \(9, 3, 2, 2, 1\); expected/,
      ],
      [{ x_train: x, y_train: array(Array(9).fill(0.5)) }, /y_train has the label 0.5/],
      [{ x_train: x, y_train: array(Array(9).fill(0)) }, /expected from 2 to 256 classes/],
    ] as const)
      expect(await refused(write(arrays))).to.match(sentence);
  });
});

describe('stratifiedSplit', () => {
  it('puts every position in one part, and at least one of each class of two or more in the test', () => {
    const labels = [0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2];
    const { train, test } = stratifiedSplit(labels);
    expect([...train, ...test].sort((a, b) => a - b)).to.deep.equal(labels.map((_, i) => i));
    expect(test.map((i) => labels[i])).to.deep.equal([0, 2, 2]);
  });
});

describe('handgrad with a user’s own pictures', function () {
  this.timeout(120_000);

  it('goes from twenty pictures to a trained net to a predicted picture in three commands', async () => {
    const cwd = newFolder();
    writePets(join(cwd, 'pets'));
    const said = await handgrad(['data', 'pets', '--json'], cwd);
    expect(JSON.parse(said.stdout)).to.deep.include({ train: 16, test: 4, classes: ['cat', 'dog'], shape: [3, 3, 4] });
    const flags = '--dataset pets --max-steps 30 --batch-size 8 --eval-every 10 --out run --json'.split(' ');
    const trained = await handgrad(['train', ...flags], cwd);
    expect(trained.code, trained.stderr).to.equal(0);
    expect(JSON.parse(trained.stdout).testAccuracy).to.equal(1);
    const predicted = await handgrad(['predict', 'run', 'pets/dog/3.png'], cwd);
    expect(predicted.stdout).to.match(/dog (9\d|100)/);
    expect((await handgrad(['evaluate', 'run'], cwd)).stdout).to.include('test accuracy 1.0000');
    const wrong = await handgrad(['train', '--dataset', 'pets', '--augment', 'shift:9', '--out', 'x'], cwd);
    expect(wrong.stderr).to.include('shift:9 would leave nothing');
    expect(wrong.code).to.equal(2);
    const twice = await handgrad(['train', '--dataset', 'pets', '--data-dir', 'pets', '--out', 'x'], cwd);
    expect(twice.stderr).to.include('--data-dir is for a data set with a name');
  });

  it('goes from an .npz file that NumPy wrote to a trained net to a predicted array in three commands', async () => {
    const cwd = newFolder();
    for (const name of ['own.npz', 'own-image.npy'])
      cpSync(new URL(`../../fixtures/${name}`, import.meta.url), join(cwd, name));
    const said = await handgrad(['data', 'own.npz', '--json'], cwd);
    expect(JSON.parse(said.stdout)).to.deep.include({ train: 32, test: 8, classes: ['0', '1'], shape: [1, 8, 8] });
    const flags = '--dataset own.npz --max-steps 30 --batch-size 8 --eval-every 10 --out run --json'.split(' ');
    const trained = await handgrad(['train', ...flags], cwd);
    expect(trained.code, trained.stderr).to.equal(0);
    expect(JSON.parse(trained.stdout).testAccuracy).to.equal(1);
    const predicted = await handgrad(['predict', 'run', 'own-image.npy'], cwd);
    expect(predicted.stdout, predicted.stderr).to.match(/\b1 (9\d|100)/);
  });
});
