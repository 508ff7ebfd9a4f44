import { expect } from 'chai';
import {
  abs,
  array,
  BatchNorm1d,
  checkLayer,
  GroupNorm,
  MLP,
  type MLPOptions,
  max,
  type Nested,
  oneHot,
  Random,
  SGD,
  Softmax,
  type StateDict,
  subtract,
  toNested,
} from '../../src/index.js';
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

  it('has its norm before each linear layer, the first and the last too, or between linear layer and activation', () => {
    const names = (options: Partial<MLPOptions>) =>
      new MLP({ inputs: 6, hidden: [4], classes: 3, logits: true, ...options }).layers.map(
        (layer) => layer.constructor.name,
      );
    expect(names({ norm: 'batch', normPosition: 'before-linear' })).to.deep.equal([
      'BatchNorm1d',
      'Linear',
      'ELU',
      'BatchNorm1d',
      'Linear',
    ]);
    expect(names({ norm: 'batch', activation: 'relu' })).to.deep.equal(['Linear', 'BatchNorm1d', 'ReLU', 'Linear']);
    expect(names({ norm: 'group', normPosition: 'before-linear', hidden: [] })).to.deep.equal(['GroupNorm', 'Linear']);
    expect(names({ normPosition: 'before-linear', activation: 'tanh' })).to.deep.equal(['Linear', 'Tanh', 'Linear']);
  });

  it('gives its norms the widths of what they normalize', () => {
    const net = new MLP({ inputs: 6, hidden: [4, 5], classes: 3, norm: 'batch', normPosition: 'before-linear' });
    const widths = net.layers.flatMap((layer) => (layer instanceof BatchNorm1d ? [layer.features] : []));
    expect(widths).to.deep.equal([6, 4, 5]);
    expect(net.forward(new Random(1).normal([2, 6])).shape).to.deep.equal([2, 3]);
  });

  it('cuts a width into as many groups as divide it, up to 32, of 16 features at least, or into one', () => {
    const groups = (width: number) => {
      const [, norm] = new MLP({ inputs: 2, hidden: [width], classes: 2, norm: 'group' }).layers;
      return norm instanceof GroupNorm ? norm.groups : undefined;
    };
    expect([3072, 1024, 512, 256, 100, 64, 97, 30, 5].map(groups)).to.deep.equal([32, 32, 32, 16, 5, 4, 1, 1, 1]);
  });

  it('drops outputs of its activations in training and not in evaluation, with masks from its own generator', () => {
    const make = () =>
      new MLP({ inputs: 6, hidden: [50], classes: 3, dropout: 0.5, init: 'kaiming', rng: new Random(1) });
    const [net, twin] = [make(), make()];
    expect(net.layers.map((layer) => layer.constructor.name)).to.deep.equal([
      'Linear',
      'ELU',
      'Dropout',
      'Linear',
      'Softmax',
    ]);
    const x = new Random(2).normal([4, 6]);
    const first = toNested(net.forward(x));
    expect(toNested(net.forward(x))).not.to.deep.equal(first);
    twin.rng.restore(JSON.parse(JSON.stringify(twin.rng.state())));
    expect(toNested(twin.forward(x))).to.deep.equal(first);
    net.eval();
    const quiet = toNested(net.forward(x));
    expect(toNested(net.forward(x))).to.deep.equal(quiet);
  });

  for (const norm of ['layer', 'batch', 'group'] as const) {
    for (const normPosition of ['before-linear', 'before-activation'] as const) {
      it(`has the right gradient with ${norm} norm ${normPosition} and dropout, in training and in evaluation`, () => {
        const rng = new Random(`${norm} ${normPosition}`);
        const options = { inputs: 6, hidden: [8, 7], classes: 3, activation: 'tanh', init: 'normal:1' } as const;
        const net = new MLP({ ...options, norm, normPosition, dropout: 0.2, rng, dtype });
        const x = normal([9, 6], 4);
        expect(String(checkLayer(net, x, { replay: rng }))).not.to.include('FAILS');
        net.forward(x);
        net.eval();
        expect(String(checkLayer(net, x))).not.to.include('FAILS');
      });
    }
  }

  it('adds its input to every hidden layer as wide as its input, and has the right gradient', () => {
    const rng = new Random(1);
    const options = { inputs: 6, hidden: [8, 8, 5, 5], classes: 3, activation: 'gelu', init: 'normal:1' } as const;
    const net = new MLP({ ...options, norm: 'batch', residual: true, dropout: 0.2, rng, dtype });
    expect(net.layers.map((layer) => layer.constructor.name).join(' ')).to.equal(
      'Linear BatchNorm1d GELU Dropout Residual Linear BatchNorm1d GELU Dropout Residual Linear Softmax',
    );
    expect(Object.keys(net.stateDict())).to.include.members(['layers.4.inner.layers.0.weight']);
    const x = normal([9, 6], 4);
    expect(String(checkLayer(net, x, { replay: rng }))).not.to.include('FAILS');
    net.forward(x);
    net.eval();
    expect(String(checkLayer(net, x))).not.to.include('FAILS');
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

  it('refuses invalid widths and unknown names', () => {
    expect(() => new MLP({ inputs: 3, hidden: [0], classes: 2 })).to.throw(
      'MLP: expected inputs, hidden and classes to be whole numbers from 1 up, got 3, 0, 2',
    );
    const misspelt = { inputs: 3, hidden: [2], classes: 2, droput: 0.5 };
    expect(() => new MLP(misspelt)).to.throw("MLP: there is no option 'droput' in this version");
    for (const dropout of [1, -0.1, Number.NaN]) {
      expect(() => new MLP({ inputs: 3, hidden: [], classes: 2, dropout })).to.throw(
        `MLP: expected a dropout from 0 up and below 1, got ${dropout}`,
      );
    }
    expect(() => new MLP({ inputs: 3, hidden: [2], classes: 2, normPosition: 'after' as never })).to.throw(
      "MLP: expected normPosition to be one of before-activation, before-linear, got 'after'",
    );
    expect(() => new MLP({ inputs: 3, hidden: 2 as never, classes: 2 })).to.throw(
      'MLP: expected hidden to be a list of widths, got 2',
    );
    expect(() => new MLP({ inputs: 3, hidden: [2], classes: 2, activation: 'swish' as never })).to.throw(
      "MLP: expected activation to be one of elu, gelu, relu, tanh, got 'swish'",
    );
    expect(() => new MLP({ inputs: 3, hidden: [2], classes: 2, norm: 'toString' as never })).to.throw(
      "MLP: expected norm to be one of none, layer, batch, group, got 'toString'",
    );
  });
});

describe('ten steps of training equal PyTorch’s to 1e-10', () => {
  for (const fixture of trainingFixtures) {
    const { norm, normPosition, activation, learningRate, initial, batches, losses, final, evaluation } = fixture;
    for (const logits of [false, true]) {
      const outputs = logits ? 'logits with the fused loss' : 'softmax and cross-entropy';
      it(`norm ${norm} ${normPosition}, ${activation}, ${outputs}`, () => {
        const net = new MLP({ inputs: 12, hidden: [7, 5], classes: 3, norm, normPosition, activation, logits, dtype });
        net.loadStateDict(arrays(initial));
        const loss = net.loss();
        const optimizer = new SGD(net.parameters(), { learningRate });
        batches.forEach(({ x, labels }, step) => {
          const value = loss.forward(net.forward(array(x, dtype)), oneHot(labels, 3, dtype));
          expect(value, `loss of step ${step}`).to.be.closeTo(losses[step], 1e-10);
          optimizer.zeroGrad();
          net.backward(loss.backward());
          optimizer.step();
        });
        const state = net.stateDict();
        expect(Object.keys(state).sort()).to.deep.equal(Object.keys(final).sort());
        for (const [name, value] of Object.entries(state)) expectClose(value, final[name], 1e-10, name);
        net.eval();
        const last = array(evaluation, dtype);
        const out = net.forward(array(batches[batches.length - 1].x, dtype));
        expectClose(out, logits ? last : new Softmax().forward(last), 1e-10, 'the last batch in evaluation');
      });
    }

    it(`norm ${norm} ${normPosition}, ${activation}: every array changed, except biases before a batch norm`, () => {
      const { layers } = new MLP({ inputs: 12, hidden: [7, 5], classes: 3, norm, normPosition, dtype });
      const moved = (name: string) => max(abs(subtract(array(final[name], dtype), array(initial[name], dtype))));
      for (const name of Object.keys(final)) {
        const place = Number(name.split('.')[1]);
        const takenOut = name.endsWith('.bias') && layers[place + 1] instanceof BatchNorm1d;
        if (takenOut) expect(moved(name), name).to.be.lessThan(1e-12);
        else expect(moved(name), name).to.be.greaterThan(0.01);
      }
    });
  }
});

function arrays(values: Record<string, Nested>): StateDict {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, array(value, dtype)]));
}
