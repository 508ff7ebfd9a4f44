import { expect } from 'chai';
import { agrees, deviation } from '../../bench/compare.js';
import { CONVNET } from '../../bench/image-nets.js';
import { SAMPLES, samplesOfEach } from '../../bench/protocol.js';
import type { Task } from '../../bench/tasks.js';

describe("the bench's comparison of results", () => {
  const train: Task = { kind: 'train-images', net: CONVNET, batch: 32 };

  it('allows 3e-6 of the largest loss in the first step of an image net, and 1e-4 in the others', () => {
    const expected = [2.5, 0.5, 0.1];
    const moved = (i: number, by: number) => expected.map((loss, j) => (i === j ? loss + 2.5 * by : loss));
    expect([0, 1, 2].map((i) => agrees(train, moved(i, 2e-6), expected))).to.deep.equal([true, true, true]);
    expect([0, 1, 2].map((i) => agrees(train, moved(i, 5e-6), expected))).to.deep.equal([false, true, true]);
    expect([0, 1, 2].map((i) => agrees(train, moved(i, 2e-4), expected))).to.deep.equal([false, false, false]);
  });

  it('never accepts NaN, infinity or a result of another length', () => {
    for (const wrong of [[1, Number.NaN], [1, Infinity], [1], [1, 2, 3], []]) {
      expect(agrees(train, wrong, [1, 2]), String(wrong)).to.equal(false);
      expect(deviation(wrong, [1, 2]), String(wrong)).to.equal(Infinity);
    }
  });

  it('takes equally many numbers of each result, with the first and the last', () => {
    const samples = samplesOfEach([[...Array(1000).keys()], [...Array(50).keys()].map((i) => -i), [7]]);
    expect(samples).to.have.length(3 * Math.floor(SAMPLES / 3));
    expect([samples[0], samples[20]]).to.deep.equal([0, 999]);
    expect([samples[21], samples[41]]).to.deep.equal([-0, -49]);
    expect(new Set(samples.slice(42))).to.deep.equal(new Set([7]));
  });
});
