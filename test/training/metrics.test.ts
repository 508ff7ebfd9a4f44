import { expect } from 'chai';
import { array, Linear, MSELoss, oneHot, SoftmaxCrossEntropy, take } from '../../src/index.js';
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

  it('measures R² and the error of each column of numeric targets, over batches, far from 0', async () => {
    const N = 1500;
    const t = normal([N, 2], 3);
    for (let n = 0; n < N; n++) t.set(n, 1, 1e6 + 10 * t.get(n, 1));
    const source = arraySource(t, t);
    const shift = new Linear(2, 2, { init: 'zeros', dtype: 'float64' });
    const [weight, bias] = shift.parameters();
    weight.value.set(0, 0, 0.5);
    weight.value.set(1, 1, 1);
    bias.value.set(1, 3); // x₀ = t₀ / 2, x₁ = t₁ + 3
    const { loss, r2, columns } = await evaluate(shift, new MSELoss(), source);
    const column = (m: number) => Array.from({ length: N }, (_, n) => t.get(n, m));
    const average = (values: number[]) => values.reduce((total, value) => total + value, 0) / N;
    const variance = (m: number) => average(column(m).map((value) => (value - average(column(m))) ** 2));
    const errors = [average(column(0).map((value) => (value / 2) ** 2)), 9];
    for (const m of [0, 1]) {
      expect(columns[m].rmse).to.be.closeTo(Math.sqrt(errors[m]), 1e-6);
      expect(columns[m].r2).to.be.closeTo(1 - errors[m] / variance(m), 1e-6);
    }
    expect(r2).to.be.closeTo((columns[0].r2 + columns[1].r2) / 2, 1e-12);
    expect(loss).to.be.closeTo((errors[0] + errors[1]) / 2, 1e-6);
  });

  it('takes one column of outputs of a loss that does not say its task for numbers, and two for classes', async () => {
    const own = { forward: () => 1, backward: () => array([1]) };
    const evaluated = async (M: number) => {
      const [x, targets] = [normal([5, 2], 1), oneHot([0, 0, 0, 0, 0], M, 'float64')];
      return Object.keys(await evaluate(new Linear(2, M, { dtype: 'float64' }), own, arraySource(x, targets)));
    };
    expect(await evaluated(1)).to.deep.equal(['loss', 'r2', 'columns']);
    expect(await evaluated(2)).to.deep.equal(['loss', 'accuracy', 'confusion']);
  });

  it('gives equal targets R² 1 for exact outputs and 0 otherwise', async () => {
    const x = array([[1], [1], [1]], undefined, 'float64');
    const net = new Linear(1, 1, { init: 'zeros', dtype: 'float64' });
    expect((await evaluate(net, new MSELoss(), arraySource(x, x))).r2).to.equal(0);
    net.parameters()[1].value.set(0, 1);
    expect((await evaluate(net, new MSELoss(), arraySource(x, x))).r2).to.equal(1);
  });
});
