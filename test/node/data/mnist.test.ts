import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { MNIST_FILES } from '../../../src/data/mnist-facts.js';
import { PIXELS, preprocessed } from '../../../src/data/pixel-scale.js';
import { InputError } from '../../../src/index.js';
import { type LoadedSet, loadMnist } from '../../../src/node.js';
import { mnistFolder, realMnist } from '../../support/mnist.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('the real MNIST', () => {
  const newFolder = temporaryFolders();
  let set: LoadedSet;

  before(async function () {
    set = await realMnist(this);
  });

  /** A folder with the real files, as links, except one. */
  function folderWithout(absent: string): string {
    const folder = newFolder();
    for (const { name } of MNIST_FILES) {
      if (name !== absent) symlinkSync(join(mnistFolder, name), join(folder, name));
    }
    return folder;
  }

  it('has 60,000 training and 10,000 test images, of which the first are the known ones', () => {
    expect([set.train.count, set.test.count, set.train.width]).to.deep.equal([60_000, 10_000, 784]);
    const first = (half: 'train' | 'test') => Array.from({ length: 10 }, (_, i) => set[half].label(i));
    expect(first('train')).to.deep.equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(first('test')).to.deep.equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  it('has the known mean and deviation of its pixels', () => {
    let [total, squares] = [0, 0];
    for (let i = 0; i < set.train.count; i++) {
      for (const byte of set.train.image(i)) {
        total += byte;
        squares += byte * byte;
      }
    }
    const mean = total / (60_000 * 784);
    expect(mean / 255).to.be.closeTo(0.1307, 5e-5);
    expect(Math.sqrt(squares / (60_000 * 784) - mean * mean) / 255).to.be.closeTo(0.3081, 5e-5);
  });

  it('is drawn between −1 and 1 with symmetric pixels, for every set', () => {
    const { x, targets } = preprocessed(set.test, PIXELS.symmetric(set.train)).batch([3, 1]);
    expect([x.shape, targets.shape]).to.deep.equal([
      [2, 1, 28, 28],
      [2, 10],
    ]);
    set.test.image(3).forEach((byte, d) => {
      expect(x.get(0, 0, Math.floor(d / 28), d % 28)).to.be.closeTo((byte / 255 - 0.5) / 0.5, 1e-6);
    });
    expect([targets.get(0, 0), targets.get(1, 2)]).to.deep.equal([1, 1]);
  });

  it('is read gzipped as well, file by file', async () => {
    const folder = newFolder();
    for (const { name } of MNIST_FILES) {
      const bytes = readFileSync(join(mnistFolder, name));
      if (name.startsWith('t10k')) writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 1 }));
      else symlinkSync(join(mnistFolder, name), join(folder, name));
    }
    const { train, test } = await loadMnist({ dataDir: folder });
    expect([train.count, test.count, test.label(9999)]).to.deep.equal([60_000, 10_000, set.test.label(9999)]);
    expect(Buffer.compare(test.image(9999), set.test.image(9999))).to.equal(0);
  });

  it('is refused with a sentence that names a file that is missing, incomplete, damaged or of another set', async () => {
    const labels = 't10k-labels-idx1-ubyte';
    const missing = folderWithout(labels);
    const incomplete = await errorOf(() => loadMnist({ dataDir: missing }));
    expect(incomplete).to.be.instanceOf(InputError);
    expect(incomplete.message).to.equal(`${missing} is incomplete: ${labels} missing`);

    const original = readFileSync(join(mnistFolder, labels));
    const changed = Uint8Array.from(original);
    changed[5000] = (changed[5000] + 1) % 10;
    for (const [bytes, sentence] of [
      [original.subarray(0, 5000), 'is incomplete: its shape is (10000,)'],
      [changed, 'is damaged: its content has md5'],
      [Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]), 'is not a file of MNIST: it has 2 bytes, not 10000'],
    ] as const) {
      const folder = folderWithout(labels);
      writeFileSync(join(folder, labels), bytes);
      const error = await errorOf(() => loadMnist({ dataDir: folder }));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(join(folder, labels)).and.include(sentence);
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused when the folder is empty or absent', async () => {
    const folder = newFolder();
    for (const [dataDir, sentence] of [
      [folder, 'does not contain MNIST: it has no train-images-idx3-ubyte, gzipped or not'],
      [join(folder, 'absent'), 'does not exist'],
    ]) {
      const error = await errorOf(() => loadMnist({ dataDir }));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.equal(
        `${dataDir} ${sentence}; \`handgrad data mnist --data-dir DIR\` fetches the set into a folder`,
      );
    }
  });
}).timeout(60_000);
