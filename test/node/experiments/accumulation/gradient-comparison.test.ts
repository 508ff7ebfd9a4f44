import { expect } from 'chai';
import { compareGradients } from '../../../../src/node/experiments/accumulation/gradient-comparison.js';

describe('compareGradients', () => {
  it('finds the gradient of the whole batch in every array, except with batch norm', () => {
    for (const norm of ['none', 'layer'] as const) {
      const { arrays } = compareGradients(norm, [6, 5, 1], 'share');
      for (const { name, relative } of arrays) expect(relative, `${norm}: ${name}`).to.be.lessThan(1e-12);
    }
    expect(compareGradients('batch', [6, 6], 'share').relative).to.be.greaterThan(0.01);
  });

  it('finds the error of wrong divisors', () => {
    expect(compareGradients('none', [4, 4, 4], 'mean').relative).to.be.lessThan(1e-12);
    expect(compareGradients('none', [6, 5, 1], 'mean').relative).to.be.greaterThan(0.01);
    expect(compareGradients('none', [4, 4, 4], 'sum').relative).to.be.closeTo(2, 1e-12);
  });
});
