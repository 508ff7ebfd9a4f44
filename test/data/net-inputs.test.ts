import { expect } from 'chai';
import { array, encodeNpz, full, InputError, toNested } from '../../src/array/index.js';
import { centered, scaled } from '../../src/data/batch-source.js';
import { ImageSet } from '../../src/data/image-set.js';
import { assertInputsFit, decodeInputs, encodeInputs, inputsOf, targetValues } from '../../src/data/net-inputs.js';

describe('inputs.npz', () => {
  const mean = array([[[100.25, 3.5, 200]]], [1, 1, 3], 'float64');

  it('holds the mean and the factor exactly', () => {
    const { mean: read, factor } = decodeInputs(encodeInputs({ mean, factor: 1 / 127.5 }));
    expect(toNested(read)).to.deep.equal(toNested(mean));
    expect([read.shape, read.dtype, factor]).to.deep.equal([[1, 1, 3], 'float64', 1 / 127.5]);
  });

  it('makes the same inputs as training does, to the last bit', () => {
    const labels = Uint8Array.from([0, 0]);
    const bytes = Uint8Array.from([3, 255, 17, 80, 0, 199]);
    const block = { bytes, first: 0, stride: 3, labels };
    const set = new ImageSet([block], { channels: 1, height: 1, width: 3 }, ['a']);
    const x = array(Float32Array.from(bytes), [2, 1, 1, 3]);
    for (const factor of [1, 1 / 127.5]) {
      const trained = scaled(centered(set, [100.25, 3.5, 200]), factor).batch([0, 1]).x;
      expect(toNested(inputsOf(x, { mean, factor }))).to.deep.equal(toNested(trained));
    }
  });

  const one = full([1], 1, 'float64');
  const refused: [what: string, bytes: Uint8Array, message: string][] = [
    ['no archive', Uint8Array.from([1, 2, 3]), 'x is not a readable .npz file'],
    ['other arrays', encodeNpz({ weight: one }), 'x is not the inputs.npz of a run: it has no mean and factor'],
    ['two factors', encodeNpz({ mean, factor: full([2], 1, 'float64') }), 'x has a factor of shape (2,), not (1,)'],
    ['a factor of 0', encodeInputs({ mean, factor: 0 }), 'x holds numbers that are not finite, or a factor of 0'],
    ['NaN', encodeInputs({ mean: full([1], NaN), factor: 1 }), 'x holds numbers that are not finite'],
  ];
  for (const [what, bytes, message] of refused) {
    it(`with ${what} is refused with a sentence`, () => {
      expect(() => decodeInputs(bytes, 'x')).to.throw(InputError, message);
    });
  }

  it('has to fit the samples of the net', () => {
    expect(() => assertInputsFit({ mean, factor: 1 }, { sample: [3, 1, 1] }, 'x')).to.throw(
      InputError,
      'x has a mean of shape (1, 1, 3), and the net takes samples of shape (3, 1, 1)',
    );
    expect(() => assertInputsFit({ mean, factor: 1 }, { sample: [1, 1, 3], targets: ['y'] }, 'x')).to.throw(
      InputError,
      'x has the scale of 0 targets, and the net predicts 1',
    );
  });

  it('holds a factor per feature, and the scale of numbers to predict, exactly', () => {
    const row = (values: number[]) => array(values, [values.length], 'float64');
    const inputs = {
      mean: row([1e9, 2]),
      factor: row([0.5, 1 / 3]),
      targets: { mean: row([400_000]), deviation: row([150_000.5]) },
    };
    const read = decodeInputs(encodeInputs(inputs));
    expect(toNested(inputsOf(array([[1e9 + 4, 5]], undefined, 'float64'), read))).to.deep.equal([[2, 1]]);
    expect(toNested(targetValues(array([[2]]), read))).to.deep.equal([[700_001]]);
    for (const [change, message] of [
      [{ factor: row([1, 0]) }, 'a factor of 0'],
      [{ factor: row([1, 1, 1]) }, 'a factor of shape (3,), not (1,) or (2,)'],
      [{ targets: { mean: row([1]), deviation: row([0]) } }, 'a deviation of 0'],
      [{ targets: { mean: row([1]), deviation: row([1, 2]) } }, 'no target_mean and target_deviation of one shape'],
    ] as const)
      expect(() => decodeInputs(encodeInputs({ ...inputs, ...change }))).to.throw(InputError, message);
  });
});
