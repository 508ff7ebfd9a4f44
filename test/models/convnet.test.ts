import { expect } from 'chai';
import {
  Adam,
  array,
  ConvNet,
  type Nested,
  oneHot,
  Random,
  type StateDict,
  sum,
  toNested,
  zeros,
} from '../../src/index.js';
import { convnetKind } from '../../src/models/convnet-kind.js';
import { expectClose, flatten, normal } from '../support/arrays.js';
import { convnetFixture } from '../support/fixtures.js';

const dtype = 'float64';
const NARROW = [2, 3, 4, 5, 5];

function stateOf(arrays: Record<string, Nested>): StateDict {
  return Object.fromEntries(Object.entries(arrays).map(([name, value]) => [name, array(value, dtype)]));
}

/** The net of the fixture, with PyTorch's initial parameters. */
function fixtureNet(): ConvNet {
  const net = new ConvNet({ channels: 2, classes: 3, widths: convnetFixture.widths, dtype });
  net.loadStateDict(stateOf(convnetFixture.initial));
  return net;
}

describe('ConvNet', () => {
  it('has the layers of figure 5, each with the widths and windows of the figure', () => {
    const names = new ConvNet({ channels: 3, classes: 10, widths: NARROW }).layers.map(
      (layer) => layer.constructor.name,
    );
    const [first, second] = [
      ['Residual', 'Conv2d', 'MaxPool2d'],
      ['Residual', 'Residual', 'Conv2d', 'MaxPool2d'],
    ];
    const last = ['Residual', 'Residual', 'MaxPool2d'];
    const head = ['BatchNorm2d', 'ReLU', 'GlobalAvgPool2d', 'Linear'];
    expect(names).to.deep.equal(['Conv2d', ...first, ...second, ...second, ...last, ...last, ...head]);
    const shapes = new ConvNet({ channels: 3, classes: 10 })
      .namedParameters()
      .map(([, { value }]) => value.shape.join('×'));
    expect(shapes.filter((shape) => shape.includes('×'))).to.deep.equal([
      ...['64×3×3×3', '64×64×3×3', '128×64×1×1', '128×128×3×3', '128×128×3×3', '256×128×1×1'],
      ...['256×256×3×3', '256×256×3×3', '512×256×1×1', '512×512×3×3', '512×512×3×3', '512×512×3×3', '512×512×3×3'],
      '10×512',
    ]);
  });

  it('has its parameters in the order of the figure, the norm before the convolution in a block', () => {
    const names = new ConvNet({ channels: 3, classes: 10, widths: NARROW }).namedParameters().map(([name]) => name);
    expect(names.slice(0, 8)).to.deep.equal([
      ...['layers.0.weight', 'layers.0.bias', 'layers.1.inner.layers.0.gamma', 'layers.1.inner.layers.0.beta'],
      ...['layers.1.inner.layers.2.weight', 'layers.1.inner.layers.2.bias', 'layers.2.weight', 'layers.2.bias'],
    ]);
    expect(names.slice(-4)).to.deep.equal(['layers.18.gamma', 'layers.18.beta', 'layers.21.weight', 'layers.21.bias']);
  });

  it('has PyTorch’s loss in each of ten steps of Adam, to 1e-9, its gradients, and its logits in evaluation', () => {
    const net = fixtureNet();
    const loss = net.loss();
    const optimizer = new Adam(net.parameters(), { learningRate: convnetFixture.learningRate });
    const losses = convnetFixture.batches.map(({ x, labels }, step) => {
      optimizer.zeroGrad();
      const value = loss.forward(net.forward(array(x, dtype)), oneHot(labels, 3, dtype));
      net.backward(loss.backward());
      if (step === 0) {
        for (const [name, { grad }] of net.namedParameters()) {
          expectClose(grad, convnetFixture.gradients[name], 1e-10, name);
        }
      }
      optimizer.step();
      return value;
    });
    expectClose(array(losses, dtype), convnetFixture.losses, 1e-9);
    net.eval();
    const last = convnetFixture.batches[convnetFixture.batches.length - 1];
    expectClose(net.forward(array(last.x, dtype)), convnetFixture.evaluation, 1e-8);
  });

  it('gives about ln 10 before it has learned, and probabilities that add up to 1', () => {
    const net = new ConvNet({ channels: 3, classes: 10, widths: [8, 8, 16, 16, 16], rng: new Random(1) });
    const logits = net.forward(new Random(2).normal([16, 3, 32, 32]));
    const targets = oneHot(
      Array.from({ length: 16 }, (_, n) => n % 10),
      10,
    );
    expect(logits.shape).to.deep.equal([16, 10]);
    expect(net.loss().forward(logits, targets)).to.be.closeTo(Math.log(10), 0.3);
    for (const total of flatten(toNested(sum(net.probabilities(logits), { axis: 1 })))) {
      expect(total).to.be.closeTo(1, 1e-6);
    }
  });

  it('overfits twenty images', () => {
    const net = new ConvNet({ channels: 3, classes: 10, widths: NARROW.map((width) => 2 * width), rng: new Random(1) });
    const loss = net.loss();
    const optimizer = new Adam(net.parameters(), { learningRate: 1e-2 });
    const x = new Random(2).normal([20, 3, 8, 8]);
    const targets = oneHot(
      Array.from({ length: 20 }, (_, n) => n % 10),
      10,
    );
    let value = Infinity;
    for (let step = 0; step < 120 && value > 0.05; step++) {
      optimizer.zeroGrad();
      value = loss.forward(net.forward(x), targets);
      net.accumulateGradients(loss.backward());
      optimizer.step();
    }
    expect(value).to.be.at.most(0.05);
  });

  it('takes images of any size and number of channels', () => {
    for (const [channels, size] of [
      [1, 28],
      [3, 70],
      [4, 3],
    ]) {
      const net = new ConvNet({ channels, classes: 4, widths: NARROW });
      const out = net.forward(normal([2, channels, size, size + 1], 1, 'float32'));
      expect(out.shape).to.deep.equal([2, 4]);
      expect(net.backward(normal([2, 4], 2, 'float32')).shape).to.deep.equal([2, channels, size, size + 1]);
    }
  });

  it('starts as PyTorch’s and from its seed alone', () => {
    const make = (seed: number) => new ConvNet({ channels: 3, classes: 10, widths: NARROW, rng: new Random(seed) });
    const [one, same, other] = [make(1), make(1), make(2)];
    const values = (net: ConvNet) => net.parameters().map(({ value }) => toNested(value));
    expect(values(one)).to.deep.equal(values(same));
    expect(values(one)).not.to.deep.equal(values(other));
    const [first] = one.parameters();
    const bound = 1 / Math.sqrt(27);
    expect(flatten(toNested(first.value)).every((value) => Math.abs(value) <= bound)).to.equal(true);
  });

  it('refuses widths that the figure does not allow, a misspelled option, and images of other channels', () => {
    const make = (widths: number[]) => () => new ConvNet({ channels: 3, classes: 10, widths });
    for (const widths of [
      [8, 8],
      [8, 8, 8, 8, 16],
      [8, 8, 8, 0, 0],
    ]) {
      expect(make(widths)).to.throw(
        `ConvNet: expected widths to be five whole numbers, the last two equal, got ${widths}`,
      );
    }
    const typo = { channels: 3, classes: 10, width: 8 };
    expect(() => new ConvNet(typo)).to.throw("ConvNet: there is no option 'width'");
    const net = new ConvNet({ channels: 3, classes: 10, widths: NARROW });
    expect(() => net.forward(zeros([2, 1, 32, 32]))).to.throw(
      'Conv2d.forward: expected x of shape (N, 3, H, W), got (2, 1, 32, 32)',
    );
    expect(() => net.forward(zeros([1, 3, 32, 32]))).to.throw('expected more than one value per feature in training');
  });
});

describe('the model convnet of a run', () => {
  const size = { sample: [3, 32, 32], classes: 10 };
  const settings = { widths: [64, 128, 256, 512, 512] };

  it('counts its parameters before it is built', () => {
    const counted = (net: ConvNet) => net.parameters().reduce((total, { value }) => total + value.size, 0);
    for (const widths of [NARROW, [8, 4, 2, 3, 3]]) {
      const sample = { sample: [2, 9, 5], classes: 7 };
      const net = convnetKind.build({ widths }, sample, new Random(1));
      expect(convnetKind.parameterCount({ widths }, sample)).to.equal(counted(net));
    }
    expect(convnetKind.parameterCount(settings, size)).to.equal(counted(new ConvNet({ channels: 3, classes: 10 })));
  });

  it('estimates 310 million multiplications for an image of CIFAR-10', () => {
    expect(convnetKind.work(settings, size).multiplications).to.be.closeTo(310e6, 1e6);
  });

  it('describes itself in a line', () => {
    expect(convnetKind.describe(settings, size)).to.equal(
      '3×32×32 → 64 → 128 → 256 → 512 → 512 → 10 (convolutions, residual, batch norm, relu)',
    );
    expect([convnetKind.title(settings), convnetKind.title({ widths: NARROW })]).to.deep.equal([
      'ConvNet',
      'ConvNet 2, 3, 4, 5, 5',
    ]);
  });
});
