import { expect } from 'chai';
import { array, astype, copy, MLP, multiply, Random, toNested, zeros } from '../../src/index.js';
import { LAYER_SPECS } from '../../src/layer-specs.js';
import { shapeText } from '../../src/validation.js';
import { expectClose, normal, scattered } from '../support/arrays.js';

const dtype = 'float64';
/** Every layer with each of its example inputs. */
const LAYERS = LAYER_SPECS.flatMap(
  ({ name, label = name, make, needsTwoSamples = false, examples = [{ shape: [3, 5] }] }) =>
    examples.map(({ shape, expected }: { shape: readonly number[]; expected?: string }) => ({
      name: `${label} of ${shapeText(shape)}`,
      make: () => make({ shape, rng: new Random(7), masks: new Random(8), dtype }),
      needsTwoSamples: needsTwoSamples && shape.length === 2,
      shape,
      expected,
    })),
);

for (const { name, make, shape, expected, needsTwoSamples } of LAYERS) {
  describe(`${name} keeps the contract of a layer`, () => {
    it('changes neither x nor dout', () => {
      const layer = make();
      const x = normal(shape, 1);
      const out = layer.forward(x);
      const dout = normal(out.shape, 2);
      layer.backward(dout);
      expect(toNested(x)).to.deep.equal(toNested(normal(shape, 1)));
      expect(toNested(dout)).to.deep.equal(toNested(normal(out.shape, 2)));
    });

    it('returns a fresh array from each forward', () => {
      const layer = make();
      const x = normal(shape, 1);
      const first = layer.forward(x);
      const kept = copy(first);
      expect(layer.forward(multiply(x, 2)).data).not.to.equal(first.data);
      expect(toNested(first)).to.deep.equal(toNested(kept));
      expect(first.data).not.to.equal(x.data);
    });

    it('adds into grad: two backwards give twice the gradient of one', () => {
      const layer = make();
      const x = normal(shape, 1);
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
      const x = normal(shape, 1);
      const dout = normal(one.forward(x).shape, 2);
      other.forward(x);
      one.backward(dout);
      other.accumulateGradients(dout);
      one.parameters().forEach(({ grad }, i) => {
        expect(toNested(other.parameters()[i].grad)).to.deep.equal(toNested(grad));
      });
    });

    it('accepts a batch of one', () => {
      const layer = make();
      if (needsTwoSamples) layer.eval();
      const one = [1, ...shape.slice(1)];
      const out = layer.forward(normal(one, 1));
      expect(layer.backward(normal(out.shape, 2)).shape).to.deep.equal(one);
    });

    it('refuses a backward before the first forward, and a dout of the wrong shape or dtype', () => {
      expect(() => make().backward(zeros(shape, dtype))).to.throw(/backward: call forward first/);
      const layer = make();
      const out = layer.forward(normal(shape, 1));
      for (const axis of out.shape.keys()) {
        const wrong = out.shape.map((size, a) => (a === axis ? size + 1 : size));
        expect(() => layer.backward(zeros(wrong, dtype))).to.throw(
          `.backward: expected dout of shape ${shapeText(out.shape)}, got ${shapeText(wrong)}`,
        );
      }
      expect(() => layer.backward(zeros(out.shape, 'float32'))).to.throw(
        /\.backward: expected dout of dtype float64, got float32/,
      );
    });

    it('refuses an x that is not an array or is empty, and one of the wrong shape or dtype', () => {
      expect(() => make().forward([[1, 2, 3, 4, 5]] as never)).to.throw(
        /expected x to be an ndarray, got a JavaScript array/,
      );
      const empty = [0, ...shape.slice(1)];
      expect(() => make().forward(zeros(empty, dtype))).to.throw(/\.forward: expected x/);
      if (expected === undefined) return;
      const sentence = `.forward: expected x of shape ${expected}`;
      const wider = shape.map((size, axis) => (axis === 1 ? size + 1 : size));
      for (const wrong of [shape.slice(1, 2), wider]) {
        expect(() => make().forward(zeros(wrong, dtype))).to.throw(`${sentence}, got ${shapeText(wrong)}`);
      }
      expect(() => make().forward(zeros(empty, dtype))).to.throw(`${sentence} with N`);
      expect(() => make().forward(astype(normal(shape, 1), 'float32'))).to.throw(
        /expected x of dtype float64, got float32/,
      );
    });

    it('propagates NaN', () => {
      const x = normal(shape, 1);
      x.set(...shape.map((_, axis) => (axis < 2 ? axis + 1 : 0)), Number.NaN);
      const out = make().forward(x);
      expect([...out.data].some(Number.isNaN)).to.equal(true);
      expect([...out.data].every(Number.isNaN)).to.equal(false);
    });

    it('gives the same for a strided view as for its copy', () => {
      const [one, other] = [make(), make()];
      const out = one.forward(scattered(normal(shape, 1)));
      expectClose(out, other.forward(normal(shape, 1)), 1e-14);
      const dout = normal(out.shape, 2);
      expectClose(one.backward(scattered(dout)), other.backward(dout), 1e-14);
    });

    it('saves and loads its parameters and buffers', () => {
      const [trained, fresh] = [make(), make()];
      for (const { value } of trained.parameters()) value.set(...value.shape.map(() => 0), 42);
      fresh.loadStateDict(trained.stateDict());
      const x = normal(shape, 3);
      expect(toNested(fresh.forward(x))).to.deep.equal(toNested(trained.forward(x)));
      for (const value of Object.values(trained.stateDict())) value.set(...value.shape.map(() => 0), -1);
      expect(toNested(fresh.forward(x))).to.deep.equal(toNested(trained.forward(x)));
    });
  });
}

describe('loadStateDict', () => {
  const net = () => new MLP({ inputs: 2, hidden: [3], classes: 2 });

  it('refuses wrong names and shapes, and then changes nothing', () => {
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
