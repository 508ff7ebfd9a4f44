import { expect } from 'chai';
import { array, MaxPool2d, toNested, zeros } from '../../src/index.js';

const dtype = 'float64';

describe('MaxPool2d', () => {
  it('keeps the largest value of each window, and sends the gradient there', () => {
    const layer = new MaxPool2d(2);
    const x = array(
      [
        [
          [
            [1, 3, 5, 6],
            [4, 2, 8, 7],
          ],
        ],
      ],
      dtype,
    );
    expect(toNested(layer.forward(x))).to.deep.equal([[[[4, 8]]]]);
    expect(toNested(layer.backward(array([[[[10, 20]]]], dtype)))).to.deep.equal([
      [
        [
          [0, 0, 0, 0],
          [10, 0, 20, 0],
        ],
      ],
    ]);
  });

  it('sends the gradient of a tie to the first of the equal values alone', () => {
    const layer = new MaxPool2d([1, 3]);
    layer.forward(array([[[[2, 7, 7]]]], dtype));
    expect(toNested(layer.backward(array([[[[1]]]], dtype)))).to.deep.equal([[[[0, 1, 0]]]]);
  });

  it('adds what reaches one pixel from windows that overlap', () => {
    const layer = new MaxPool2d([1, 2], { stride: 1 });
    layer.forward(array([[[[1, 9, 2]]]], dtype));
    expect(toNested(layer.backward(array([[[[10, 20]]]], dtype)))).to.deep.equal([[[[0, 30, 0]]]]);
  });

  it('gives the pixels that no window reaches a gradient of 0, and never takes the padding', () => {
    const layer = new MaxPool2d(2, { stride: 2, padding: 1 });
    const x = array([[[[-4, -3, -2, -1]]]], dtype);
    expect(toNested(layer.forward(x))).to.deep.equal([[[[-4, -2, -1]]]]);
    const small = new MaxPool2d([1, 2]);
    small.forward(array([[[[1, 2, 3]]]], dtype));
    expect(toNested(small.backward(array([[[[5]]]], dtype)))).to.deep.equal([[[[0, 5, 0]]]]);
  });

  it('refuses windows that are not possible, and images that are smaller than a window', () => {
    expect(() => new MaxPool2d(0)).to.throw('MaxPool2d: expected kernelSize to be a whole number from 1 up');
    expect(() => new MaxPool2d(3, { padding: 2 })).to.throw(
      'MaxPool2d: expected a padding of at most half a window of 3 × 3, got 2 × 2',
    );
    expect(() => new MaxPool2d(3).forward(zeros([1, 1, 2, 5]))).to.throw(
      'MaxPool2d.forward: a window of 3 × 3 does not fit into an image of 2 × 5',
    );
    expect(() => new MaxPool2d(3).forward(zeros([4, 5]))).to.throw(
      'MaxPool2d.forward: expected x of shape (N, C, H, W), got (4, 5)',
    );
  });
});
