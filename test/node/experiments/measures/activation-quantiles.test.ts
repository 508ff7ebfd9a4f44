import { expect } from 'chai';
import { array, Linear, ReLU } from '../../../../src/index.js';
import { activationQuantiles, quantiles } from '../../../../src/node/experiments/measures/activation-quantiles.js';

describe('activationQuantiles', () => {
  it('are quantiles of the outputs of the given layers', () => {
    const linear = new Linear(1, 2, { init: 'zeros', dtype: 'float64' });
    linear.weight.value.set(0, 0, 1);
    linear.weight.value.set(1, 0, -2);
    const x = array(
      Array.from({ length: 11 }, (_, i) => [i - 5]),
      'float64',
    );
    const units = [
      { layer: 0, unit: 1 },
      { layer: 1, unit: 0 },
    ];
    expect(activationQuantiles([linear, new ReLU()], x, units, [0, 0.5, 1])).to.deep.equal([
      [-10, 0, 10],
      [0, 0, 5],
    ]);
  });

  it('are interpolated linearly between two values', () => {
    expect(quantiles([40, 10, 20, 30], [0, 0.25, 0.5, 1])).to.deep.equal([10, 17.5, 25, 40]);
    expect(quantiles([7], [0, 0.3, 1])).to.deep.equal([7, 7, 7]);
  });
});
