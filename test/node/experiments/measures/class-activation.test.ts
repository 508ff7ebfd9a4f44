import { expect } from 'chai';
import {
  array,
  Conv2d,
  ConvNet,
  Flatten,
  GlobalAvgPool2d,
  Linear,
  Random,
  Sequential,
  toNested,
} from '../../../../src/index.js';
import { classActivation } from '../../../../src/node/experiments/measures/class-activation.js';

describe('classActivation', () => {
  it('is the map times the mean gradient, cut off below 0, in an example worked by hand', () => {
    // Channel 0 is the image and channel 1 its double. Class 0 has the mean of channel 0 as its logit, class 1 minus that of channel 1.
    const conv = new Conv2d(1, 2, 1, { bias: false, dtype: 'float64' });
    conv.weight.value.data.set([1, 2]);
    const linear = new Linear(2, 2, { dtype: 'float64' });
    linear.weight.value.data.set([1, 0, 0, -1]);
    const net = new Sequential(conv, new GlobalAvgPool2d(), linear);
    const pixels = [1, -2, 0, 3, ...Array(12).fill(0)];
    const x = array([...pixels, ...pixels], [2, 1, 4, 4], 'float64');
    const maps = toNested(classActivation(net, x, [0, 1])) as number[][][];
    // dy₀/dA₀ = 1/16 everywhere, so α = (1/16, 0); dy₁/dA₁ = −1/16, so α = (0, −1/16).
    expect(maps[0].flat()).to.deep.equal([1 / 16, 0, 0, 3 / 16, ...Array(12).fill(0)]);
    expect(maps[1].flat()).to.deep.equal([0, 4 / 16, 0, 0, ...Array(12).fill(0)]);
  });

  it('looks at the last map of at least 4 × 4 pixels of the ConvNet', () => {
    const net = new ConvNet({ channels: 3, classes: 4, widths: [4, 4, 4, 4, 4], rng: new Random(1) });
    net.eval();
    const x = new Random(2).normal([3, 3, 32, 32]);
    const maps = classActivation(net, x, [0, 1, 3]);
    expect(maps.shape).to.deep.equal([3, 4, 4]);
    expect((toNested(maps) as number[][][]).flat(2).some((value) => value > 0)).to.equal(true);
  });

  it('says if no layer has such a map', () => {
    const net = new Sequential(new Flatten(), new Linear(9, 2));
    expect(() => classActivation(net, new Random(1).normal([1, 1, 3, 3]), [0])).to.throw(RangeError, '4 × 4');
  });
});
