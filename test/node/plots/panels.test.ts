import { expect } from 'chai';
import { panelsSvg } from '../../../src/node/plots/panels.js';

describe('panelsSvg', () => {
  const points = [2, 8, 512].map((x, i) => ({ x, y: 10 ** -i, low: 0.5 * 10 ** -i, high: 2 * 10 ** -i }));
  const panel = {
    title: 'a panel',
    x: { label: 'batch size', log: true, ticks: [2, 8, 512] },
    y: { label: 'loss', log: true },
    lines: [{ name: 'batch & norm', color: '#0072b2', points }],
  };

  it('writes every number that it is told to on a logarithmic axis, and powers of ten where it is told nothing', async () => {
    const svg = await panelsSvg('a title', [panel]);
    for (const text of [
      '2',
      '8',
      '512',
      '1',
      '0.1',
      '0.01',
      'batch size',
      'loss',
      'a panel',
      'a title',
      'batch &amp; norm',
    ])
      expect(svg).to.include(`>${text}</text>`);
  });

  it('names a line of several panels once', async () => {
    const svg = await panelsSvg('a title', [panel, panel]);
    expect(svg.split('batch &amp; norm').length).to.equal(2);
  });

  it('leaves out what a logarithmic axis cannot show, and what is not finite', async () => {
    const odd = [{ x: 0, y: 1 }, { x: 4, y: Number.NaN }, { x: 4, y: Number.POSITIVE_INFINITY }, ...points];
    const lines = [{ name: 'odd', color: '#0072b2', dots: true, points: odd }];
    const svg = await panelsSvg('a title', [{ ...panel, lines }]);
    expect(svg).not.to.include('NaN').and.not.to.include('Infinity');
    expect(svg.match(/<circle/g)?.length).to.equal(3);
  });

  it('draws dots with a line through them, or alone', async () => {
    const strokes = async (dots: boolean | 'only') => {
      const lines = [{ name: 'a', color: '#0072b2', dots, points }];
      const svg = await panelsSvg('a title', [{ ...panel, lines }]);
      return { circles: svg.match(/<circle/g)?.length, lines: svg.match(/stroke="#0072b2"/g)?.length };
    };
    const [both, only] = [await strokes(true), await strokes('only')];
    expect([both.circles, only.circles]).to.deep.equal([3, 3]);
    expect(only.lines ?? 0).to.be.below(both.lines ?? 0);
  });
});
