import { expect } from 'chai';
import {
  array,
  BatchNorm1d,
  DenseNet,
  Linear,
  type NdArray,
  oneHot,
  Random,
  ReLU,
  Sequential,
  SGD,
  toNested,
  VGG,
} from '../../src/index.js';
import { freezeFeatures } from '../../src/models/freeze.js';
import { decodePth, decodeSafetensors, encodeSafetensors, loadWeights, pytorchName } from '../../src/weights.js';
import { expectClose } from '../support/arrays.js';
import { fixtureBytes, fixtureText } from '../support/fixtures.js';

const small = { growth: 3, blocks: [2, 1], width: 4, stem: 'small' as const };

/** The state of a net by PyTorch's names. */
function asPyTorch(net: DenseNet | VGG): Record<string, NdArray> {
  return Object.fromEntries(Object.entries(net.stateDict()).map(([path, value]) => [pytorchName(path), value]));
}

const valuesOf = (net: DenseNet | VGG) => net.namedArrays().map(([path, value]) => [path, toNested(value)]);

describe('loadWeights', () => {
  it('loads a net that PyTorch trained and saved: its outputs follow', () => {
    const net = new Sequential(
      new Linear(3, 4, { dtype: 'float64' }),
      new BatchNorm1d(4, { dtype: 'float64' }),
      new ReLU(),
      new Linear(4, 2, { dtype: 'float64' }),
    );
    const { loaded, kept } = loadWeights(net, decodePth(fixtureBytes('weights/net.pth')));
    expect([loaded.length, kept]).to.deep.equal([8, []]);
    net.eval();
    const { x, out } = JSON.parse(fixtureText('weights/expected.json'));
    expectClose(net.forward(array(x, 'float64')), out, 1e-6);
  });

  it('takes the names of stateDict, those of PyTorch, those of DataParallel and those of torchvision’s first DenseNets', () => {
    const source = new DenseNet({ classes: 3, ...small, rng: new Random(1) });
    source.forward(new Random(2).normal([4, 3, 8, 8]));
    const state = asPyTorch(source);
    const renamed = (rename: (key: string) => string) =>
      Object.fromEntries(Object.entries(state).map(([key, value]) => [rename(key), value]));
    const old = renamed((key) =>
      key.replace(/(norm|conv)([12])\.(?!.*denselayer)/, (all, a, b) =>
        key.includes('denselayer') ? `${a}.${b}.` : all,
      ),
    );
    expect(Object.keys(old)).to.include('features.denseblock1.denselayer1.norm.1.running_mean');
    for (const dict of [source.stateDict(), state, renamed((key) => `module.${key}`), old]) {
      const net = new DenseNet({ classes: 3, ...small, rng: new Random(5) });
      loadWeights(net, { ...dict, 'features.norm0.num_batches_tracked': array([3]) });
      expect(valuesOf(net)).to.deep.equal(valuesOf(source));
    }
  });

  it('gives a net of other classes a classifier of its own, in a VGG also for the three linear layers of torchvision', () => {
    const source = new VGG({ depth: 11, classes: 4, widths: [2, 2, 2, 2, 2], rng: new Random(1) });
    const { 'classifier.weight': weight, 'classifier.bias': bias, ...features } = asPyTorch(source);
    const heads: Record<string, NdArray>[] = [
      { 'classifier.weight': weight, 'classifier.bias': bias },
      { 'classifier.0.weight': weight, 'classifier.0.bias': bias },
      {},
    ];
    for (const head of heads) {
      const net = new VGG({ depth: 11, classes: 3, widths: [2, 2, 2, 2, 2], rng: new Random(2) });
      const before = net.stateDict();
      const { loaded, kept } = loadWeights(net, { ...features, ...head });
      expect([loaded.length, kept]).to.deep.equal([16, ['classifier.weight', 'classifier.bias']]);
      const after = net.stateDict();
      expect(toNested(after['classifier.weight'])).to.deep.equal(toNested(before['classifier.weight']));
      expect(toNested(after['features.layers.0.weight'])).to.deep.equal(toNested(features['features.0.weight']));
    }
  });

  it('names what does not fit, and changes nothing', () => {
    const net = new DenseNet({ classes: 3, ...small, rng: new Random(1) });
    const before = valuesOf(net);
    const state = asPyTorch(new DenseNet({ classes: 3, ...small, rng: new Random(2) }));
    const { 'features.conv0.weight': _, ...without } = state;
    const other = asPyTorch(new DenseNet({ classes: 3, ...small, stem: 'imagenet' }));
    for (const [dict, message] of [
      [without, 'x.pth does not fit the net: it has no features.conv0.weight'],
      [{ ...state, more: array([1]) }, 'x.pth does not fit the net, which has no more'],
      [
        other,
        'x.pth does not fit the net: features.conv0.weight has the shape (4, 3, 7, 7), and that of the net (4, 3, 3, 3)',
      ],
      [{}, 'x.pth does not fit the net: it has no features.conv0.weight and'],
    ] as const) {
      expect(() => loadWeights(net, dict, 'x.pth')).to.throw(message);
      expect(valuesOf(net)).to.deep.equal(before);
    }
  });

  it('round trips through a safetensors file', () => {
    const [source, net] = [1, 2].map((seed) => new DenseNet({ classes: 3, ...small, rng: new Random(seed) }));
    loadWeights(net, decodeSafetensors(encodeSafetensors(asPyTorch(source))));
    expect(valuesOf(net)).to.deep.equal(valuesOf(source));
  });
});

describe('freezeFeatures', () => {
  it('trains the classifier alone, with the gradient that the whole net would give it, and keeps the statistics', () => {
    const make = () => new DenseNet({ classes: 3, ...small, rng: new Random(1), dtype: 'float64' });
    const [net, whole] = [make(), make()];
    const x = new Random(2).normal([6, 3, 8, 8], { dtype: 'float64' });
    const targets = oneHot([0, 1, 2, 0, 1, 2], 3, 'float64');
    const parameters = freezeFeatures(net);
    expect(parameters.map(({ name }) => name)).to.deep.equal(['weight', 'bias']);
    whole.eval();
    net.train();
    for (const each of [net, whole]) {
      const loss = each.loss();
      loss.forward(each.forward(x), targets);
      each.accumulateGradients(loss.backward());
    }
    expectClose(parameters[0].grad, whole.parameters().at(-2)?.grad ?? [], 1e-12);
    const before = valuesOf(net);
    new SGD(parameters, { learningRate: 0.1 }).step();
    const changed = valuesOf(net).filter(([, value], i) => JSON.stringify(value) !== JSON.stringify(before[i][1]));
    expect(changed.map(([path]) => path)).to.deep.equal(['classifier.weight', 'classifier.bias']);
  });
});
