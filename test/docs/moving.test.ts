import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { convolutionOf } from '../../docs/site/live/moving/convolution.js';
import { lengthsOf } from '../../docs/site/live/moving/depth.js';
import { FIGURES } from '../../docs/site/live/moving/figures.js';
import { layerNormOf } from '../../docs/site/live/moving/layer-norm.js';
import { influenceOf, NORMS } from '../../docs/site/live/moving/norms.js';
import { pathsOf } from '../../docs/site/live/moving/paths.js';
import { poolingOf } from '../../docs/site/live/moving/pooling.js';
import { softmaxOf } from '../../docs/site/live/moving/softmax.js';
import { limitsOf, waysOf } from '../../docs/site/live/moving/valley.js';
import { at, Random } from '../../src/index.js';
import { openBrowser } from '../support/chromium.js';

const page = (name: string) => fileURLToPath(new URL(`../../docs/html/guide/${name}.html`, import.meta.url));
const CHAPTERS: Readonly<Record<string, string>> = {
  paths: 'chain-rule',
  activations: 'elu',
  depth: 'elu',
  softmax: 'softmax',
  'softmax-loss': 'softmax',
  'layer-norm': 'layer-norm',
  norms: 'batch-norm',
  convolution: 'convolution',
  pooling: 'convolution',
  valley: 'optimizers',
};
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe('what the moving figures compute', () => {
  it('the paths: their sum, the backward pass and differences agree for every x', () => {
    for (let x = -2; x <= 2; x += 0.25) {
      const { products, gradient, measured } = pathsOf(x);
      expect(products).to.have.length(4);
      expect(total(products)).closeTo(gradient.x, 1e-12);
      expect(measured).closeTo(gradient.x, 1e-8);
    }
  });

  it('the depth: the small gradients of the first layers, which come with a bias and go without it', () => {
    const { lengths, slopes } = lengthsOf({ activation: 'Tanh', std: 0.3, bias: 2 });
    expect(lengths).to.have.length(10);
    expect(lengths[0] / lengths[9]).below(1e-3);
    expect(Math.max(...slopes)).below(0.4);
    const without = lengthsOf({ activation: 'Tanh', std: 0.3, bias: 0 });
    expect(without.lengths[0] / without.lengths[9]).above(0.1);
  });

  it('softmax: the Jacobian is Y(δ − Y), its rows sum to 0, and both ways give Y − T', () => {
    const { probs, jacobian, composed, fused, L } = softmaxOf({ logits: [2, -1, 0.5, 3], target: 1 });
    for (const [k, row] of jacobian.entries()) {
      expect(total(row)).closeTo(0, 1e-15);
      for (const [c, value] of row.entries()) expect(value).closeTo(probs[k] * ((k === c ? 1 : 0) - probs[c]), 1e-15);
    }
    for (const [c, value] of fused.entries()) {
      expect(value).closeTo(probs[c] - (c === 1 ? 1 : 0), 1e-15);
      expect(composed[c]).closeTo(value, 1e-14);
    }
    expect(L).closeTo(-Math.log(probs[1]), 1e-15);
  });

  it('layer norm: the three terms add up to dx; a shift and a stretch leave x̂, and a stretch divides dx', () => {
    const state = { row: [-1, 0.5, 2, -2, 1], dout: [1, -0.5, 2, 0.5, 1], shift: 0, stretch: 1 };
    const { terms, dx, xHat } = layerNormOf(state);
    for (const [d, value] of dx.entries())
      expect(terms.direct[d] + terms.shift[d] + terms.stretch[d]).closeTo(value, 1e-14);
    expect(total(dx)).closeTo(0, 1e-14);
    const moved = layerNormOf({ ...state, shift: 3, stretch: 2 });
    for (const [d, value] of moved.xHat.entries()) {
      expect(value).closeTo(xHat[d], 1e-5);
      expect(2 * moved.dx[d]).closeTo(dx[d], 1e-4);
    }
  });

  it('the norms: an output depends on the numbers over which its norm averages, and on no other', () => {
    const over: Readonly<Record<string, (n: number, c: number) => boolean>> = {
      BN: (_n, c) => c === 1,
      LN: (n) => n === 2,
      IN: (n, c) => n === 2 && c === 1,
      GN: (n, c) => n === 2 && c < 2,
    };
    expect(Object.keys(NORMS)).to.deep.equal(Object.keys(over));
    for (const [norm, isOver] of Object.entries(over)) {
      const dx = influenceOf({ norm, n: 2, c: 1, l: 3 });
      for (let n = 0; n < 3; n++)
        for (let c = 0; c < 4; c++)
          for (let l = 0; l < 4; l++) expect(at(dx, n, c, l) !== 0, `${norm} ${n} ${c} ${l}`).equals(isOver(n, c));
    }
  });

  it('convolution: one output gives dX the kernel and dK its window; all outputs give the sums', () => {
    const image = Array.from({ length: 16 }, (_, i) => i);
    const state = { image, weight: [1, 10, 100, 1000], chosen: 5 };
    const one = convolutionOf({ ...state, spread: 'the chosen output' });
    expect(one.out[1][2]).equals(6 + 70 + 1000 + 11_000);
    expect(one.dx).to.deep.equal([
      [0, 0, 0, 0],
      [0, 0, 1, 10],
      [0, 0, 100, 1000],
      [0, 0, 0, 0],
    ]);
    expect(one.dWeight).to.deep.equal([
      [6, 7],
      [10, 11],
    ]);
    const all = convolutionOf({ ...state, spread: 'all outputs' });
    expect([all.dx[0][0], all.dx[1][1], all.dx[3][3]]).to.deep.equal([1, 1111, 1000]);
    expect(all.dWeight[0][0]).equals(0 + 1 + 2 + 4 + 5 + 6 + 8 + 9 + 10);
  });

  it('pooling: the first of equal pixels wins, and a pixel that wins three windows collects three gradients', () => {
    const start = { kind: 'max', dout: [1, 2, 3, 4], image: [5, 5, 0, 0, 5, 5, 0, 0, 0, 8, 0, 0, 0, 0, 0, 9] };
    const apart = poolingOf({ ...start, windows: '2 × 2, side by side' });
    expect(apart.out).to.deep.equal([5, 0, 8, 9]);
    expect(apart.dx).to.deep.equal([1, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 4]);
    const overlapping = poolingOf({ ...start, windows: '3 × 3, overlapping' });
    expect(overlapping.dx[9]).equals(6);
    expect(overlapping.dx[15]).equals(4);
    const average = poolingOf({ ...start, kind: 'average', windows: '3 × 3, overlapping' });
    expect(total(average.dx)).closeTo(10, 1e-12);
    expect(average.routes[0].filter((share) => share > 0)).to.have.length(9);
  });

  it('the valley: SGD multiplies by 1 − ηa, and every method explodes above its limit and not below', () => {
    const settings = { steep: 30, rate: 0.03, adamRate: 0.3, momentum: 0.8, start: [-4, 1] as const };
    const [sgd] = waysOf(settings);
    expect(sgd.points[3][1]).closeTo((1 - 0.9) ** 3, 1e-12);
    expect(sgd.points[3][0]).closeTo(-4 * 0.97 ** 3, 1e-12);
    for (const momentum of [0, 0.5, 0.8])
      for (const [name, limit] of Object.entries(limitsOf(momentum)))
        for (const share of [0.93, 1.07]) {
          const ways = waysOf({ ...settings, momentum, rate: (share * limit) / 30 });
          const { losses } = ways.find((way) => way.name === name) ?? ways[0];
          const grows = losses[90] > losses[30];
          expect(grows, `${name} with momentum ${momentum} at ${share} of its limit`).equals(share > 1);
        }
  });

  it('every figure stands in a chapter', () => {
    expect(Object.keys(FIGURES).sort()).to.deep.equal(Object.keys(CHAPTERS).sort());
  });
});

describe('the moving figures in a browser', function () {
  this.timeout(180_000);
  let browser: Browser;
  let tab: Page;
  const said: string[] = [];

  before(async function () {
    expect(existsSync(page('elu')), 'npm run docs builds the chapters').equals(true);
    browser = await openBrowser(this);
  });
  const open = async (figure: string, options: BrowserContextOptions = {}) => {
    said.length = 0;
    tab = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    tab.setDefaultTimeout(15_000);
    tab.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    tab.on('pageerror', (error) => said.push(error.message));
    await tab.goto(pathToFileURL(page(CHAPTERS[figure])).href);
    await root(figure).scrollIntoViewIfNeeded();
  };
  afterEach(async () => {
    await tab?.close();
    expect(said).to.deep.equal([]);
  });
  after(() => browser?.close());

  const root = (figure: string) => tab.locator(`#moving-${figure}`);
  const handle = (figure: string, name: string) => root(figure).locator(`[data-handle="${name}"]`).first();
  const numbers = (figure: string, attribute: string): Promise<number[]> =>
    tab.evaluate(
      `[...document.querySelectorAll('#moving-${figure} [data-${attribute}]')].map((one) => Number(one.getAttribute('data-${attribute}')))`,
    );
  const named = (figure: string, name: string) =>
    root(figure).locator(`[data-name="${name}"]`).getAttribute('data-value').then(Number);
  /** A frame later, when the figure has drawn its new state. */
  const drawn = () => tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const press = async (figure: string, text: string) => {
    await root(figure)
      .locator('button', { hasText: new RegExp(`^${text}$`) })
      .click();
    await drawn();
  };
  const slide = async (figure: string, name: string, value: number) => {
    await root(figure).locator(`[name="${name}"]`).fill(String(value));
    await drawn();
  };

  it('the tangent follows the pointer and the arrow keys, and dx is dout × slope', async () => {
    await open('activations');
    const box = await handle('activations', 'x').boundingBox();
    if (!box) throw new Error('the curve is not on the screen');
    await tab.mouse.move(box.x + box.width / 4, box.y + 40); // x = −2
    await drawn();
    expect(await named('activations', 'out')).closeTo(Math.exp(-2) - 1, 0.01);
    expect(await named('activations', 'slope')).closeTo(Math.exp(-2), 0.01);
    await handle('activations', 'x').focus();
    await tab.keyboard.press('ArrowRight');
    await drawn();
    const [slope, dx] = [await named('activations', 'slope'), await named('activations', 'dx')];
    expect(slope).closeTo(Math.exp(-1.95), 0.01);
    expect(dx).closeTo(1.5 * slope, 1e-12);
    expect(await tab.evaluate('document.activeElement.dataset.handle'), 'the focus stays').equals('x');
    await press('activations', 'ReLU');
    expect(await named('activations', 'dx')).equals(0);
    expect(await tab.evaluate('document.activeElement.textContent')).equals('ReLU');
  });

  it('ten layers deep: without the bias the gradient comes back', async () => {
    await open('depth');
    const before = await named('depth', 'ratio');
    await slide('depth', 'bias', 0);
    const expected = lengthsOf({ activation: 'Tanh', std: 0.3, bias: 0 }).lengths;
    expect(await named('depth', 'ratio')).closeTo(expected[0] / expected[9], 1e-3);
    expect(await named('depth', 'ratio')).above(100 * before);
  });

  it('a logit is dragged with the mouse, and softmax, Jacobian and gradient are those of Node', async () => {
    for (const figure of ['softmax', 'softmax-loss']) {
      await open(figure);
      const grip = root(figure).locator('[data-handle="logit-3"] .grip');
      const box = await grip.boundingBox();
      if (!box) throw new Error('the bar is not on the screen');
      await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await tab.mouse.down();
      await tab.mouse.move(box.x + box.width / 2, box.y - 40, { steps: 5 });
      await tab.mouse.up();
      await drawn();
      const logit = Number(await handle(figure, 'logit-3').getAttribute('aria-valuenow'));
      expect(logit).within(0.5, 2);
      const expected = softmaxOf({ logits: [2, 1, 0.5, logit], target: 1 });
      const shown = await numbers(figure, 'prob');
      expect(shown).to.have.length(4);
      for (const [c, value] of shown.entries()) expect(value).closeTo(expected.probs[c], 1e-12);
      if (figure === 'softmax') {
        const jacobian = await numbers(figure, 'jacobian');
        expect(jacobian).to.have.length(16);
        for (const [i, value] of jacobian.entries()) expect(value).closeTo(expected.jacobian.flat()[i], 1e-12);
        await press(figure, 'Add 1 to every logit');
        for (const [c, value] of (await numbers(figure, 'prob')).entries())
          expect(value).closeTo(expected.probs[c], 1e-12);
      } else {
        for (const [c, value] of (await numbers(figure, 'gradient')).entries())
          expect(value).closeTo(expected.fused[c], 1e-12);
        await press(figure, '4');
        expect(await named(figure, 'loss')).closeTo(-Math.log(expected.probs[3]), 1e-12);
      }
      if (figure === 'softmax') await tab.close();
    }
  });

  it('layer norm: x̂ stays when the row is shifted and stretched, and changes when one number is', async () => {
    await open('layer-norm');
    const before = await numbers('layer-norm', 'xhat');
    await slide('layer-norm', 'shift', 2);
    await slide('layer-norm', 'stretch', 2);
    const after = await numbers('layer-norm', 'xhat');
    for (const [d, value] of after.entries()) expect(value).closeTo(before[d], 1e-5);
    expect(Number(await handle('layer-norm', 'row-0').getAttribute('aria-valuenow'))).equals(-1);
    await handle('layer-norm', 'row-0').press('ArrowUp');
    await drawn();
    expect(Math.abs((await numbers('layer-norm', 'xhat'))[0] - before[0])).above(0.01);
    const shown = await numbers('layer-norm', 'dx');
    const expected = layerNormOf({ row: [-0.9, 0.5, 2, -2, 1], dout: [1, -0.5, 2, 0.5, 1], shift: 2, stretch: 2 });
    for (const [d, value] of shown.entries()) expect(value).closeTo(expected.dx[d], 1e-12);
  });

  it('a bar of layer norm follows the mouse also when the row is shifted and stretched', async () => {
    await open('layer-norm');
    await slide('layer-norm', 'shift', 1);
    await slide('layer-norm', 'stretch', 0.5);
    const box = await root('layer-norm').locator('[data-handle="row-3"] .grip').boundingBox();
    if (!box) throw new Error('the bar is not on the screen');
    await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await tab.mouse.down();
    await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await tab.mouse.up();
    await drawn();
    expect(Number(await handle('layer-norm', 'row-3').getAttribute('aria-valuenow'))).closeTo(-2, 0.15);
  });

  it('the norms: the switch and the arrow keys choose what is averaged over', async () => {
    await open('norms');
    for (const [norm, count] of [
      ['LN', 16],
      ['IN', 4],
      ['GN', 8],
      ['BN', 12],
    ] as const) {
      await press('norms', norm);
      expect(await named('norms', 'count'), norm).equals(count);
      expect((await numbers('norms', 'influence')).filter((value) => value !== 0)).to.have.length(count);
    }
    await handle('norms', 'cell').press('ArrowRight');
    await handle('norms', 'cell').press('ArrowRight');
    await handle('norms', 'cell').press('ArrowDown');
    await drawn();
    expect(await handle('norms', 'cell').getAttribute('aria-valuetext')).equals('sample 3, channel 3, position 1');
  });

  it('pooling: a pixel that becomes the largest takes the gradient over', async () => {
    await open('pooling');
    expect((await numbers('pooling', 'dx')).slice(0, 2)).to.deep.equal([0, 1]);
    for (let i = 0; i < 7; i++) await handle('pooling', 'pixel-0').press('ArrowUp');
    await drawn();
    expect((await numbers('pooling', 'dx')).slice(0, 2)).to.deep.equal([1, 0]);
    await press('pooling', 'average');
    for (const value of (await numbers('pooling', 'dx')).slice(0, 2)) expect(value).equals(0.25);
  });

  it('the valley: a click drops a ball that rolls, and too large a rate explodes', async () => {
    await open('valley');
    await handle('valley', 'ball').click({ position: { x: 300, y: 60 } });
    await tab.waitForFunction(
      `document.querySelector('#moving-valley path.blue').getAttribute('d').split('L').length > 80`,
    );
    expect(await handle('valley', 'ball').getAttribute('aria-valuetext')).matches(/^x 3\.\d+, y [01]\.?\d*$/);
    await slide('valley', 'rate', 0.07);
    expect(await named('valley', 'SGD')).above(1e3);
    expect(await root('valley').locator('.sums').textContent()).includes('SGD explodes above ηa = 2: now');
    await slide('valley', 'rate', 0.06);
    expect(await named('valley', 'SGD')).below(1);
  });

  it('the valley without motion: only the end is drawn', async () => {
    await open('valley', { reducedMotion: 'reduce' });
    await press('valley', 'Drop again');
    const points = await root('valley').locator('path.blue').first().getAttribute('d');
    expect(points?.split('L').length).equals(91);
  });

  it('the paths: one path is chosen, and the three sums agree', async () => {
    await open('paths');
    await slide('paths', 'x', -0.7);
    await press('paths', '3');
    const { products, gradient } = pathsOf(-0.7);
    expect(await numbers('paths', 'path')).to.deep.equal(products);
    expect(await named('paths', 'total')).closeTo(gradient.x, 1e-12);
    expect(await named('paths', 'measured')).closeTo(gradient.x, 1e-8);
    expect(await root('paths').locator('line.broad').count()).equals(3);
  });

  it('a finger drags a bar on a phone', async () => {
    await open('softmax', { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
    const grip = root('softmax').locator('[data-handle="logit-0"] .grip');
    await grip.scrollIntoViewIfNeeded();
    const box = await grip.boundingBox();
    if (!box) throw new Error('the bar is not on the screen');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const scrolled = await tab.evaluate('scrollY');
    const touch = await tab.context().newCDPSession(tab);
    const send = (type: string, down: number) =>
      touch.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: type === 'touchEnd' ? [] : [{ x, y: y + down }],
      });
    await send('touchStart', 0);
    for (let down = 10; down <= 60; down += 10) await send('touchMove', down);
    await send('touchEnd', 0);
    await drawn();
    expect(Number(await handle('softmax', 'logit-0').getAttribute('aria-valuenow'))).below(0);
    expect(await tab.evaluate('scrollY'), 'the page does not scroll meanwhile').equals(scrolled);
  });

  it('every figure is a whole picture without scripts, without controls and without things to focus', async () => {
    for (const [figure, chapter] of Object.entries(CHAPTERS)) {
      const context = await browser.newContext({ javaScriptEnabled: false });
      tab = await context.newPage();
      await tab.goto(pathToFileURL(page(chapter)).href);
      expect(await root(figure).locator('svg.panel').count(), figure).at.least(1);
      expect(await root(figure).locator('button:visible, input:visible').count(), figure).equals(0);
      expect(await root(figure).locator('[tabindex], [role=slider]').count(), figure).equals(0);
      await context.close();
    }
  });

  it('print shows the present state without controls', async () => {
    await open('layer-norm');
    await tab.emulateMedia({ media: 'print' });
    expect(await root('layer-norm').locator('.controls').isVisible()).equals(false);
    expect(await root('layer-norm').locator('.try').isVisible()).equals(false);
    expect(await root('layer-norm').locator('svg.panel').first().isVisible()).equals(true);
  });

  it('random keys and clicks leave every figure in a state that it can draw', async () => {
    const rng = new Random(21);
    const below = (count: number) => Math.floor(count * rng.next());
    for (const figure of Object.keys(CHAPTERS)) {
      await open(figure);
      const grips = await root(figure).locator('[data-handle]').all();
      const buttons = await root(figure).locator('.controls button').all();
      for (let i = 0; i < 12; i++) {
        const key = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'][below(4)];
        if (grips.length > 0) await grips[below(grips.length)].press(key);
        if (buttons.length > 0 && i % 4 === 0) await buttons[below(buttons.length)].click();
      }
      for (const slider of await root(figure).locator('input[type=range]').all())
        for (const bound of ['min', 'max']) await slider.fill((await slider.getAttribute(bound)) ?? '');
      await drawn();
      expect(await root(figure).locator('.picture').innerHTML(), figure).not.matches(/NaN|undefined/);
      expect(said).to.deep.equal([]);
      await tab.close();
    }
  });
});
