import { expect } from 'chai';
import {
  array,
  astype,
  BatchNorm1d,
  copy,
  Dropout,
  ELU,
  LayerNorm,
  Linear,
  MLP,
  type Module,
  multiply,
  Random,
  ReLU,
  Sequential,
  Softmax,
  Tanh,
  toNested,
  zeros,
} from '../../src/index.js';
import { expectClose, normal } from '../support/arrays.js';

const dtype = 'float64';
const rng = () => new Random(7);

/** A layer on an input of (3, 5), and what of its input it can refuse. */
interface Entry {
  name: string;
  make: () => Module;
  fixedWidth: boolean;
  /** Where one sample is not enough. */
  severalSamples?: boolean;
}

const LAYERS: Entry[] = [
  { name: 'Linear', make: () => new Linear(5, 7, { init: 'normal:1', rng: rng(), dtype }), fixedWidth: true },
  { name: 'ELU', make: () => new ELU(), fixedWidth: false },
  { name: 'ReLU', make: () => new ReLU(), fixedWidth: false },
  { name: 'Tanh', make: () => new Tanh(), fixedWidth: false },
  { name: 'Softmax', make: () => new Softmax(), fixedWidth: false },
  { name: 'LayerNorm', make: () => new LayerNorm(5, { dtype }), fixedWidth: true },
  { name: 'BatchNorm1d', make: () => new BatchNorm1d(5, { dtype }), fixedWidth: true, severalSamples: true },
  { name: 'BatchNorm1d in evaluation', make: evaluating, fixedWidth: true },
  { name: 'Dropout', make: () => new Dropout(0.5, { rng: rng() }), fixedWidth: false },
  {
    name: 'Sequential',
    make: () => new Sequential(new Linear(5, 4, { init: 'normal:1', rng: rng(), dtype }), new ELU()),
    fixedWidth: true,
  },
  {
    name: 'MLP',
    make: () => new MLP({ inputs: 5, hidden: [4], classes: 3, init: 'normal:1', rng: rng(), dtype }),
    fixedWidth: true,
  },
];

function evaluating(): Module {
  const layer = new BatchNorm1d(5, { dtype });
  layer.eval();
  return layer;
}

for (const { name, make, fixedWidth, severalSamples = false } of LAYERS) {
  describe(`${name} keeps the contract of a layer`, () => {
    it('changes neither x nor dout', () => {
      const layer = make();
      const x = normal([3, 5], 1);
      const out = layer.forward(x);
      const dout = normal(out.shape, 2);
      layer.backward(dout);
      expect(toNested(x)).to.deep.equal(toNested(normal([3, 5], 1)));
      expect(toNested(dout)).to.deep.equal(toNested(normal(out.shape, 2)));
    });

    it('returns a fresh array from each forward', () => {
      const layer = make();
      const x = normal([3, 5], 1);
      const first = layer.forward(x);
      const kept = copy(first);
      expect(layer.forward(multiply(x, 2)).data).not.to.equal(first.data);
      expect(toNested(first)).to.deep.equal(toNested(kept));
      expect(first.data).not.to.equal(x.data);
    });

    it('adds into grad: two backwards give twice the gradient of one', () => {
      const layer = make();
      const x = normal([3, 5], 1);
      const dout = normal(layer.forward(x).shape, 2);
      layer.backward(dout);
      const once = layer.parameters().map(({ grad }) => copy(grad));
      layer.forward(x);
      layer.backward(dout);
      layer.parameters().forEach(({ grad }, i) => {
        expectClose(grad, multiply(once[i], 2), 1e-14);
      });
    });

    it('accumulateGradients gives the parameters what backward gives them', () => {
      const [one, other] = [make(), make()];
      const x = normal([3, 5], 1);
      const dout = normal(one.forward(x).shape, 2);
      other.forward(x);
      one.backward(dout);
      other.accumulateGradients(dout);
      one.parameters().forEach(({ grad }, i) => {
        expect(toNested(other.parameters()[i].grad)).to.deep.equal(toNested(grad));
      });
    });

    it('takes a batch of one', () => {
      const layer = make();
      if (severalSamples) layer.eval();
      const out = layer.forward(normal([1, 5], 1));
      expect(layer.backward(normal(out.shape, 2)).shape).to.deep.equal([1, 5]);
    });

    it('refuses a backward before any forward, and a dout of the wrong shape or dtype', () => {
      expect(() => make().backward(zeros([3, 5], dtype))).to.throw(/backward: call forward first/);
      const layer = make();
      const out = layer.forward(normal([3, 5], 1));
      expect(() => layer.backward(zeros([out.shape[0], out.shape[1] + 1], dtype))).to.throw(
        /\.backward: expected dout of shape \(3, \d\), got \(3, \d\)/,
      );
      expect(() => layer.backward(zeros([out.shape[0] + 1, out.shape[1]], dtype))).to.throw(/got \(4, \d\)/);
      expect(() => layer.backward(zeros(out.shape, 'float32'))).to.throw(
        /\.backward: expected dout of dtype float64, got float32/,
      );
    });

    it('refuses an x without rows of features', () => {
      const pattern = fixedWidth ? /\.forward: expected x of shape \(N, 5\)/ : /\.forward: expected x/;
      if (fixedWidth) {
        expect(() => make().forward(zeros([5], dtype))).to.throw(/expected x of shape \(N, 5\).*, got \(5,\)/);
        expect(() => make().forward(zeros([3, 6], dtype))).to.throw(/expected x of shape \(N, 5\).*, got \(3, 6\)/);
        expect(() => make().forward(zeros([0, 5], dtype))).to.throw(
          /expected x of shape \(N, 5\).* with N ≥ 1, got \(0, 5\)/,
        );
        expect(() => make().forward(astype(normal([3, 5], 1), 'float32'))).to.throw(
          /expected x of dtype float64, got float32/,
        );
      }
      expect(() => make().forward([[1, 2, 3, 4, 5]] as never)).to.throw(
        /expected x to be an ndarray, got a JavaScript array/,
      );
      expect(() => make().forward(zeros([0, 5], dtype))).to.throw(pattern);
    });

    it('lets NaN come through instead of hiding it', () => {
      const x = normal([3, 5], 1);
      x.set(1, 2, Number.NaN);
      const out = make().forward(x);
      expect([...out.data].some(Number.isNaN)).to.equal(true);
      expect([...out.data].every(Number.isNaN)).to.equal(false);
    });

    it('saves and loads what it has learned', () => {
      const [trained, fresh] = [make(), make()];
      for (const { value } of trained.parameters()) value.set(...value.shape.map(() => 0), 42);
      fresh.loadStateDict(trained.stateDict());
      const x = normal([3, 5], 3);
      expect(toNested(fresh.forward(x))).to.deep.equal(toNested(trained.forward(x)));
      for (const value of Object.values(trained.stateDict())) value.set(...value.shape.map(() => 0), -1);
      expect(toNested(fresh.forward(x))).to.deep.equal(toNested(trained.forward(x)));
    });
  });
}

describe('loadStateDict', () => {
  const net = () => new MLP({ inputs: 2, hidden: [3], classes: 2 });

  it('refuses names and shapes that do not fit, and then changes nothing', () => {
    const target = net();
    const before = target.stateDict();
    const { 'layers.0.bias': _, ...missing } = net().stateDict();
    expect(() => target.loadStateDict(missing)).to.throw(
      'loadStateDict: the names do not fit this layer: missing layers.0.bias',
    );
    expect(() => target.loadStateDict({ ...net().stateDict(), extra: array([1]) })).to.throw('unknown extra');
    const wrong = { ...net().stateDict(), 'layers.2.weight': zeros([3, 3]) };
    expect(() => target.loadStateDict(wrong)).to.throw(
      'loadStateDict: expected layers.2.weight of shape (2, 3), got (3, 3)',
    );
    const wide = { ...net().stateDict(), 'layers.2.bias': zeros([2], 'float64') };
    expect(() => target.loadStateDict(wide)).to.throw('expected layers.2.bias of dtype float32, got float64');
    expect(Object.values(target.stateDict()).map(toNested)).to.deep.equal(Object.values(before).map(toNested));
  });
});
