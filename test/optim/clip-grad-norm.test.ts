import { expect } from 'chai';
import { array, assign, clipGradNorm, NonFiniteError, Parameter, toNested } from '../../src/index.js';
import { expectClose } from '../support/arrays.js';

function parameters(gradients: number[][]): Parameter[] {
  return gradients.map((gradient, i) => {
    const parameter = new Parameter(`p${i}`, array(gradient, 'float64'));
    assign(parameter.grad, array(gradient, 'float64'));
    return parameter;
  });
}

describe('clipGradNorm', () => {
  it('scales the gradient of all parameters together, and keeps its direction', () => {
    const [a, b] = parameters([[3, 0], [-4]]);
    expect(clipGradNorm([a, b], 1)).to.equal(5);
    expectClose(a.grad, [0.6, 0], 1e-6);
    expectClose(b.grad, [-0.8], 1e-6);
  });

  it('does not change shorter gradients', () => {
    const [a] = parameters([[0.3, -0.4]]);
    expect(clipGradNorm([a], 0.6)).to.equal(0.5);
    expect(toNested(a.grad)).to.deep.equal([0.3, -0.4]);
    const [zero] = parameters([[0, 0]]);
    expect(clipGradNorm([zero], 1e-9)).to.equal(0);
    expect(toNested(zero.grad)).to.deep.equal([0, 0]);
  });

  it('refuses a norm that is not finite, and an invalid bound', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => clipGradNorm(parameters([[1], [bad]]), 1)).to.throw(NonFiniteError, `the gradient is ${bad}`);
    expect(() => clipGradNorm([], 0)).to.throw('clipGradNorm: expected maxNorm to be a number above 0, got 0');
  });
});
