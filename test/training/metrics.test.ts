import { expect } from 'chai';
import { array, Linear, oneHot, SoftmaxCrossEntropy, take } from '../../src/index.js';
import { accuracy, arraySource, confusionMatrix, evaluate } from '../../src/node.js';
import { normal } from '../support/arrays.js';

describe('accuracy and confusionMatrix', () => {
  const outputs = array([
    [0.2, 0.8],
    [0.9, 0.1],
    [0.4, 0.6],
    [0.3, 0.7],
  ]);
  const targets = oneHot([1, 0, 0, 1], 2);

  it('count right answers, by true and by predicted class', () => {
    expect(accuracy(outputs, targets)).to.equal(0.75);
    expect(confusionMatrix(outputs, targets)).to.deep.equal([
      [1, 1],
      [0, 2],
    ]);
  });

  it('refuse wrong shapes', () => {
    expect(() => accuracy(outputs, oneHot([1], 2))).to.throw('expected targets of shape (4, 2), got (1, 2)');
  });
});

describe('evaluate', () => {
  it('averages over every sample, also in the smaller last batch, and returns the net to training mode', async () => {
    const labels = Array.from({ length: 1500 }, (_, i) => i % 3);
    const [x, targets] = [normal([1500, 2], 1), oneHot(labels, 3, 'float64')];
    const net = new Linear(2, 3, { init: 'normal:1', dtype: 'float64' });
    const loss = new SoftmaxCrossEntropy();
    const result = await evaluate(net, loss, arraySource(x, targets));
    expect(result.loss).to.be.closeTo(loss.forward(net.forward(x), targets), 1e-12);
    expect(result.accuracy).to.equal(accuracy(net.forward(x), targets));
    expect(result.confusion).to.deep.equal(confusionMatrix(net.forward(x), targets));
    const first = Array.from({ length: 1000 }, (_, i) => i);
    expect(result.loss).not.to.be.closeTo(loss.forward(net.forward(take(x, first)), take(targets, first)), 1e-6);
  });
});
