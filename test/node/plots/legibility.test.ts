import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ones, Random } from '../../../src/index.js';
import { attentionSvg } from '../../../src/node/plots/attention.js';
import { comparisonSvg } from '../../../src/node/plots/comparison.js';
import { seedCurvesSvg } from '../../../src/node/plots/curves.js';
import type { Line } from '../../../src/node/plots/lines.js';
import { panelsSvg } from '../../../src/node/plots/panels.js';
import { stacksSvg } from '../../../src/node/plots/stacks.js';
import { stepHeatmapsSvg } from '../../../src/node/plots/step-heatmap.js';
import {
  classAccuracySvg,
  confusionSvg,
  curvesSvg,
  gradientNormsSvg,
  heatmapSvg,
  histogramsSvg,
  linesSvg,
  predictionsSvg,
  samplesSvg,
  weightImagesSvg,
} from '../../../src/node.js';
import { withBrowser } from '../../support/chromium.js';

/** The width of the text column of the site, in which the widest figures are shown. */
const PAGE = 735;

const SHAPE = { channels: 3, height: 2, width: 4 };
const CLASSES = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
const CONFUSION = CLASSES.map((_, i) => CLASSES.map((_, j) => (i === j ? 815 : 7 * i + j)));
const SETUP = '9: 1024, 512, 256, 64; batch norm; AdamW 0.001; tanh';
const LONG = 'Length of each layer’s gradient, 16 hidden layers of 128 units, without a norm (seed 42)';

const entry = (step: number) => ({
  ...{ step, epoch: 1, trainLoss: 2.31, trainAccuracy: 0.2, testLoss: 2.3, testAccuracy: 0.19 },
});
const history = { firstLoss: 2.3, evaluations: [entry(100), entry(1400)], stopped: null };
const names = ['plain', 'batch norm', 'batch norm + noise', 'ℓ1 norm', 'ℓ2 norm', 'ℓ∞ norm'];
/** A panel with values between two magnitudes: small and large ones need the most room. */
const panel = (low: number, high: number, log: boolean) => ({
  title: 'MLP, rate 0.01: effective β-smoothness along the gradient',
  x: { label: 'training images seen' },
  y: { label: 'largest ‖change of ∇L‖₂ / ‖s∇L‖₂', log },
  lines: names.map((name, i) => ({
    ...{ name, color: '#0072b2', last: high < 1 },
    points: [0, 12_800, 25_600].map((x) => ({ x, y: low + (i / 5) * (high - low), low, high })),
  })),
});
const panels = [panel(-0.00025, 0.0007, false), panel(1e-9, 1e7, true), panel(21, 29, true), panel(0, 950_000, false)];
const map = {
  ...{ title: 'ReLU', rows: Array.from({ length: 17 }, (_, i) => `layer ${i + 1}`), steps: [1, 500, 1000] },
  values: Array.from({ length: 17 }, (_, i) => [10 ** -i, 0, 1]),
};
const layers = [
  { name: '0 Linear 3072 → 1024', norm: 1e-7 },
  { name: '14 Linear 64 → 10', norm: 200 },
];
const stack = { name: 'group norm, 2 groups', marks: ones([3, 4, 3, 4]) };
const sample = { pixels: new Uint8Array(24), actual: 'automobile', predicted: 'airplane', probability: 1 };

const picture = { ...SHAPE, bytes: new Uint8Array(24) };
const top = CLASSES.slice(0, 3).map((name) => ({ name, probability: 1 }));

const LINE: Line = {
  name: 'a',
  points: [
    [1e-6, -2],
    [10, 3e-7],
  ],
};

const FIGURES: Record<string, () => string | Promise<string>> = {
  curvesSvg: () => curvesSvg(history, 'Loss and accuracy over the run'),
  seedCurvesSvg: () => seedCurvesSvg([history, history], SETUP, { published: 0.2 }),
  panelsSvg: () => panelsSvg(LONG, panels, { columns: 3 }),
  linesSvg: () => linesSvg([LINE], { title: LONG, x: 'x', y: 'y', logX: true }),
  confusionSvg: () => confusionSvg(CONFUSION, CLASSES, 'Confusion matrix of the 10,000 test images'),
  heatmapSvg: () => heatmapSvg([[-0.12, 1]], { title: LONG, rows: 'rows', columns: '' }),
  stepHeatmapsSvg: () => stepHeatmapsSvg(LONG, [map, map, map]),
  classAccuracySvg: () => classAccuracySvg(CONFUSION, CLASSES, 'Accuracy of each class, test images'),
  comparisonSvg: () => comparisonSvg([{ name: SETUP, published: 0.5, mean: 0.4, deviation: 0.1, best: 0.5 }], LONG),
  gradientNormsSvg: () => gradientNormsSvg([{ name: 'before training', layers }], LONG),
  histogramsSvg: () => histogramsSvg(Array(4).fill({ name: '3 Softmax', values: [-31.5, 2] }), 'output', LONG),
  attentionSvg: () => {
    const maps = [
      { title: '✗ automobile 100 %', map: [[0, 1]] },
      { title: 'is: airplane', map: [[1, 0]] },
    ];
    return attentionSvg(Array(3).fill({ pixels: sample.pixels, maps }), SHAPE, 'Mistakes, and where the net looks');
  },
  samplesSvg: () => samplesSvg(Array(5).fill(sample), SHAPE, 'The first test images and their predictions'),
  predictionsSvg: () => predictionsSvg(Array(5).fill({ name: 'a picture with a long name.png', picture, top }), LONG),
  weightImagesSvg: () => weightImagesSvg(new Random(1).normal([70, 24]), SHAPE, 'Weights of the first layer'),
  stacksSvg: () => stacksSvg('What each norm averages over', [stack, stack], [1, 2, 1, 1]),
};

describe('every figure', () => {
  it('is drawn here: every file of plots/ with a function that draws has one', () => {
    const folder = new URL('../../../src/node/plots/', import.meta.url);
    const names = readdirSync(folder).flatMap((file) => [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(/^export (?:async )?function (\w+Svg)\b/gm),
    ]);
    const drawing = names.map(([, name]) => name).filter((name) => !['gridSvg', 'rowsSvg'].includes(name));
    expect(drawing.sort()).to.deep.equal(Object.keys(FIGURES).sort());
  });

  for (const [name, draw] of Object.entries(FIGURES)) {
    it(`${name} has its size, a white background, and text of 10 pixels or more on a page of ${PAGE} pixels`, async () => {
      const svg = await draw();
      const [, width, height, box] = /^<svg [^>]*width="(\d+)" height="(\d+)" viewBox="([^"]+)"/.exec(svg) ?? [];
      expect(box).to.equal(`0 0 ${width} ${height}`);
      expect(svg).to.include('<rect width="100%" height="100%" fill="white"/>').and.not.include('NaN');
      const sizes = [...svg.matchAll(/font-size(?:="|: ?)(\d+)/g)].map(([, size]) => Number(size));
      expect(sizes).to.not.be.empty;
      expect(Math.min(...sizes) * Math.min(1, PAGE / Number(width))).to.be.at.least(10);
      expect(svg).not.to.match(/font-size(?:="|: ?)\d+(?!\d|px|")/);
    });
  }

  it('shows every text whole, and none on top of another', async function () {
    this.timeout(60_000);
    await withBrowser(this, async (browser) => {
      const page = await browser.newPage();
      for (const [name, draw] of Object.entries(FIGURES)) {
        await page.setContent(`<body style="margin: 0">${await draw()}</body>`);
        const texts = await page.evaluate<Box[]>(`(${textBoxes})()`);
        expect(texts, name).to.not.be.empty;
        for (const { text, cut } of texts) expect(cut, `${name}: pixels of "${text}" outside its panel`).to.be.below(1);
        const straight = texts.filter(({ isTilted }) => !isTilted); // the boxes of tilted texts say too little
        for (const [i, a] of straight.entries())
          for (const b of straight.slice(i + 1))
            expect(overlap(a, b), `${name}: pixels of "${a.text}" on "${b.text}"`).to.be.below(3);
      }
    });
  });
});

/** A text of a figure in pixels, and how far it reaches out of its panel. */
interface Box {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
  cut: number;
  isTilted: boolean;
}

/** Runs, as text, in the page. */
function textBoxes(): Box[] {
  return [...document.querySelectorAll('text')].map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    let [x, y] = [0, 0];
    const panel = element.ownerSVGElement as SVGSVGElement;
    for (let svg: SVGSVGElement | null = panel; svg; svg = svg.ownerSVGElement) {
      x += svg.x.baseVal.value;
      y += svg.y.baseVal.value;
    }
    const [width, height] = [panel.width.baseVal.value, panel.height.baseVal.value];
    const cut = Math.max(x - left, right - (x + width), y - top, bottom - (y + height));
    const isTilted = /rotate\((?!-90\))/.test(element.getAttribute('transform') ?? '');
    return { text: element.textContent ?? '', left, right, top, bottom, cut, isTilted };
  });
}

/** How far one text reaches into another: the smaller of width and height of what they share. */
function overlap(a: Box, b: Box): number {
  const [width, height] = [
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ];
  return Math.min(width, height);
}
