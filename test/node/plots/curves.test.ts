import { expect } from 'chai';
import { parseHTML } from 'linkedom';
import { curvesSvg, type History } from '../../../src/node.js';

const entry = (step: number, testAccuracy: number) => ({
  step,
  epoch: 1,
  trainLoss: 2 - step / 1000,
  trainAccuracy: step / 1000,
  testLoss: 2.1 - step / 1000,
  testAccuracy,
});

describe('curvesSvg', () => {
  const history: History = {
    firstLoss: 2.3,
    evaluations: [entry(100, 0.2), entry(200, 0.35), entry(300, 0.412)],
    stopped: null,
  };

  it('draws R² on the test set in the place of the accuracy of a regression', async () => {
    const evaluations = [100, 200].map((step) => ({
      step,
      epoch: 1,
      trainLoss: 0.5,
      testLoss: 0.6,
      testR2: step / 250,
    }));
    const svg = await curvesSvg({ firstLoss: 1, evaluations, stopped: null }, 'A regression');
    const texts = [...parseHTML(svg).document.querySelectorAll('text')].map(({ textContent }) => textContent).join(' ');
    expect(texts).to.include('R²').and.include('mean loss').and.include('0.800').and.not.include('accuracy');
  });

  it('draws two panels with axes, labels, a legend, both lines, and the final figures', async () => {
    const svg = await curvesSvg(history, 'A net <on> images');
    const { document } = parseHTML(svg);
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).to.equal(true);
    expect(document.querySelectorAll('svg svg').length).to.equal(2);
    const texts = [...document.querySelectorAll('text')].map((text) => text.textContent);
    const all = texts.join(' ');
    for (const wanted of [
      'A net <on> images',
      'step',
      'mean loss (nats per sample)',
      'accuracy',
      'training batches',
      'test set',
      '0.412',
      '0.300',
      '1.800',
      '1.700',
    ]) {
      expect(all).to.include(wanted);
    }
    const lines = [...document.querySelectorAll('[aria-label="line"] path')].map(
      (path) => path.getAttribute('d') ?? '',
    );
    expect(lines.length).to.equal(4);
    for (const d of lines) expect(d.match(/[ML]/g)?.length, d).to.equal(3);
    expect(svg).not.to.include('NaN');
  });

  it('draws a run with a single evaluation', async () => {
    const svg = await curvesSvg({ ...history, evaluations: [entry(100, 0.2)] }, 'short');
    expect(svg).to.include('0.200').and.not.include('NaN');
  });
});
