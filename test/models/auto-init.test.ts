import { expect } from 'chai';
import { array, oneHot, Random } from '../../src/array/index.js';
import type { MLPOptions } from '../../src/models/mlp.js';
import { MLP } from '../../src/models/mlp.js';
import { mlpKind } from '../../src/models/mlp-kind.js';
import { defaultsOf } from '../../src/models/setting.js';
import { SGD } from '../../src/optim/sgd.js';
import { trainStep } from '../../src/training/train-step.js';

/** The weights of all linear layers of a net with some `init`, or with the default. */
function weights(options: Partial<MLPOptions>, init?: MLPOptions['init']): number[] {
  const sizes = { inputs: 300, hidden: [7], classes: 3, rng: new Random(5) };
  const net = new MLP({ ...sizes, ...options, ...(init ? { init } : {}) });
  return net.parameters().flatMap(({ value }) => Array.from(value.data));
}

describe('the default initialization of an MLP', () => {
  it('is the course’s for one hidden layer on many inputs, with a norm, and where residual connections pass signals on', () => {
    for (const options of [
      {},
      { hidden: [] },
      { hidden: [], inputs: 3 },
      { hidden: [9, 8], norm: 'batch' },
      { hidden: [9, 8], norm: 'layer', inputs: 4 },
      { hidden: [8, 8, 8], residual: true },
    ] as const)
      expect(weights(options)).to.deep.equal(weights(options, 'normal:1e-4'));
  });

  it('is PyTorch’s for more hidden layers on many inputs', () => {
    for (const hidden of [
      [7, 7],
      [9, 8, 7, 6],
    ])
      expect(weights({ hidden })).to.deep.equal(weights({ hidden }, 'pytorch'));
    expect(weights({ hidden: [9, 8], residual: true })).to.deep.equal(weights({ hidden: [9, 8] }, 'pytorch'));
  });

  it('is Xavier’s for few inputs', () => {
    for (const hidden of [[7], [9, 8]])
      expect(weights({ hidden, inputs: 4 })).to.deep.equal(weights({ hidden, inputs: 4 }, 'xavier'));
  });

  it('is Xavier’s in a run whose pixels are of the order of 1, and an explicit one is kept', () => {
    const settings = defaultsOf(mlpKind.settings);
    const size = { sample: [3, 32, 32], classes: 10 };
    const build = (init: typeof settings.init, unitInputs?: boolean) =>
      mlpKind.build({ ...settings, init }, { ...size, unitInputs }, new Random(1)).parameters()[0].value.data;
    expect(build('auto', true)).to.deep.equal(build('xavier'));
    expect(build('auto')).to.deep.equal(build('normal:1e-4'));
    expect(build('kaiming', true)).to.deep.equal(build('kaiming'));
  });

  it('lets nets of one and two hidden layers learn XOR with every activation', () => {
    const x = array([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const targets = oneHot([0, 1, 1, 0], 2);
    for (const hidden of [[8], [100, 100]])
      for (const activation of ['elu', 'gelu', 'relu', 'tanh'] as const) {
        const net = new MLP({ inputs: 2, hidden, classes: 2, activation });
        const optimizer = new SGD(net.parameters(), { learningRate: 0.5 });
        const loss = net.loss();
        let value = Infinity;
        for (let step = 0; step < 500; step++) value = trainStep(net, loss, optimizer, x, targets);
        expect(value, `${hidden} ${activation}`).to.be.lessThan(0.05);
      }
  });
});
