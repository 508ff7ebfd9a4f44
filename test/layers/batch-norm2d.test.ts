import { expect } from 'chai';
import { BatchNorm1d, BatchNorm2d, mean, reshape, square, subtract, transpose, zeros } from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';

describe('BatchNorm2d', () => {
  it('gives every channel mean 0 and variance 1 over all pixels of the batch', () => {
    const out = new BatchNorm2d(3, { dtype }).forward(normal([4, 3, 5, 6], 1));
    expectClose(mean(out, [0, 2, 3]), [0, 0, 0], 1e-14);
    expectClose(mean(square(subtract(out, mean(out, [0, 2, 3], true))), [0, 2, 3]), [1, 1, 1], 1e-4);
  });

  it('is BatchNorm1d with every pixel as a sample, running statistics included', () => {
    const [images, rows] = [new BatchNorm2d(3, { dtype }), new BatchNorm1d(3, { dtype })];
    const pixels = (x: ReturnType<typeof normal>) => reshape(transpose(x, [0, 2, 3, 1]), [-1, 3]);
    const [x, dout] = [normal([2, 3, 4, 5], 1), normal([2, 3, 4, 5], 2)];
    expectClose(pixels(images.forward(x)), rows.forward(pixels(x)), 1e-13);
    expectClose(pixels(images.backward(dout)), rows.backward(pixels(dout)), 1e-13);
    expectClose(images.gamma.grad, rows.gamma.grad, 1e-13);
    expectClose(images.runningVar, rows.runningVar, 1e-14);
  });

  it('trains on one image of several pixels, and refuses one image of one pixel', () => {
    const layer = new BatchNorm2d(3);
    expect(layer.forward(normal([1, 3, 2, 1], 1, 'float32')).shape).to.deep.equal([1, 3, 2, 1]);
    expect(() => layer.forward(zeros([1, 3, 1, 1]))).to.throw(
      'BatchNorm2d.forward: expected more than one value per feature in training, got x of shape (1, 3, 1, 1)',
    );
  });

  it('refuses rows, and names itself', () => {
    expect(() => new BatchNorm2d(3).forward(zeros([4, 3]))).to.throw(
      'BatchNorm2d.forward: expected x of shape (N, 3, H, W), got (4, 3)',
    );
    expect(() => new BatchNorm2d(0)).to.throw('BatchNorm2d: expected a whole number of features from 1 up, got 0');
    expect(() => new BatchNorm2d(3, { eps: 0 })).to.throw('BatchNorm2d: expected a positive eps, got 0');
  });
});
