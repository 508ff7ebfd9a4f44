import { expect } from 'chai';
import { assign } from '../../../../src/array/index.js';
import { array, BatchNorm1d, Linear, Parameter, Random, ReLU, Sequential, toNested } from '../../../../src/index.js';
import { SquaredError } from '../../../../src/node/experiments/bn-optimization/squared-error.js';
import { covariateShift, parametersByLayer } from '../../../../src/node/experiments/measures/covariate-shift.js';
import { netObjective, type Objective } from '../../../../src/node/experiments/measures/objective.js';
import { gradientOf, pointAlong, valuesOf } from '../../../../src/node/experiments/measures/parameter-vectors.js';
import { normal } from '../../../support/arrays.js';

/** L = ½ a² b²: ∂L/∂a = a b², ∂L/∂b = a² b. */
function product(a: number, b: number): Objective {
  const parameters = [a, b].map((value, i) => new Parameter(`w${i}`, array([value], 'float64')));
  return {
    parameters,
    evaluate() {
      const [x, y] = parameters.map(({ value }) => value.get(0));
      assign(parameters[0].grad, x * y * y);
      assign(parameters[1].grad, x * x * y);
      return (x * x * y * y) / 2;
    },
  };
}

describe('covariateShift', () => {
  it('is the change of a layer’s gradient by the step of the layers before it, and 0 for the first layer', () => {
    const objective = product(3, 2);
    const next = [array([2.5], 'float64'), array([1], 'float64')];
    const layers = objective.parameters.map((parameter) => [parameter]);
    const [first, second] = covariateShift(objective, layers, next);
    expect(first).to.deep.equal({ difference: 0, length: 12, cosine: 1 });
    expect(second.difference).to.be.closeTo((9 - 6.25) * 2, 1e-12); // b stays 2 where a is 2.5
    expect([second.length, second.cosine]).to.deep.equal([18, 1]);
    expect(valuesOf(objective.parameters).map((x) => x.get(0))).to.deep.equal([3, 2]);
    expect(gradientOf(objective.parameters).map((x) => x.get(0))).to.deep.equal([12, 18]);
  });

  it('is exactly 0 for a net with one layer and a step of any size', () => {
    const net = new Sequential(new Linear(5, 3, { init: 'normal:1', rng: new Random(1), dtype: 'float64' }));
    const objective = netObjective(net, new SquaredError(), normal([7, 5], 'x'), normal([7, 3], 't'));
    objective.evaluate();
    const next = pointAlong(valuesOf(objective.parameters), gradientOf(objective.parameters), -10);
    const [shift] = covariateShift(objective, parametersByLayer(net.layers), next);
    expect(shift.difference).to.equal(0);
    expect(shift.length).to.be.greaterThan(0);
  });

  it('compares the gradients after a step that changes the sign of the layer before', () => {
    const linear = (rng: Random) => new Linear(1, 1, { init: 'normal:1', bias: false, rng, dtype: 'float64' });
    const net = new Sequential(linear(new Random(1)), linear(new Random(2)));
    const objective = netObjective(net, new SquaredError(), array([[1]], 'float64'), array([[0]], 'float64'));
    const next = valuesOf(objective.parameters).map((x) => array([[-x.get(0, 0)]], 'float64'));
    // L = (ab)²: ∂L/∂b does not depend on the sign of a, so G = G′ although that sign changed.
    const [, shift] = covariateShift(objective, parametersByLayer(net.layers), next);
    expect(shift.difference).to.be.closeTo(0, 1e-12);
    // With another target it does: L = (ab − 1)² has ∂L/∂b = 2a(ab − 1).
    const other = netObjective(net, new SquaredError(), array([[1]], 'float64'), array([[1]], 'float64'));
    const [a, b] = other.parameters.map(({ value }) => value.get(0, 0));
    const [, negated] = covariateShift(other, parametersByLayer(net.layers), next, [0, 1]);
    expect(negated.difference).to.be.closeTo(Math.abs(2 * a * (a * b - 1) - 2 * -a * (-a * b - 1)), 1e-12);
  });

  it('counts norms as part of the layer before them', () => {
    const net = [new Linear(3, 4), new BatchNorm1d(4), new ReLU(), new Linear(4, 2)];
    expect(parametersByLayer(net).map((group) => group.map(({ name }) => name))).to.deep.equal([
      ['weight', 'bias', 'gamma', 'beta'],
      ['weight', 'bias'],
    ]);
    const input = parametersByLayer([new BatchNorm1d(3), ...net]);
    expect(input.map((group) => group.length)).to.deep.equal([2, 4, 2]);
  });

  it('restores the parameters of a net', () => {
    const net = new Sequential(
      new Linear(5, 4, { rng: new Random(3), dtype: 'float64', init: 'normal:1' }),
      new Linear(4, 3, { rng: new Random(4), dtype: 'float64', init: 'normal:1' }),
    );
    const before = toNested(net.parameters()[2].value);
    const objective = netObjective(net, new SquaredError(), normal([7, 5], 'x'), normal([7, 3], 't'));
    const next = valuesOf(objective.parameters);
    const shifts = covariateShift(objective, parametersByLayer(net.layers), next, [1]);
    expect(shifts.length).to.equal(1);
    expect(shifts[0].difference).to.equal(0); // a step of length 0
    expect(toNested(net.parameters()[2].value)).to.deep.equal(before);
  });
});
