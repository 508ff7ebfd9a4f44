import { expect } from 'chai';
import { Adam, oneHot, Random, sum, toNested, VGG, type VGGDepth } from '../../src/index.js';
import { vggKind } from '../../src/models/vgg-kind.js';
import { flatten } from '../support/arrays.js';

const widths = [4, 4, 6, 8, 8];
const size = { sample: [3, 32, 32], classes: 10 };
const depths: readonly VGGDepth[] = [11, 13, 16, 19];

describe('VGG', () => {
  it('gives probabilities that add up to 1, and about ln 10 before it has learned with batch norm', () => {
    const net = new VGG({ depth: 11, norm: 'batch', classes: 10, widths: [8, 8, 16, 16, 16], rng: new Random(1) });
    const logits = net.forward(new Random(2).normal([20, 3, 32, 32]));
    const labels = Array.from({ length: 20 }, (_, n) => n % 10);
    expect(net.loss().forward(logits, oneHot(labels, 10))).to.be.closeTo(Math.log(10), 1.5);
    for (const total of flatten(toNested(sum(net.probabilities(logits), { axis: 1 }))))
      expect(total).to.be.closeTo(1, 1e-6);
  });

  for (const norm of ['none', 'batch'] as const) {
    it(`learns six images by heart, norm ${norm}`, () => {
      const net = new VGG({
        depth: 11,
        norm,
        classes: 3,
        channels: 1,
        widths: [16, 16, 16, 32, 32],
        rng: new Random(3),
      });
      const [x, targets] = [new Random(2).normal([6, 1, 32, 32]), oneHot([0, 1, 2, 0, 1, 2], 3)];
      const [loss, adam] = [net.loss(), new Adam(net.parameters(), { learningRate: 2e-3 })];
      let value = Infinity;
      for (let step = 0; step < 100 && value > 0.05; step++) {
        adam.zeroGrad();
        value = loss.forward(net.forward(x), targets);
        net.accumulateGradients(loss.backward());
        adam.step();
      }
      expect(value).to.be.at.most(0.05);
    });
  }

  it('refuses another depth or norm, other widths, a misspelled option and an image of fewer than 32 pixels', () => {
    const make = (options: object) => () => new VGG({ depth: 11, classes: 10, widths, ...options });
    expect(make({ depth: 12 })).to.throw('VGG: expected depth 11, 13, 16 or 19, got 12');
    expect(make({ norm: 'layer' })).to.throw("VGG: expected norm 'none' or 'batch', got 'layer'");
    expect(make({ widths: [8, 8] })).to.throw('VGG: expected widths to be five whole numbers from 1 up, got 8,8');
    expect(make({ width: 8 })).to.throw("VGG: there is no option 'width'");
    expect(() => make({})().forward(new Random(1).normal([2, 3, 28, 32]))).to.throw('MaxPool2d.forward');
  });
});

describe('the models vgg11 to vgg19 of a run', () => {
  it('count their parameters before they are built; those of CIFAR-10 are the known ones', () => {
    const full = [64, 128, 256, 512, 512];
    const counts = depths.map((depth) =>
      (['none', 'batch'] as const).map((norm) => {
        const settings = { norm, widths, init: 'auto' as const };
        const net = vggKind(depth).build(settings, { sample: [2, 40, 33], classes: 7 }, new Random(1));
        const found = net.parameters().reduce((total, { value }) => total + value.size, 0);
        expect(vggKind(depth).parameterCount(settings, { sample: [2, 40, 33], classes: 7 })).to.equal(found);
        return vggKind(depth).parameterCount({ norm, widths: full, init: 'auto' }, size);
      }),
    );
    // Of torchvision: the parameters of `features`, and 5,130 of the linear layer.
    expect(counts).to.deep.equal([
      [9_225_610, 9_231_114],
      [9_410_122, 9_416_010],
      [14_719_818, 14_728_266],
      [20_029_514, 20_040_522],
    ]);
  });

  it('estimate 313 million multiplications of VGG-16 for an image of CIFAR-10', () => {
    const { multiplications } = vggKind(16).work(
      { norm: 'none', widths: [64, 128, 256, 512, 512], init: 'auto' },
      size,
    );
    expect(multiplications).to.be.closeTo(313e6, 1e6);
  });

  it('describe themselves in a line', () => {
    const settings = { norm: 'batch' as const, widths, init: 'auto' as const };
    expect(vggKind(16).title(settings)).to.equal('VGG-16 with batch norm');
    expect(vggKind(16).describe(settings, size)).to.equal(
      '3×32×32 → 2×4 → 2×4 → 3×6 → 3×8 → 3×8 → 10 (convolutions, batch norm, relu)',
    );
  });
});
