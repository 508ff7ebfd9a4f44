import { expect } from 'chai';
import { abs, array, MLP, max, oneHot, Random, SGD, subtract, toNested } from '../../src/index.js';
import { expectClose, flatten, normal } from '../support/arrays.js';
import { trainingFixtures } from '../support/fixtures.js';

const dtype = 'float64';

describe('MLP', () => {
  it('is Linear, activation, …, Linear, Softmax; with logits it ends at the last Linear', () => {
    const names = (net: MLP) => net.layers.map((layer) => layer.constructor.name);
    const shape = { inputs: 4, hidden: [3, 2], classes: 2 };
    expect(names(new MLP(shape))).to.deep.equal(['Linear', 'ELU', 'Linear', 'ELU', 'Linear', 'Softmax']);
    expect(names(new MLP({ ...shape, logits: true, hidden: [3] }))).to.deep.equal(['Linear', 'ELU', 'Linear']);
    expect(names(new MLP({ ...shape, norm: 'layer', hidden: [3] }))).to.deep.equal([
      'Linear',
      'LayerNorm',
      'ELU',
      'Linear',
      'Softmax',
    ]);
    expect(names(new MLP({ ...shape, hidden: [] }))).to.deep.equal(['Linear', 'Softmax']);
  });

  it('gives the same gradient through Softmax and CrossEntropy as through logits and SoftmaxCrossEntropy', () => {
    const options = { inputs: 6, hidden: [5, 4], classes: 3, init: 'normal:0.5', dtype } as const;
    const [composed, fused] = [
      new MLP({ ...options, rng: new Random(1) }),
      new MLP({ ...options, logits: true, rng: new Random(1) }),
    ];
    const [x, targets] = [normal([7, 6], 2), oneHot([0, 1, 2, 0, 1, 2, 2], 3, dtype)];
    const losses = [composed, fused].map((net) => {
      const loss = net.loss();
      const value = loss.forward(net.forward(x), targets);
      net.accumulateGradients(loss.backward());
      return value;
    });
    expect(losses[0]).to.be.closeTo(losses[1], 1e-14);
    composed.parameters().forEach(({ grad, name }, i) => {
      expectClose(grad, fused.parameters()[i].grad, 1e-14, name);
      expect(flatten(toNested(grad)).some((g) => Math.abs(g) > 1e-3)).to.equal(true);
    });
  });

  it('draws all its weights from one generator: layers of one shape differ, one seed gives one net', () => {
    const net = (seed: number) => new MLP({ inputs: 3, hidden: [3, 3], classes: 3, rng: new Random(seed) });
    const [first, second] = [0, 2].map((i) => net(1).stateDict()[`layers.${i}.weight`]);
    expect(toNested(first)).not.to.deep.equal(toNested(second));
    expect(toNested(net(1).stateDict()['layers.4.weight'])).to.deep.equal(
      toNested(net(1).stateDict()['layers.4.weight']),
    );
  });

  it('refuses widths that are none and names it does not know', () => {
    expect(() => new MLP({ inputs: 3, hidden: [0], classes: 2 })).to.throw('got 3 and 0');
    const dropout = { inputs: 3, hidden: [2], classes: 2, dropout: 0.5 };
    expect(() => new MLP(dropout)).to.throw("MLP: there is no option 'dropout' in this version");
    expect(() => new MLP({ inputs: 3, hidden: 2 as never, classes: 2 })).to.throw(
      'MLP: expected hidden to be a list of widths, got 2',
    );
    expect(() => new MLP({ inputs: 3, hidden: [2], classes: 2, activation: 'gelu' as never })).to.throw(
      "MLP: expected activation to be one of elu, got 'gelu'",
    );
    expect(() => new MLP({ inputs: 3, hidden: [2], classes: 2, norm: 'toString' as never })).to.throw(
      "MLP: expected norm to be one of none, layer, got 'toString'",
    );
  });
});

describe('ten steps of training equal PyTorch’s to 1e-10', () => {
  for (const { norm, learningRate, initial, batches, losses, final } of trainingFixtures) {
    for (const logits of [false, true]) {
      it(`norm ${norm}, ${logits ? 'logits with the fused loss' : 'softmax and cross-entropy'}`, () => {
        const net = new MLP({ inputs: 12, hidden: [7, 5], classes: 3, norm, logits, dtype });
        net.loadStateDict(
          Object.fromEntries(Object.entries(initial).map(([name, value]) => [name, array(value, dtype)])),
        );
        const loss = net.loss();
        const optimizer = new SGD(net.parameters(), { learningRate });
        batches.forEach(({ x, labels }, step) => {
          const value = loss.forward(net.forward(array(x, dtype)), oneHot(labels, 3, dtype));
          expect(value, `loss of step ${step}`).to.be.closeTo(losses[step], 1e-10);
          optimizer.zeroGrad();
          net.backward(loss.backward());
          optimizer.step();
        });
        for (const [name, value] of Object.entries(net.stateDict())) {
          expectClose(value, final[name], 1e-10, name);
          expect(max(abs(subtract(value, array(initial[name], dtype))))).to.be.greaterThan(0.01);
        }
      });
    }
  }
});
