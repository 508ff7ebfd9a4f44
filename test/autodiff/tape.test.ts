import { expect } from 'chai';
import type { NdArray } from '../../src/array/index.js';
import * as np from '../../src/array/index.js';
import * as tape from '../../src/autodiff/tape.js';
import { numericalGradient } from '../../src/gradcheck/index.js';
import { LayerNorm } from '../../src/layers/layer-norm.js';

const { gradients, variable } = tape;
type Variable = tape.Variable;

const rng = new np.Random(3);
const normal = (...shape: number[]) => rng.normal(shape, { dtype: 'float64' });
const positive = (...shape: number[]) => np.add(0.5, np.square(normal(...shape)));

function distance(a: NdArray, b: NdArray): number {
  expect(a.shape).to.deep.equal(b.shape);
  return np.max(np.abs(np.subtract(a, b)));
}

/** Compares the tape with central differences of its own values, under random weights. */
function check(f: (...xs: Variable[]) => Variable, ...xs: NdArray[]): void {
  const weights = normal(...f(...xs.map(variable)).value.shape);
  const lossOf = (inputs: Variable[]) => tape.sum(tape.multiply(f(...inputs), weights));
  const inputs = xs.map(variable);
  const found = gradients(lossOf(inputs), inputs);
  for (const [i, x] of xs.entries()) {
    const at = (moved: NdArray) => np.sum(lossOf(xs.map((other, j) => variable(i === j ? moved : other))).value);
    const numeric = numericalGradient(at, x);
    expect(distance(found[i], numeric)).to.be.below(1e-7 + 1e-6 * np.max(np.abs(numeric)));
  }
}

describe('the tape', () => {
  const { add, subtract, multiply, divide, maximum, exp, log, sqrt, tanh } = tape;
  for (const [name, f] of Object.entries({ add, subtract, multiply, divide, maximum })) {
    it(`${name} matches finite differences with views and broadcasting`, () => {
      check(f, normal(3, 5), positive(3, 5));
      check(f, normal(3, 5), positive(5));
      check(f, normal(3, 1), positive(2, 1, 5));
      check(f, np.transpose(normal(5, 3)), np.transpose(positive(1, 3)));
    });
  }

  for (const [name, f] of Object.entries({ exp, log, sqrt, tanh })) {
    it(`${name} matches finite differences, on a view as well`, () => {
      check(f, positive(3, 5));
      check(f, np.transpose(positive(3, 5)));
    });
  }

  it('matmul, reshape and transpose match finite differences', () => {
    check(tape.matmul, normal(3, 5), np.transpose(normal(7, 5)));
    check((x) => tape.reshape(x, [5, 6]), np.transpose(normal(2, 3, 5), [2, 0, 1]));
    check((x) => tape.transpose(x), normal(3, 5));
    check((x) => tape.transpose(x, [2, 0, 1]), normal(2, 3, 5));
  });

  it('unfold matches finite differences with stride and padding', () => {
    check((x) => tape.unfold(x, [2, 3], { stride: [2, 1], padding: 1 }), normal(2, 3, 4, 5));
  });

  it('sum and mean match finite differences over all elements, one axis and several', () => {
    for (const reduce of [tape.sum, tape.mean]) {
      check((x) => reduce(x), normal(3, 5));
      check((x) => reduce(x, { axis: -1 }), normal(3, 5));
      check((x) => reduce(x, { axis: [0, 2], keepDims: true }), normal(2, 3, 5));
    }
  });

  it('max matches finite differences along one axis, and equal elements share the gradient', () => {
    check((x) => tape.max(x, { axis: -1 }), normal(3, 5));
    check((x) => tape.max(x, { axis: 1, keepDims: true }), np.transpose(normal(4, 5, 3), [2, 1, 0]));
    const x = variable(np.array([[2, 1, 2]], 'float64'));
    expect(np.toNested(gradients(tape.sum(tape.max(x, { axis: 1 })), [x])[0])).to.deep.equal([[0.5, 0, 0.5]]);
  });

  it('concatenate matches finite differences along each axis, also with the same variable twice', () => {
    check((a, b) => tape.concatenate([a, b]), normal(3, 5), normal(2, 5));
    check((a, b) => tape.concatenate([a, b, a], -1), normal(3, 5), np.transpose(normal(2, 3)));
  });

  it('adds up the gradients of a variable that is used twice, directly and through a diamond', () => {
    check((x) => tape.multiply(x, x), normal(3, 5));
    check(
      (x) => {
        const middle = tape.tanh(x);
        return tape.multiply(tape.exp(middle), tape.add(middle, x));
      },
      normal(3, 5),
    );
  });

  it('gives zeros for a variable that the loss does not use', () => {
    const [x, unused] = [variable(normal(3)), variable(normal(2, 4))];
    expect(np.toNested(gradients(tape.sum(x), [unused])[0])).to.deep.equal([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('gives half of the gradient to each side of a tie', () => {
    const [a, b] = [variable(np.zeros([2], 'float64')), variable(np.zeros([2], 'float64'))];
    const found = gradients(tape.sum(tape.maximum(a, b)), [a, b]);
    expect(found.map(np.toNested)).to.deep.equal([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  it('gives layer norm, written as its forward alone, the gradients of the hand-written one to 1e-12', () => {
    const [x, dout] = [normal(3, 7), normal(3, 7)];
    const layer = new LayerNorm(7, { dtype: 'float64' });
    np.assign(layer.gamma.value, normal(7));
    np.assign(layer.beta.value, normal(7));
    const out = layer.forward(x);
    const dx = layer.backward(dout);

    const [tx, gamma, beta] = [x, layer.gamma.value, layer.beta.value].map(variable);
    const centered = tape.subtract(tx, tape.mean(tx, { axis: 1, keepDims: true }));
    const variance = tape.mean(tape.multiply(centered, centered), { axis: 1, keepDims: true });
    const xHat = tape.divide(centered, tape.sqrt(tape.add(variance, 1e-5)));
    const tapeOut = tape.add(tape.multiply(xHat, gamma), beta);
    const found = gradients(tape.sum(tape.multiply(tapeOut, dout)), [tx, gamma, beta]);

    expect(distance(tapeOut.value, out)).to.be.below(1e-12);
    for (const [i, hand] of [dx, layer.gamma.grad, layer.beta.grad].entries())
      expect(distance(found[i], hand)).to.be.below(1e-12);
  });

  it('names the call when an argument is wrong', () => {
    const x = variable(normal(3, 5));
    expect(() => gradients(x, [x])).to.throw('gradients: expected a loss with one element, got (3, 5); sum it first');
    expect(() => tape.add(x, normal(4))).to.throw(/^add: /);
    expect(() => tape.matmul(x, normal(3, 5))).to.throw(/^matmul: /);
    expect(() => tape.sum(x, { axis: 2 })).to.throw(/^sum: /);
  });
});
