import { expect } from 'chai';
import { AvgPool2d, array, GlobalAvgPool2d, reshape, toNested, zeros } from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';

describe('GlobalAvgPool2d', () => {
  it('averages every channel, and shares the gradient among its pixels', () => {
    const layer = new GlobalAvgPool2d();
    expect(toNested(layer.forward(array([[[[1, 3]], [[10, 30]]]], dtype)))).to.deep.equal([[2, 20]]);
    expect(toNested(layer.backward(array([[4, 6]], dtype)))).to.deep.equal([[[[2, 2]], [[3, 3]]]]);
  });

  it('is an average pooling whose window is the image', () => {
    const [layer, pooling] = [new GlobalAvgPool2d(), new AvgPool2d([4, 5])];
    const x = normal([2, 3, 4, 5], 1);
    expectClose(layer.forward(x), reshape(pooling.forward(x), [2, 3]), 1e-14);
    const dout = normal([2, 3], 2);
    expectClose(layer.backward(dout), pooling.backward(reshape(dout, [2, 3, 1, 1])), 1e-14);
  });

  it('refuses anything but images', () => {
    expect(() => new GlobalAvgPool2d().forward(zeros([2, 3]))).to.throw(
      'GlobalAvgPool2d.forward: expected x of shape (N, C, H, W), got (2, 3)',
    );
  });
});
