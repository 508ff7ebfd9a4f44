import { expect } from 'chai';
import { array, ELU, Linear, Random, ReLU, Tanh } from '../../../../src/index.js';
import { flatFractions, gradientLengths } from '../../../../src/node/experiments/vanishing/gradient-tracking.js';
import { stepHeatmapsSvg } from '../../../../src/node/plots/step-heatmap.js';

describe('gradient tracking', () => {
  it('measures the length of each layer’s weight gradient, without its bias', () => {
    const layers = [new Linear(2, 1, { rng: new Random(1) }), new Linear(1, 1, { rng: new Random(2) })];
    layers[0].weight.grad.set(0, 0, 3);
    layers[0].weight.grad.set(0, 1, -4);
    layers[0].bias?.grad.set(0, 100);
    expect(gradientLengths(layers)).to.deep.equal([5, 0]);
  });

  it('measures the fraction of units at which an activation is flat', () => {
    const x = array([[-5, -0.5, 0.5, 5]], 'float64');
    expect(flatFractions([new Tanh()], x)).to.deep.equal([0.5]);
    expect(flatFractions([new ELU()], x)).to.deep.equal([0.25]);
    expect(flatFractions([new ReLU()], x)).to.deep.equal([0.5]);
    expect(flatFractions([new ReLU(), new ReLU(), new Linear(4, 2, { dtype: 'float64' })], x)).to.deep.equal([
      0.5, 0.5,
    ]);
  });

  it('is drawn as one cell per layer and step, gray for 0, with a legend in powers of ten', async () => {
    const map = {
      title: 'ELU',
      rows: ['layer 1', 'layer 2'],
      steps: [1, 2],
      values: [
        [1, 0.001],
        [0, 0.1],
      ],
    };
    const svg = await stepHeatmapsSvg('a title', [map]);
    expect(svg.match(/<rect (?!width="100%")/g)?.length).to.equal(4);
    expect(svg.match(/#d0d0d0/g)?.length).to.equal(1);
    for (const text of ['0.001', '0.01', '0.1', '1', 'layer 2', 'step']) expect(svg).to.include(`>${text}</text>`);
  });
});
