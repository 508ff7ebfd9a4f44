import { expect } from 'chai';
import { AvgPool2d, array, toNested, zeros } from '../../src/index.js';

const dtype = 'float64';

describe('AvgPool2d', () => {
  it('averages each window, and shares the gradient among its pixels', () => {
    const layer = new AvgPool2d(2);
    const x = array(
      [
        [
          [
            [1, 3, 5, 6],
            [4, 4, 8, 1],
          ],
        ],
      ],
      dtype,
    );
    expect(toNested(layer.forward(x))).to.deep.equal([[[[3, 5]]]]);
    expect(toNested(layer.backward(array([[[[8, 20]]]], dtype)))).to.deep.equal([
      [
        [
          [2, 2, 5, 5],
          [2, 2, 5, 5],
        ],
      ],
    ]);
  });

  it('divides by the whole window, padding included', () => {
    const layer = new AvgPool2d([1, 2], { stride: 2, padding: [0, 1] });
    expect(toNested(layer.forward(array([[[[6, 2, 4, 8]]]], dtype)))).to.deep.equal([[[[3, 3, 4]]]]);
    expect(toNested(layer.backward(array([[[[2, 4, 6]]]], dtype)))).to.deep.equal([[[[1, 2, 2, 3]]]]);
  });

  it('refuses windows that are not possible, and images that are smaller than a window', () => {
    expect(() => new AvgPool2d(3, { stride: [1, 0] })).to.throw(
      'AvgPool2d: expected stride to be a whole number from 1',
    );
    expect(() => new AvgPool2d(2, { padding: 2 })).to.throw('AvgPool2d: expected a padding of at most half a window');
    expect(() => new AvgPool2d(3).forward(zeros([1, 1, 2, 5]))).to.throw(
      'AvgPool2d.forward: a window of 3 × 3 does not fit into an image of 2 × 5',
    );
  });
});
