import { expect } from 'chai';
import { type Layer, Linear, MLP, MSELoss, Random, SGD, toNested, trainStep } from '../../src/index.js';

const x = new Random(1).normal([4, 3]);
const y = new Random(2).normal([4, 2]);

describe('trainStep', () => {
  it('returns the loss before the update, and lowers it', () => {
    const net = new Linear(3, 2, { init: 'normal:1' });
    const sgd = new SGD(net.parameters(), { learningRate: 0.1 });
    const first = trainStep(net, new MSELoss(), sgd, x, y);
    expect(first).to.equal(new MSELoss().forward(new Linear(3, 2, { init: 'normal:1' }).forward(x), y));
    expect(trainStep(net, new MSELoss(), sgd, x, y)).to.be.lessThan(first);
  });

  it('leaves out the dx of the first layer, and gives the same weights as with it', () => {
    const make = () => new MLP({ inputs: 3, hidden: [5], classes: 2, logits: true, rng: new Random(3) });
    const [net, slow] = [make(), make()];
    net.layers[0].backward = () => {
      throw new Error('the first layer computed dx');
    };
    trainStep(net, new MSELoss(), new SGD(net.parameters(), { learningRate: 0.1 }), x, y);

    const loss = new MSELoss();
    loss.forward(slow.forward(x), y);
    slow.backward(loss.backward());
    new SGD(slow.parameters(), { learningRate: 0.1 }).step();
    expect(net.parameters().map(({ value }) => toNested(value))).to.deep.equal(
      slow.parameters().map(({ value }) => toNested(value)),
    );
  });

  it('trains a layer that has only the five methods of Layer', () => {
    const inner = new Linear(3, 2, { init: 'normal:1' });
    const plain: Layer = {
      forward: (input) => inner.forward(input),
      backward: (dout) => inner.backward(dout),
      parameters: () => inner.parameters(),
      train: () => inner.train(),
      eval: () => inner.eval(),
    };
    const sgd = new SGD(plain.parameters(), { learningRate: 0.1 });
    const first = trainStep(plain, new MSELoss(), sgd, x, y);
    expect(trainStep(plain, new MSELoss(), sgd, x, y)).to.be.lessThan(first);
  });
});
