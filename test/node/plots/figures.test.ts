import { expect } from 'chai';
import { parseHTML } from 'linkedom';
import { array, Random } from '../../../src/index.js';
import {
  classAccuracySvg,
  confusionSvg,
  curve,
  gradientNormsSvg,
  heatmapSvg,
  histogramsSvg,
  linesSvg,
  predictionsSvg,
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

  it('predictionsSvg draws each image in its proportions, and a bar per class as long as its probability', () => {
    const top = [
      { name: 'cat', probability: 0.75 },
      { name: 'a class with a very long name', probability: 0 },
    ];
    const picture = { channels: 1, height: 2, width: 4, bytes: new Uint8Array(8) };
    const svg = predictionsSvg([{ name: 'x.png', picture, top }], 'who <is> who');
    expect(textsOf(svg)).to.include.members(['who <is> who', 'x.png', 'cat', '75.0 %', '0.0 %']);
    expect(textsOf(svg).some((text) => /^….*long name$/.test(text))).to.equal(true);
    const { document } = parseHTML(svg);
    const image = document.querySelector('image');
    expect([image?.getAttribute('width'), image?.getAttribute('height')]).to.deep.equal(['96', '48']);
    const bars = [...document.querySelectorAll('svg svg rect')]
      .slice(1)
      .map((bar) => Number(bar.getAttribute('width')));
    expect(bars).to.deep.equal([112.5, 1]);
    expect(predictionsSvg([{ name: 'row 1', top }], 't')).to.not.include('<image');
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

  it('linesSvg puts a long title on several lines', async () => {
    const title = 'The running statistics of a source with mean 5 and variance 4';
    const svg = await linesSvg([{ name: 'a', points: [[0, 1]] }], { title, x: 'x', y: 'y' });
    const lines = textsOf(svg).filter((text) => title.includes(text) && text.length > 1);
    expect(lines.length).to.equal(2);
    expect(lines.join(' ')).to.equal(title);
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

describe('the arrays that figures draw', () => {
  it('may be views', () => {
    const weight = array(Array.from({ length: 24 }, (_, d) => [d, -d])).transpose(1, 0);
    expect(weightImagesSvg(weight, SHAPE, 't')).to.equal(
      weightImagesSvg(array([0, 1].map((m) => Array.from({ length: 24 }, (_, d) => (m ? -d : d)))), SHAPE, 't'),
    );
  });
});
