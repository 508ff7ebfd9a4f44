import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FASHION_MNIST } from '../../../src/data/fashion-mnist-facts.js';
import { InputError } from '../../../src/index.js';
import { cacheFolder, loadFashionMnist, loadMnist } from '../../../src/node.js';
import { mnistFolder, realMnist } from '../../support/mnist.js';
import { skip } from '../../support/skip.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

const DEBIAN = '/usr/share/datasets/fashion-mnist';

describe('Fashion-MNIST', () => {
  const newFolder = temporaryFolders();

  it('says where to get its files when a folder is empty or absent', async () => {
    const folder = newFolder();
    for (const [dataDir, state] of [
      [folder, 'does not contain Fashion-MNIST: it has no train-images-idx3-ubyte, gzipped or not'],
      [join(folder, 'absent'), 'does not exist'],
    ]) {
      const error = await errorOf(() => loadFashionMnist({ dataDir }));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(`${dataDir} ${state}; get its four files from https://github.com/`);
      expect(error.message).to.include('Debian package dataset-fashion-mnist').and.include('--data-dir');
    }
  });

  it('is not confused with MNIST: a folder of MNIST is named as such', async function () {
    await realMnist(this);
    const error = await errorOf(() => loadFashionMnist({ dataDir: mnistFolder }));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.equal(
      `${join(mnistFolder, 'train-images-idx3-ubyte')} belongs to MNIST, not to Fashion-MNIST; --dataset mnist reads it`,
    );
  });

  it('is read with its known first labels and counts, and is refused by name as MNIST', async function () {
    const dataDir = [join(cacheFolder(), FASHION_MNIST.name), DEBIAN].find(existsSync);
    if (!dataDir) skip(this, `these tests need Fashion-MNIST in ${DEBIAN} (Debian package dataset-fashion-mnist)`);
    const { train, test, fetched } = await loadFashionMnist({ dataDir });
    expect([train.count, test.count, train.width, fetched]).to.deep.equal([60_000, 10_000, 784, false]);
    expect(Array.from({ length: 10 }, (_, i) => train.label(i))).to.deep.equal([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
    const counts = Array<number>(10).fill(0);
    for (let i = 0; i < train.count; i++) counts[train.label(i)]++;
    expect(counts).to.deep.equal(Array(10).fill(6000));
    const error = await errorOf(() => loadMnist({ dataDir }));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.include('belongs to Fashion-MNIST, not to MNIST; --dataset fashion-mnist reads it');
  });
}).timeout(60_000);
