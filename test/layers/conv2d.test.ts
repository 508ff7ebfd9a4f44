import { expect } from 'chai';
import {
  array,
  assign,
  Conv2d,
  Linear,
  mean,
  Random,
  reshape,
  slice,
  square,
  sum,
  toNested,
  transpose,
  zeros,
} from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';

describe('Conv2d', () => {
  it('answers the course’s question: one channel, a 2 × 2 kernel, no padding', () => {
    const layer = new Conv2d(1, 1, 2, { dtype });
    const K = [
      [1, 10],
      [100, 1000],
    ];
    const X = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ];
    const dY = [
      [1, 2],
      [3, 4],
    ];
    layer.loadStateDict({ weight: array([[K]], dtype), bias: array([0.5], dtype) });
    const [[Y]] = toNested(layer.forward(array([[X]], dtype))) as number[][][][];
    expect(Y[1][0]).to.equal(K[0][0] * X[1][0] + K[0][1] * X[1][1] + K[1][0] * X[2][0] + K[1][1] * X[2][1] + 0.5); // Y₂₁
    const [[dX]] = toNested(layer.backward(array([[dY]], dtype))) as number[][][][];
    expect(dX[0][1]).to.equal(dY[0][0] * K[0][1] + dY[0][1] * K[0][0]); // X₁₂ is below K₁₂, then below K₁₁
    expect(dX[1][1]).to.equal(dY[0][0] * K[1][1] + dY[0][1] * K[1][0] + dY[1][0] * K[0][1] + dY[1][1] * K[0][0]);
    const dK11 = dY[0][0] * X[0][0] + dY[0][1] * X[0][1] + dY[1][0] * X[1][0] + dY[1][1] * X[1][1];
    expect(layer.weight.grad.get(0, 0, 0, 0)).to.equal(dK11); // Σ ∂L/∂Y_mn X_mn
    expect(layer.bias && toNested(layer.bias.grad)).to.deep.equal([10]);
  });

  it('with a 1 × 1 kernel is a linear layer on every pixel', () => {
    const conv = new Conv2d(3, 4, 1, { rng: new Random(1), dtype });
    const linear = new Linear(3, 4, { dtype });
    assign(linear.weight.value, reshape(conv.weight.value, [4, 3]));
    if (conv.bias && linear.bias) assign(linear.bias.value, conv.bias.value);
    const [x, dout] = [normal([2, 3, 4, 5], 2), normal([2, 4, 4, 5], 3)];
    const pixels = (image: typeof x) => reshape(transpose(image, [0, 2, 3, 1]), [40, -1]);
    expectClose(pixels(conv.forward(x)), linear.forward(pixels(x)), 1e-13);
    expectClose(pixels(conv.backward(dout)), linear.backward(pixels(dout)), 1e-13);
    expectClose(reshape(conv.weight.grad, [4, 3]), linear.weight.grad, 1e-13);
  });

  it('finds a pattern wherever it is: moving the image moves the output', () => {
    const conv = new Conv2d(1, 2, 3, { rng: new Random(1), dtype });
    const x = zeros([1, 1, 9, 9], dtype);
    const moved = zeros([1, 1, 9, 9], dtype);
    assign(slice(x, null, null, [2, 5], [1, 4]), normal([1, 1, 3, 3], 1));
    assign(slice(moved, null, null, [4, 7], [4, 7]), normal([1, 1, 3, 3], 1));
    const [out, movedOut] = [conv.forward(x), conv.forward(moved)];
    expectClose(slice(movedOut, null, null, [2, 7], [3, 7]), slice(out, null, null, [0, 5], [0, 4]), 1e-14);
  });

  it('starts as PyTorch’s: weight and bias uniform up to 1/√fan-in, and kaiming knows the fan-in of kernels', () => {
    const conv = new Conv2d(8, 64, [3, 5], { rng: new Random(1), dtype });
    const bound = 1 / Math.sqrt(8 * 15);
    expect(conv.weight.value.shape).to.deep.equal([64, 8, 3, 5]);
    expect(mean(square(conv.weight.value))).to.be.closeTo(bound ** 2 / 3, 0.03 * bound ** 2);
    for (const { value } of conv.parameters()) {
      expect([...value.data].every((w) => Math.abs(w) <= bound)).to.equal(true);
    }
    expect(conv.bias && mean(square(conv.bias.value))).to.be.greaterThan(0);
    const kaiming = new Conv2d(8, 64, [3, 5], { init: 'kaiming', rng: new Random(1), dtype });
    expect(mean(square(kaiming.weight.value))).to.be.closeTo(2 / 120, 0.05 * (2 / 120));
    expect(kaiming.bias && sum(kaiming.bias.value)).to.equal(0);
  });

  it('has a weight and, unless told otherwise, a bias', () => {
    expect(new Conv2d(2, 3, 3).parameters().map(({ name }) => name)).to.deep.equal(['weight', 'bias']);
    expect(new Conv2d(2, 3, 3, { bias: false }).parameters().map(({ name }) => name)).to.deep.equal(['weight']);
  });

  it('refuses impossible sizes, and images that are too small or of other channels, and names the call', () => {
    expect(() => new Conv2d(0, 3, 3)).to.throw('Conv2d: expected positive whole numbers of channels, got 0 and 3');
    expect(() => new Conv2d(2, 3, 0)).to.throw(
      'Conv2d: expected kernelSize to be a whole number from 1 up, or a pair of them, got 0',
    );
    expect(() => new Conv2d(2, 3, [3, 3, 3] as never)).to.throw('or a pair of them, got [3,3,3]');
    expect(() => new Conv2d(2, 3, 3, { stride: 0.5 })).to.throw('Conv2d: expected stride to be a whole number from 1');
    expect(() => new Conv2d(2, 3, 3, { padding: -1 })).to.throw('Conv2d: expected padding to be a whole number from 0');
    expect(() => new Conv2d(2, 3, 3, { init: (_, rng) => rng.normal([3, 2]) })).to.throw(
      'Conv2d: expected the weights that init drew of shape (3, 2, 3, 3), got (3, 2)',
    );
    const conv = new Conv2d(2, 3, 3);
    expect(() => conv.forward(zeros([1, 2, 2, 5]))).to.throw(
      'Conv2d.forward: a window of 3 × 3 does not fit into an image of 2 × 5 with a padding of 0 × 0; the shape is (1, 2, 2, 5)',
    );
    expect(() => conv.forward(zeros([2, 8, 8]))).to.throw(
      'Conv2d.forward: expected x of shape (N, 2, H, W), got (2, 8, 8)',
    );
  });
});
