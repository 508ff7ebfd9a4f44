import { expect } from 'chai';
import { Random } from '../../src/index.js';
import { EpochSampler } from '../../src/training/sampler.js';

describe('EpochSampler', () => {
  it('visits every sample once per epoch, each time in a new order, with a smaller last batch', () => {
    const sampler = new EpochSampler(10, 4, new Random(1));
    const epochs = [1, 2].map((epoch) => {
      const batches = [sampler.next(), sampler.next(), sampler.next()].map((batch) => [...batch]);
      expect(batches.map((batch) => batch.length)).to.deep.equal([4, 4, 2]);
      expect(sampler.epoch).to.equal(epoch);
      return batches.flat();
    });
    for (const order of epochs) expect([...order].sort((a, b) => a - b)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(epochs[0]).not.to.deep.equal(epochs[1]);
  });

  it('gives all samples at once if the batch is at least as large as the set', () => {
    expect(new EpochSampler(3, 5, new Random(1)).next().length).to.equal(3);
  });
});
