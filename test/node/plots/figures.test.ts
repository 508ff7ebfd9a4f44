import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseHTML } from 'linkedom';
import { array, Random } from '../../../src/index.js';
import { comparisonSvg } from '../../../src/node/plots/comparison.js';
import { seedCurvesSvg } from '../../../src/node/plots/curves.js';
import { panelsSvg } from '../../../src/node/plots/panels.js';
import { stacksSvg } from '../../../src/node/plots/stacks.js';
import { stepHeatmapsSvg } from '../../../src/node/plots/step-heatmap.js';
import {
  classAccuracySvg,
  confusionSvg,
  curve,
  curvesSvg,
  gradientNormsSvg,
  heatmapSvg,
  histogramsSvg,
  linesSvg,
  samplesSvg,
  weightImagesSvg,
} from '../../../src/node.js';

const SHAPE = { channels: 3, height: 2, width: 4 };
const CONFUSION = [
  [8, 2, 0],
  [1, 3, 6],
  [0, 0, 10],
];
const CLASSES = ['cat', 'dog', 'frog'];

/** Every text of a drawing. */
function textsOf(svg: string): string[] {
  expect(svg)
    .to.match(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    .and.not.include('NaN');
  return [...parseHTML(svg).document.querySelectorAll('text')].map(({ textContent }) => textContent ?? '');
}

describe('the figures', () => {
  it('confusionSvg writes every count, and names both axes and all classes', async () => {
    const texts = textsOf(await confusionSvg(CONFUSION, CLASSES, 'who <is> who'));
    for (const wanted of ['8', '6', '10', 'cat', 'frog', 'true class', 'predicted class', 'who <is> who'])
      expect(texts).to.include(wanted);
  });

  it('classAccuracySvg sorts classes, and marks the accuracy over all', async () => {
    const texts = textsOf(await classAccuracySvg(CONFUSION, CLASSES, 't'));
    expect(texts).to.include('accuracy 70.0 %').and.include('images (%)');
    const shares = texts.filter((text) => /^\d+ %$/.test(text));
    expect(shares).to.deep.equal(['100 %', '80 %', '30 %']);
    expect(texts.indexOf('frog')).to.be.lessThan(texts.indexOf('dog'));
  });

  it('classAccuracySvg draws a class without images and without predictions', async () => {
    textsOf(
      await classAccuracySvg(
        [
          [0, 0],
          [0, 4],
        ],
        ['a', 'b'],
        't',
      ),
    );
  });

  it('weightImagesSvg draws the units of the largest norm first, and says how many', () => {
    const svg = weightImagesSvg(new Random(1).normal([5, 24]), SHAPE, 'units', 3);
    expect(textsOf(svg).join(' '))
      .to.include('the 3 units of 5 with the largest norms')
      .and.include('2 × 4 weights each');
    expect(svg.match(/<image /g)?.length).to.equal(1);
    expect(() => weightImagesSvg(new Random(1).normal([5, 23]), SHAPE, 't')).to.throw(
      'weightImagesSvg: expected weight of shape (M, 24), got (5, 23)',
    );
  });

  it('samplesSvg marks what is right and what is wrong, and names the truth of a mistake', () => {
    const pixels = new Uint8Array(24);
    const texts = textsOf(
      samplesSvg(
        [
          { pixels, actual: 'cat', predicted: 'cat', probability: 0.71 },
          { pixels, actual: 'dog', predicted: 'frog', probability: 0.4 },
        ],
        SHAPE,
        't',
      ),
    );
    expect(texts.slice(1)).to.deep.equal(['✓ cat 71 %', '✗ frog 40 %', 'is: dog']);
  });

  it('samplesSvg writes the name alone where no net was asked', () => {
    const sample = { pixels: new Uint8Array(24), actual: 'cat', predicted: 'cat', probability: Number.NaN };
    expect(textsOf(samplesSvg([sample], SHAPE, 't')).slice(1)).to.deep.equal(['cat']);
  });

  it('histogramsSvg writes mean and deviation, also of values that are all the same', async () => {
    const texts = textsOf(
      await histogramsSvg(
        [
          { name: 'a', values: [1, 3] },
          { name: 'b', values: [0, 0, 0] },
        ],
        'output',
        't',
      ),
    );
    expect(texts).to.include('mean 2, deviation 1').and.include('mean 0, deviation 0').and.include('output');
  });

  it('gradientNormsSvg puts layers on a scale of powers of ten, and leaves out a gradient of 0', async () => {
    const svg = await gradientNormsSvg(
      [
        {
          name: 'before',
          layers: [
            { name: 'one', norm: 1e-5 },
            { name: 'two', norm: 10 },
            { name: 'three', norm: 0 },
          ],
        },
      ],
      't',
    );
    expect(textsOf(svg)).to.include.members(['before', 'one', 'two', 'three', '1e-6', '100']);
  });

  it('linesSvg names every line and both axes, and refuses more than six', async () => {
    const line = curve('x²', (x) => x * x, -1, 1, 5);
    expect(line.points.length).to.equal(5);
    const texts = textsOf(await linesSvg([line], { title: 't', x: 'input', y: 'output' }));
    expect(texts.join(' ')).to.include('x²').and.include('input').and.include('output');
    const many = linesSvg(Array(7).fill(line), { title: 't', x: 'x', y: 'y' });
    expect(await many.catch(String)).to.equal('RangeError: linesSvg: expected from 1 to 6 lines, got 7');
  });

  it('linesSvg is wide enough for a long title', async () => {
    const title = 'The running statistics of a source with mean 5 and variance 4';
    const svg = await linesSvg([{ name: 'a', points: [[0, 1]] }], { title, x: 'x', y: 'y' });
    expect(Number(/width="(\d+)"/.exec(svg)?.[1])).to.be.at.least(10 * title.length);
  });

  it('heatmapSvg writes every value with a true minus, and no minus before 0', async () => {
    const texts = textsOf(
      await heatmapSvg(
        [
          [0.5, -0.25],
          [-0.001, 0],
        ],
        { title: 't', rows: 'r', columns: 'c' },
      ),
    );
    expect(texts).to.include.members(['0.50', '−0.25', '0.00']).and.not.include('-0.00');
  });
});

describe('every figure', () => {
  const lines = [{ name: 'a', points: [[1, 2] as const, [2, 3] as const] }];
  const entry = { step: 100, epoch: 1, trainLoss: 2, trainAccuracy: 0.2, testLoss: 2.1, testAccuracy: 0.19 };
  const history = { firstLoss: 2.3, evaluations: [entry, { ...entry, step: 200 }], stopped: null };
  const line = { name: 'a', color: '#0072b2', points: [1, 2, 3].map((x) => ({ x, y: x, low: x - 1, high: x + 1 })) };
  const panel = { title: 'a panel with a title of some length', x: { label: 'x' }, y: { label: 'y' }, lines: [line] };
  const sample = { pixels: new Uint8Array(24), actual: 'cat', predicted: 'dog', probability: 0.5 };
  const map = {
    title: 't',
    rows: ['a', 'b'],
    steps: [0, 1],
    values: [
      [1, 10],
      [0, 0.1],
    ],
  };
  const marks = array([[[[0, 1]]]]);
  const figures: Record<string, () => string | Promise<string>> = {
    curvesSvg: () => curvesSvg(history, 't'),
    seedCurvesSvg: () => seedCurvesSvg([history, history], 't', { published: 0.2 }),
    panelsSvg: () => panelsSvg('t', Array(4).fill(panel)),
    linesSvg: () => linesSvg(lines, { title: 't', x: 'x', y: 'y', logX: true }),
    confusionSvg: () => confusionSvg(CONFUSION, CLASSES, 't'),
    heatmapSvg: () => heatmapSvg(CONFUSION, { title: 't', rows: 'r', columns: 'c' }),
    stepHeatmapsSvg: () => stepHeatmapsSvg('t', Array(3).fill(map)),
    classAccuracySvg: () => classAccuracySvg(CONFUSION, CLASSES, 't'),
    comparisonSvg: () => comparisonSvg([{ name: '1', published: 0.5, mean: 0.4, deviation: 0.1, best: 0.5 }], 't'),
    gradientNormsSvg: () => gradientNormsSvg([{ name: 'a', layers: [{ name: 'b', norm: 1 }] }], 't'),
    histogramsSvg: () => histogramsSvg(Array(3).fill({ name: 'a', values: [1, 2] }), 'u', 't'),
    samplesSvg: () => samplesSvg(Array(5).fill(sample), SHAPE, 't'),
    weightImagesSvg: () => weightImagesSvg(new Random(1).normal([70, 24]), SHAPE, 't'),
    stacksSvg: () => stacksSvg('t', [{ name: 'a', marks }], [0, 0, 0, 1]),
  };

  it('is drawn here: every file of plots/ with a function that draws has one', () => {
    const folder = new URL('../../../src/node/plots/', import.meta.url);
    const names = readdirSync(folder).flatMap((file) => [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(/^export (?:async )?function (\w+Svg)\b/gm),
    ]);
    const drawing = names.map(([, name]) => name).filter((name) => !['gridSvg', 'rowsSvg'].includes(name));
    expect(drawing.sort()).to.deep.equal(Object.keys(figures).sort());
  });

  for (const [name, draw] of Object.entries(figures)) {
    it(`${name} has its size, a white background, and text of 10 pixels or more on a page of 735 pixels`, async () => {
      const svg = await draw();
      const [, width, height, box] = /^<svg [^>]*width="(\d+)" height="(\d+)" viewBox="([^"]+)"/.exec(svg) ?? [];
      expect(box).to.equal(`0 0 ${width} ${height}`);
      expect(svg).to.include('<rect width="100%" height="100%" fill="white"/>');
      const sizes = [...svg.matchAll(/font-size(?:="|: ?)(\d+)/g)].map(([, size]) => Number(size));
      expect(sizes).to.not.be.empty;
      expect(Math.min(...sizes) * Math.min(1, 735 / Number(width))).to.be.at.least(10);
      expect(svg).not.to.match(/font-size(?:="|: ?)\d+(?!\d|px|")/);
    });
  }
});

describe('the arrays that figures draw', () => {
  it('may be views', () => {
    const weight = array(Array.from({ length: 24 }, (_, d) => [d, -d])).transpose(1, 0);
    expect(weightImagesSvg(weight, SHAPE, 't')).to.equal(
      weightImagesSvg(array([0, 1].map((m) => Array.from({ length: 24 }, (_, d) => (m ? -d : d)))), SHAPE, 't'),
    );
  });
});
