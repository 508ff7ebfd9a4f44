import { expect } from 'chai';
import { Adam, DenseNet, oneHot, Random } from '../../src/index.js';
import { densenetKind } from '../../src/models/densenet-kind.js';

const size = { sample: [3, 32, 32], classes: 10 };
const narrow = { growth: 4, blocks: [2, 3, 2] };
const full = { growth: 32, blocks: [6, 12, 24, 16], stem: 'imagenet' as const };

describe('DenseNet', () => {
  it('gives about ln 10 before it has learned', () => {
    const net = new DenseNet({ classes: 10, ...narrow, stem: 'small', rng: new Random(1) });
    const labels = Array.from({ length: 20 }, (_, n) => n % 10);
    const loss = net.loss().forward(net.forward(new Random(2).normal([20, 3, 16, 16])), oneHot(labels, 10));
    expect(loss).to.be.closeTo(Math.log(10), 0.5);
  });

  it('learns twelve images by heart', () => {
    const net = new DenseNet({ classes: 4, channels: 1, ...narrow, stem: 'small', rng: new Random(1) });
    const x = new Random(2).normal([12, 1, 8, 8]);
    const targets = oneHot(
      Array.from({ length: 12 }, (_, n) => n % 4),
      4,
    );
    const [loss, adam] = [net.loss(), new Adam(net.parameters(), { learningRate: 1e-2 })];
    let value = Infinity;
    for (let step = 0; step < 120 && value > 0.05; step++) {
      adam.zeroGrad();
      value = loss.forward(net.forward(x), targets);
      net.accumulateGradients(loss.backward());
      adam.step();
    }
    expect(value).to.be.at.most(0.05);
  });

  it('keeps the size of small images with its small stem, and makes them four times smaller with the other', () => {
    for (const [stem, sides] of [
      ['small', [16, 8, 4]],
      ['imagenet', [4, 2, 1]],
    ] as const) {
      const net = new DenseNet({ classes: 3, ...narrow, stem });
      const shapes: number[] = [];
      for (const [, layer] of net.children()[0] ? blocksOf(net) : []) {
        const forward = layer.forward.bind(layer);
        layer.forward = (x) => {
          shapes.push(x.shape[2]);
          return forward(x);
        };
      }
      net.forward(new Random(1).normal([2, 3, 16, 16]));
      expect(shapes).to.deep.equal(sides);
    }
  });

  it('refuses sizes that are not whole numbers, another stem and a misspelled option', () => {
    const make = (options: object) => () => new DenseNet({ classes: 10, ...narrow, ...options });
    expect(make({ growth: 0 })).to.throw('DenseNet: expected growth to be a whole number from 1 up, got 0');
    expect(make({ blocks: [] })).to.throw('DenseNet: expected blocks to be whole numbers from 1 to 1000, got ');
    expect(make({ blocks: [1e9] })).to.throw(
      'DenseNet: expected blocks to be whole numbers from 1 to 1000, got 1000000000',
    );
    expect(make({ stem: 'large' })).to.throw("DenseNet: expected stem 'imagenet' or 'small', got 'large'");
    expect(make({ grow: 3 })).to.throw("DenseNet: there is no option 'grow'");
  });
});

/** The dense blocks of a net. */
function blocksOf(net: DenseNet) {
  const [[, features]] = net.children();
  if (!(features instanceof Object && 'children' in features)) throw new Error('the features have no children');
  const children = features.children as DenseNet['children'];
  return children.call(features).filter(([name]) => name.startsWith('denseblock'));
}

describe('the model densenet121 of a run', () => {
  it('counts its parameters before it is built: 7,978,856 for 1,000 classes', () => {
    expect(densenetKind.parameterCount(full, { ...size, classes: 1000 })).to.equal(7_978_856);
    for (const stem of ['small', 'imagenet'] as const) {
      const settings = { ...narrow, growth: 5, stem };
      const sample = { sample: [2, 33, 40], classes: 7 };
      const net = densenetKind.build(settings, sample, new Random(1));
      const found = net.parameters().reduce((total, { value }) => total + value.size, 0);
      expect(densenetKind.parameterCount(settings, sample)).to.equal(found);
    }
  });

  it('estimates its work, and says how small an image may be', () => {
    // torchvision gives 2.83 billion multiplications for an image of 224×224.
    const { multiplications } = densenetKind.work(full, { sample: [3, 224, 224], classes: 1000 });
    expect(multiplications).to.be.closeTo(2.83e9, 0.02e9);
    expect(densenetKind.smallestSide(full)).to.equal(29);
    const at = (side: number) => () =>
      new DenseNet({ classes: 2, growth: 2, blocks: [1, 1, 1, 1] }).forward(new Random(1).normal([2, 3, side, side]));
    expect(at(29)).not.to.throw();
    expect(at(28)).to.throw('AvgPool2d.forward');
    expect(densenetKind.smallestSide({ ...narrow, stem: 'small' })).to.equal(4);
  });

  it('describes itself in a line', () => {
    expect(densenetKind.title(full)).to.equal('DenseNet-121');
    expect(densenetKind.title({ ...narrow, stem: 'small' })).to.equal('DenseNet 2, 3, 2');
    expect(densenetKind.describe(full, size)).to.equal(
      '3×32×32 → dense blocks of 6, 12, 24, 16 layers → 10 (growth 32, imagenet stem, batch norm, relu)',
    );
  });
});
