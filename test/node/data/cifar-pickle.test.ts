import { expect } from 'chai';
import { InputError } from '../../../src/index.js';
import { readPickle } from '../../../src/node/data/cifar-pickle.js';
import { protocol5Pickle } from '../../support/pickles.js';

const CIFAR10 = { set: 'CIFAR-10', images: 10_000, labels: ['labels'] };

describe('readPickle', () => {
  it('reads a pickle of protocol 5, in which NumPy writes an array in another way', () => {
    const { pixels, labels } = readPickle(protocol5Pickle(), 'data_batch_1', CIFAR10);
    expect([pixels.length, pixels[0], pixels.at(-1)]).to.deep.equal([10_000 * 3072, 0, 255]);
    expect(new Set(labels[0])).to.deep.equal(new Set([7]));
  });

  it('says which protocols can be read when a pickle does not say which one it has', () => {
    expect(() => readPickle(Buffer.from('(dp0\n.'), 'data_batch_1', CIFAR10)).to.throw(
      InputError,
      /^data_batch_1 is not a .*; pickles of the protocols 1 to 5 can be read$/,
    );
  });
});
