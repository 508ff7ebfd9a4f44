import { expect } from 'chai';
import {
  array,
  ELU,
  type Layer,
  Linear,
  multiply,
  type NdArray,
  Parameter,
  Sequential,
  sum,
  toNested,
} from '../../src/index.js';
import { normal } from '../support/arrays.js';

/** A layer of a user's own, that knows nothing of this library but the five methods. */
class Scale implements Layer {
  readonly factor = new Parameter('factor', array([3], 'float64'));
  modes: string[] = [];
  private x: NdArray | undefined;

  forward(x: NdArray): NdArray {
    this.x = x;
    return multiply(x, this.factor.value);
  }

  backward(dout: NdArray): NdArray {
    if (!this.x) throw new Error('forward first');
    this.factor.grad.set(0, this.factor.grad.get(0) + sum(multiply(dout, this.x)));
    return multiply(dout, this.factor.value);
  }

  parameters(): Parameter[] {
    return [this.factor];
  }

  train(): void {
    this.modes.push('train');
  }

  eval(): void {
    this.modes.push('eval');
  }
}

describe('Sequential', () => {
  const linear = () => new Linear(5, 4, { init: 'normal:1', dtype: 'float64' });

  it('is its layers one after the other, and backwards the other way round', () => {
    const [first, second] = [linear(), new ELU()];
    const both = new Sequential(linear(), new ELU());
    const x = normal([3, 5], 1);
    const out = second.forward(first.forward(x));
    expect(toNested(both.forward(x))).to.deep.equal(toNested(out));
    const dout = normal([3, 4], 2);
    expect(toNested(both.backward(dout))).to.deep.equal(toNested(first.backward(second.backward(dout))));
  });

  it('names parameters by their place, also in a net within a net', () => {
    const net = new Sequential(
      linear(),
      new Sequential(new ELU(), new Linear(4, 2, { bias: false, dtype: 'float64' })),
      new Scale(),
    );
    const names = ['layers.0.weight', 'layers.0.bias', 'layers.1.layers.1.weight', 'layers.2.factor'];
    expect(Object.keys(net.stateDict())).to.deep.equal(names);
    expect(net.namedParameters().map(([name]) => name)).to.deep.equal(names);
    expect(net.parameters().length).to.equal(4);
  });

  it('accepts the user’s own layers, and passes on the mode', () => {
    const own = new Scale();
    const net = new Sequential(own, linear());
    const x = normal([3, 5], 1);
    net.forward(x);
    net.accumulateGradients(normal([3, 4], 2));
    expect(own.factor.grad.get(0)).not.to.equal(0);
    net.eval();
    net.train();
    expect(own.modes).to.deep.equal(['eval', 'train']);
  });

  it('refuses one layer in two places, whose gradients could not be right', () => {
    const twice = new ELU();
    expect(() => new Sequential(twice, linear(), twice)).to.throw('Sequential: the same layer is in two places');
  });

  it('requires at least one layer', () => {
    expect(() => new Sequential()).to.throw('Sequential: expected at least one layer, got none');
  });
});
