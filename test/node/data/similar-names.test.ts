import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { findMnist } from '../../../src/node/data/mnist-read.js';
import { similarNames } from '../../../src/node/data/similar-names.js';
import { temporaryFolders } from '../../support/temporary.js';

describe('similarNames', () => {
  const newFolder = temporaryFolders();

  it('finds files whose names differ in one character or in case, and no others', () => {
    const folder = newFolder();
    for (const name of ['train.images', 'TEST-IMAGES.gz', 'labels', 'trainimages2'])
      writeFileSync(join(folder, name), '');
    const hints = similarNames(folder, ['train-images', 'test-images', 'label-file']);
    expect(hints).to.equal(
      '; train.images is there: rename it to train-images; TEST-IMAGES.gz is there: rename it to test-images.gz',
    );
    expect(similarNames(join(folder, 'absent'), ['labels'])).to.equal('');
  });

  it('makes findMnist name the files of a folder in which all names have a dot for a hyphen', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'train-images.idx3-ubyte'), '');
    expect(() => findMnist(folder)).to.throw(
      't10k-labels-idx1-ubyte missing; train-images.idx3-ubyte is there: rename it to train-images-idx3-ubyte',
    );
  });
});
