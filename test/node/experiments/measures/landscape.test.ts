import { expect } from 'chai';
import { array, toNested } from '../../../../src/index.js';
import { gradientLine } from '../../../../src/node/experiments/measures/gradient-line.js';
import {
  effectiveSmoothness,
  gradientPredictiveness,
  lossRange,
} from '../../../../src/node/experiments/measures/landscape.js';
import { H, quadratic } from './quadratic.js';

describe('the measures along the gradient, on ½ wᵀHw', () => {
  const along = quadratic(H, [1, 2]); // an eigenvector of 5: the gradient is 5w, the loss 12.5
  const line = gradientLine(along, [0.01, 0.1, 0.3]);

  it('start with loss and gradient at the parameters, and restore both', () => {
    expect(line.loss).to.be.closeTo(12.5, 1e-12);
    expect(line.gradientLength).to.be.closeTo(5 * Math.sqrt(5), 1e-12);
    expect(toNested(along.w)).to.deep.equal([[1], [2]]);
    expect(toNested(along.parameters[0].grad)).to.deep.equal(toNested(array([[5], [10]], 'float64')));
  });

  it('the loss range is that of ½ λ (1 − sλ)² ‖w‖²', () => {
    const { low, high } = lossRange(line);
    expect(high).to.be.closeTo(12.5 * 0.95 ** 2, 1e-10);
    expect(low).to.be.closeTo(12.5 * 0.5 ** 2, 1e-10);
  });

  it('the range is infinite if a loss is not finite', () => {
    const points = [1, 2].map((step) => ({ step, loss: step === 1 ? 3 : Number.NaN, gradientChange: 0 }));
    expect(lossRange({ loss: 1, gradientLength: 1, points })).to.deep.equal({ low: 3, high: Infinity });
  });

  it('the gradient changes by s λ² ‖w‖', () => {
    const { low, high } = gradientPredictiveness(line);
    expect(low).to.be.closeTo(0.01 * 25 * Math.sqrt(5), 1e-10);
    expect(high).to.be.closeTo(0.3 * 25 * Math.sqrt(5), 1e-10);
  });

  it('β is the eigenvalue along an eigenvector', () => {
    expect(effectiveSmoothness(line)).to.be.closeTo(5, 1e-8);
    expect(effectiveSmoothness(gradientLine(quadratic(H, [2, -1]), [0.01, 0.5]))).to.be.closeTo(1, 1e-8);
  });

  it('β is ‖H∇L‖/‖∇L‖ in other directions, between the eigenvalues', () => {
    // w = (1, 2) + (2, −1): ∇L = 5(1, 2) + (2, −1), H∇L = 25(1, 2) + (2, −1)
    const expected = Math.sqrt(625 + 1) / Math.sqrt(25 + 1);
    expect(effectiveSmoothness(gradientLine(quadratic(H, [3, 1]), [0.02, 0.2]))).to.be.closeTo(expected, 1e-8);
  });
});
