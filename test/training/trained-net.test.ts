import { expect } from 'chai';
import { array, full, InputError, NonFiniteError, Random, ShapeError, sum, toNested } from '../../src/array/index.js';
import { MLP } from '../../src/models/mlp.js';
import { MODELS, modelNamed } from '../../src/models/model-table.js';
import { defaultsOf } from '../../src/models/setting.js';
import { isNetData, netSize, TrainedNet, type TrainedNetParts } from '../../src/training/trained-net.js';

/** A net on images of one pixel: class k has the logit weight[k] · (x − 100). */
function parts(changes: Partial<TrainedNetParts> = {}): TrainedNetParts {
  return {
    title: 'pixels',
    sample: [1, 1, 1],
    classes: ['dark', 'gray', 'bright'],
    model: { name: 'mlp', ...defaultsOf(MODELS.mlp.settings), hidden: [] },
    state: { 'layers.0.weight': array([[-0.1], [0], [0.1]]), 'layers.0.bias': array([0, 0, 0]) },
    inputs: { mean: full([1, 1, 1], 100, 'float64'), factor: 1 },
    ...changes,
  };
}

/** A net that predicts two numbers of two features: (x₀ − x₁) / 2 + 1 and 3 (x₀ + x₁), standardized. */
function regression(): TrainedNetParts {
  return {
    title: 'prices',
    sample: [2],
    classes: [],
    targets: ['price', 'tax'],
    features: ['width', 'height'],
    model: { name: 'mlp', ...defaultsOf(MODELS.mlp.settings), hidden: [] },
    state: {
      'layers.0.weight': array([
        [0.5, -0.5],
        [3, 3],
      ]),
      'layers.0.bias': array([1, 0]),
    },
    inputs: { mean: full([2], 0, 'float64'), factor: 1, targets: { mean: array([10, -10]), deviation: array([2, 4]) } },
  };
}

const pixel = (value: number) => ({ channels: 1, height: 1, width: 1, bytes: Uint8Array.from([value]) });

describe('TrainedNet', () => {
  it('predicts names and probabilities, the most probable first: an example worked by hand', () => {
    const [{ label, name, probability, top, probabilities }] = new TrainedNet(parts()).predict(array([[[[110]]]]));
    // Logits −1, 0 and 1.
    const total = Math.exp(-1) + 1 + Math.exp(1);
    expect([label, name]).to.deep.equal([2, 'bright']);
    expect(probability).to.be.closeTo(Math.exp(1) / total, 1e-6);
    expect(top.map((entry) => entry.name)).to.deep.equal(['bright', 'gray', 'dark']);
    expect(probabilities[0]).to.be.closeTo(Math.exp(-1) / total, 1e-6);
    expect(probabilities[1]).to.be.closeTo(1 / total, 1e-6);
  });

  it('predicts pictures of any size and color as it does the samples that they become', () => {
    const net = new TrainedNet(parts());
    const bytes = new Uint8Array(3 * 20 * 30).fill(57);
    const [fromPicture] = net.predict({ channels: 3, height: 20, width: 30, bytes });
    expect(fromPicture).to.deep.equal(net.predict(array([[[[57]]]]))[0]);
    expect(net.predict([pixel(57), pixel(200)]).map(({ name }) => name)).to.deep.equal(['dark', 'bright']);
    expect(net.predict([])).to.deep.equal([]);
  });

  it('gives the first topK classes, and all if there are fewer', () => {
    const net = new TrainedNet(parts());
    expect(net.predict(pixel(0), { topK: 1 })[0].top).to.have.length(1);
    expect(net.predict(pixel(0), { topK: 9 })[0].top).to.have.length(3);
    for (const topK of [0, 1.5, Number.NaN])
      expect(() => net.predict(pixel(0), { topK })).to.throw(RangeError, `expected topK to be a whole number`);
  });

  it('predicts many samples in batches, each as if it were alone', () => {
    const net = new TrainedNet(parts());
    const x = new Random('many').uniform([600, 1, 1, 1], { low: 0, high: 255 });
    const many = net.predict(x);
    expect(many).to.have.length(600);
    for (const n of [0, 255, 256, 599]) expect(many[n]).to.deep.equal(net.predict(array([[[[x.get(n, 0, 0, 0)]]]]))[0]);
  });

  it('evaluates batch norm and dropout, not trains them, also after training went on', () => {
    const settings = { hidden: [4], norm: 'batch' as const, dropout: 0.5 };
    const model = { name: 'mlp' as const, ...defaultsOf(MODELS.mlp.settings), ...settings };
    const net = new TrainedNet(parts({ model, state: new MLP({ inputs: 1, classes: 3, ...settings }).stateDict() }));
    const once = net.predict(pixel(57));
    net.model.train();
    expect(net.predict(pixel(57))).to.deep.equal(once);
  });

  it('refuses samples of another shape, and numbers that are not finite', () => {
    const net = new TrainedNet(parts());
    expect(() => net.predict(array([[110]]))).to.throw(
      ShapeError,
      'TrainedNet.predict: expected images of shape (N, 1, 1, 1), got (1, 1)',
    );
    expect(() => net.predict(array([[[[NaN]]]]))).to.throw(NonFiniteError, 'x has numbers that are not finite');
  });

  it('refuses pictures if it takes features', () => {
    const features = parts({ sample: [1], inputs: { mean: full([1], 100, 'float64'), factor: 1 } });
    const net = new TrainedNet(features);
    expect(net.predict(array([[110]]))[0].name).to.equal('bright');
    expect(() => net.predict(pixel(3))).to.throw(InputError, 'this net does not take pictures');
  });

  const weight = array([[-0.1], [0], [0.1]]);
  const bias = array([0, 0, 0]);
  const refused: [what: string, changes: Partial<TrainedNetParts>, message: string][] = [
    [
      'a mean of another shape',
      { inputs: { mean: full([1, 1, 2], 100), factor: 1 } },
      'inputs.npz has a mean of shape (1, 1, 2), and the net takes samples of shape (1, 1, 1)',
    ],
    [
      'the weights of a smaller net',
      { classes: ['a', 'b', 'c', 'd'] },
      'model.npz does not fit config.json beside it: it has 6 numbers, and the net has 8 parameters',
    ],
    [
      'the weights of a larger net',
      { classes: ['a', 'b'] },
      'model.npz does not fit config.json beside it: loadStateDict: expected layers.0.weight of shape (2, 1)',
    ],
    [
      'weights of another name',
      { state: { weight, 'layers.0.bias': bias } },
      'model.npz does not fit config.json beside it: loadStateDict: the names do not fit this layer',
    ],
    [
      'weights that are not finite',
      { state: { 'layers.0.weight': weight, 'layers.0.bias': array([0, NaN, 0]) } },
      'model.npz holds numbers that are not finite, in layers.0.bias',
    ],
    [
      'a net too large for its file, before it is built',
      { model: { ...modelNamed('mlp', parts()), hidden: [1e9, 1e9] } },
      'and the net has 1,000,000,006,000,000,000 parameters',
    ],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => new TrainedNet(parts(changes))).to.throw(InputError, message);
    });
  }

  it('predicts numbers in the units of the targets: an example worked by hand', () => {
    const net = new TrainedNet(regression());
    // 10 + 2 · (0.5 · 4 − 0.5 · 2 + 1), and −10 + 4 · 3 · (4 + 2).
    expect(toNested(net.values(array([[4, 2]])))).to.deep.equal([[14, 62]]);
    expect([net.title, net.classes, net.targets, net.features]).to.deep.equal([
      ...['prices', [], ['price', 'tax'], ['width', 'height']],
    ]);
    expect(() => net.predict(array([[4, 2]]))).to.throw(
      InputError,
      'TrainedNet.predict: this net predicts numbers: call values',
    );
    expect(() => net.probabilities(array([[4, 2]]))).to.throw(
      InputError,
      'TrainedNet.probabilities: this net predicts',
    );
    expect(() => net.values(array([[1, 2, 3]]))).to.throw(ShapeError, 'expected images of shape (N, 2)');
  });

  it('predicts the numbers of many samples in batches, each as if it were alone', () => {
    const net = new TrainedNet(regression());
    const x = new Random('rows').uniform([515, 2], { low: 0, high: 9 });
    const many = net.values(x);
    expect(many.shape).to.deep.equal([515, 2]);
    for (const n of [0, 255, 256, 511, 512, 514])
      expect(toNested(net.values(array([[x.get(n, 0), x.get(n, 1)]])))).to.deep.equal([
        [many.get(n, 0), many.get(n, 1)],
      ]);
  });

  it('refuses values of a net that tells classes apart', () => {
    const net = new TrainedNet(parts());
    expect(() => net.values(pixel(3))).to.throw(
      InputError,
      'TrainedNet.values: this net predicts classes: call predict',
    );
  });

  it('gives a net of images the images, in batches of 32', () => {
    const widths = [8, 8, 8, 8, 8];
    const size = { sample: [3, 16, 16], classes: ['a', 'b'] };
    const state = MODELS.convnet.build({ widths }, { sample: size.sample, classes: 2 }, new Random(1)).stateDict();
    const inputs = { mean: full([3, 16, 16], 100, 'float64'), factor: 1 };
    const net = new TrainedNet(parts({ ...size, model: { name: 'convnet', widths }, state, inputs }));
    const bytes = (seed: number) => Uint8Array.from({ length: 768 }, (_, i) => (i * seed * 37) % 256);
    const pictures = Array.from({ length: 66 }, (_, n) => ({
      channels: 3,
      height: 16,
      width: 16,
      bytes: bytes(n + 1),
    }));
    const many = net.predict(pictures);
    expect(many).to.have.length(66);
    for (const n of [0, 31, 32, 63, 64, 65]) expect(many[n]).to.deep.equal(net.predict(pictures[n])[0]);
    expect(new Set(many.map(({ probability }) => probability)).size).to.be.above(10);
  });

  it('leaves its arguments unchanged', () => {
    const given = parts();
    const x = array([[[[110]]]]);
    new TrainedNet(given).predict(x);
    expect([sum(x), sum(given.inputs.mean), sum(given.state['layers.0.weight'])]).to.deep.equal([110, 100, 0]);
  });
});

describe('isNetData', () => {
  const classes = { title: 'pets', sample: [3, 8, 8], classes: ['cat', 'dog'] };
  const numbers = { title: 'prices', sample: [2], classes: [], targets: ['price'], features: ['width', 'height'] };

  it('accepts what a run of classes or of numbers writes', () => {
    for (const data of [classes, numbers, { ...numbers, features: [] }, { ...classes, sample: [5] }])
      expect(isNetData(data), JSON.stringify(data)).to.equal(true);
  });

  it('refuses everything else', () => {
    const wrong: unknown[] = [
      ...[undefined, null, 'pets', 3, [], {}],
      ...[{ title: 3 }, { title: undefined }].map((change) => ({ ...classes, ...change })),
      ...[3, [], [0], [-1, 8], [1.5], ['3'], null].map((sample) => ({ ...classes, sample })),
      ...[[], 'cats', [1, 2], null, ['cat', null]].map((names) => ({ ...classes, classes: names })),
      ...[[], ['price', 3], 'price', null].map((targets) => ({ ...numbers, targets })),
      ...[['width'], ['width', 'height', 'depth'], [1, 2], 'ab'].map((features) => ({ ...numbers, features })),
    ];
    for (const data of wrong) expect(isNetData(data), JSON.stringify(data)).to.equal(false);
  });
});

describe('netSize', () => {
  it('counts the classes, or the numbers of a regression', () => {
    expect(netSize({ sample: [5], classes: ['a', 'b', 'c'] })).to.deep.equal({ sample: [5], classes: 3 });
    expect(netSize({ sample: [5], classes: [], targets: ['a', 'b'] })).to.deep.equal({
      ...{ sample: [5], classes: 2, regression: true },
    });
  });
});
