import { expect } from 'chai';
import { array, InputError, toNested, transpose, zeros } from '../../../src/array/index.js';
import { samplesIn } from '../../../src/node/runs/sample-arrays.js';

describe('samplesIn', () => {
  const count = array(
    Float64Array.from({ length: 48 }, (_, i) => i),
    [2, 3, 2, 4],
  );

  it('takes a batch, or one sample', () => {
    expect(samplesIn(count, [3, 2, 4], 'x')).to.deep.equal({ x: count, wasChannelsLast: false });
    const one = array(
      Float64Array.from({ length: 24 }, (_, i) => i),
      [3, 2, 4],
    );
    expect(samplesIn(one, [3, 2, 4], 'x').x.shape).to.deep.equal([1, 3, 2, 4]);
    expect(samplesIn(zeros([5]), [5], 'x').x.shape).to.deep.equal([1, 5]);
    expect(samplesIn(zeros([7, 5]), [5], 'x').x.shape).to.deep.equal([7, 5]);
  });

  it('moves channels from the last axis to the first', () => {
    const last = transpose(count, [0, 2, 3, 1]); // (N, H, W, C)
    const { x, wasChannelsLast } = samplesIn(last, [3, 2, 4], 'x');
    expect([toNested(x), wasChannelsLast]).to.deep.equal([toNested(count), true]);
  });

  it('reads a shape that fits both ways as channels first', () => {
    expect(samplesIn(zeros([3, 3, 3]), [3, 3, 3], 'x').wasChannelsLast).to.equal(false);
  });

  it('takes gray images without an axis for channels', () => {
    for (const [shape, N] of [
      [[5, 6], 1],
      [[2, 5, 6], 2],
      [[5, 6, 1], 1],
      [[2, 1, 5, 6], 2],
    ] as const) {
      expect(samplesIn(zeros([...shape]), [1, 5, 6], 'x').x.shape).to.deep.equal([N, 1, 5, 6]);
    }
  });

  it('refuses other shapes with a sentence', () => {
    for (const shape of [[3, 2, 5], [24], [0, 3, 2, 4], [1, 2, 3, 2, 4], []]) {
      expect(() => samplesIn(zeros(shape), [3, 2, 4], 'a.npy')).to.throw(
        InputError,
        /^a\.npy has shape .*, and the net takes \(3, 2, 4\) or \(N, 3, 2, 4\)$/,
      );
    }
  });
});
