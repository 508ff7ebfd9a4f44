import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { array, at, CrossEntropy, ELU, Linear, SGD, Softmax } from '../../src/index.js';
import { openBrowser } from '../support/chromium.js';

const chapter = fileURLToPath(new URL('../../docs/html/guide/backpropagation.html', import.meta.url));
const dtype = 'float64';

/** The net of the chapter, computed in Node from the numbers in the page's fields. */
function netInNode(x: number[], W: number[][], b: number[], V: number[][], c: number[], T: number[]) {
  const first = new Linear(2, 3, { dtype, init: () => array(W, dtype) });
  const second = new Linear(3, 2, { dtype, init: () => array(V, dtype) });
  for (const [layer, bias] of [[first, b] as const, [second, c] as const])
    for (const [i, value] of bias.entries()) layer.bias?.value.set(i, value);
  const [elu, softmax, loss] = [new ELU(), new Softmax(), new CrossEntropy()];
  const forward = () => {
    const z = first.forward(array([x], dtype));
    const h = elu.forward(z);
    const s = second.forward(h);
    const y = softmax.forward(s);
    return { z, h, s, y, L: loss.forward(y, array([T], dtype)) };
  };
  const { z, h, s, y, L } = forward();
  const dy = loss.backward();
  const ds = softmax.backward(dy);
  const dh = second.backward(ds);
  const dz = elu.backward(dh);
  const dx = first.backward(dz);
  const parameters = [...first.parameters(), ...second.parameters()];
  const gradient = at(first.weight.grad, 1, 0); // dW₂₁
  new SGD(parameters, { learningRate: 0.5 }).step();
  return { nodes: { z, h, s, y, dy, ds, dh, dz, dx }, L, gradient, nextLoss: forward().L };
}

const X = [1, 0.5];
const W = [
  [0.4, -0.6],
  [-0.5, 0.3],
  [0.7, 0.2],
];
const V = [
  [0.6, -0.4, -0.3],
  [-0.2, 0.5, 0.8],
];

describe('the chapter “Backpropagation, step by step”', function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  const said: string[] = [];

  before(async function () {
    expect(existsSync(chapter), 'npm run docs builds the chapter').equals(true);
    browser = await openBrowser(this);
  });
  beforeEach(async () => {
    said.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    page.on('pageerror', (error) => said.push(error.message));
    await page.goto(pathToFileURL(chapter).href);
  });
  afterEach(async () => {
    await page?.close();
    expect(said).to.deep.equal([]);
  });
  after(() => browser?.close());

  /** The numbers that the picture shows, by the name of the node. */
  const shown = async (): Promise<Record<string, number>> =>
    JSON.parse(
      await page.evaluate<string>(
        `JSON.stringify(Object.fromEntries([...document.querySelectorAll('.net.across [data-node]')].map(({ dataset }) => [dataset.node, Number(dataset.value)])))`,
      ),
    );
  const part = (name: string) => page.locator(`#steps .${name}`);
  const title = () => page.locator('.step.now h3').textContent();

  it('steps forward and backward, and finds the numbers that Node computes', async () => {
    const expected = netInNode(X, W, [0.1, -0.2, 0], V, [0, 0.1], [1, 0]);
    expect(Object.keys(await shown())).to.deep.equal(['x₁', 'x₂']);
    for (let step = 0; step < 13; step++) await part('next').click();
    const numbers = await shown();
    let compared = 0;
    for (const [name, values] of Object.entries(expected.nodes))
      for (let i = 0; i < values.shape[1]; i++, compared++)
        expect(numbers[name + '₁₂₃'[i]], name + i).closeTo(at(values, 0, i), 1e-12);
    expect(compared).equals(22);
    expect(numbers.L).closeTo(expected.L, 1e-12);
    await part('next').click();
    expect((await shown()).L).closeTo(expected.nextLoss, 1e-12);
    expect(expected.nextLoss).below(expected.L);
    expect(await page.locator('.step.now .sums').textContent()).includes('The loss went down');
  });

  it('moves with the arrow keys and the scrubber, and marks the active line of the source', async () => {
    await part('picture').scrollIntoViewIfNeeded();
    await page.keyboard.press('ArrowRight');
    expect(await title()).equals('Forward: the first linear layer');
    expect(await page.locator('.step.now .lines .active').allTextContents()).to.have.length(2);
    await page.keyboard.press('ArrowLeft');
    expect(await title()).equals('One sample');
    await part('scrubber').fill('10');
    expect(await title()).equals('Backward: ELU');
    expect((await page.locator('.step.now .lines .active').allTextContents()).join()).includes(
      'multiplyInPlace(dx, dout)',
    );
    await part('scrubber').press('ArrowRight');
    expect(await title()).equals('Backward: the weights of the first linear layer');
  });

  it('computes everything again for other weights, inputs and targets', async () => {
    await page.locator('#field-weight1-1-0').fill('0.9');
    await page.locator('#field-x-1').fill('-2');
    await page.locator('#field-targets-0').fill('0.25');
    await part('scrubber').fill('13');
    const changed = [W[0], [0.9, 0.3], W[2]];
    const expected = netInNode([1, -2], changed, [0.1, -0.2, 0], V, [0, 0.1], [0.25, 0.75]);
    const numbers = await shown();
    expect(numbers.L).closeTo(expected.L, 1e-12);
    expect(numbers['dx₂']).closeTo(at(expected.nodes.dx, 0, 1), 1e-12);
    await part('reset').click();
    await part('scrubber').fill('5');
    expect((await shown()).L).closeTo(netInNode(X, W, [0.1, -0.2, 0], V, [0, 0.1], [1, 0]).L, 1e-12);
  });

  it('says in one sentence what is wrong with a number', async () => {
    await page.locator('#field-weight2-0-0').fill('');
    expect(await part('problem').textContent()).equals('V₁₁ needs a number.');
    await page.locator('#field-weight2-0-0').fill('1e200');
    expect(await part('problem').textContent()).equals('');
  });

  it('nudges a weight: the change of the loss is close to what the gradient predicts', async () => {
    await part('choice').selectOption({ label: 'W₂₁' });
    const { gradient } = netInNode(X, W, [0.1, -0.2, 0], V, [0, 0.1], [1, 0]);
    const measured = async (by: number) => {
      await part('slider').fill(String(by));
      const read = (name: string) => page.locator(`[data-${name}]`).getAttribute(`data-${name}`).then(Number);
      return { change: await read('change'), predicted: await read('predicted') };
    };
    const small = await measured(0.01);
    expect(small.predicted).closeTo(0.01 * gradient, 1e-15);
    expect(small.change / small.predicted).closeTo(1, 0.01);
    const large = await measured(1);
    expect(Math.abs(large.change / large.predicted - 1)).above(Math.abs(small.change / small.predicted - 1));
  });

  it('takes the update, and after ten of them the loss is small', async () => {
    for (let update = 0; update < 10; update++) {
      await part('scrubber').fill('14');
      await part('take').click();
    }
    await part('scrubber').fill('5');
    expect((await shown()).L).below(0.15);
  });

  it('shows every step without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const still = await context.newPage();
    await still.goto(pathToFileURL(chapter).href);
    expect(await still.locator('.step:visible').count()).equals(15);
    expect(await still.locator('.widget button:visible').count()).equals(0);
    expect(await still.locator('.net.across [data-node="dz₁"]').textContent()).matches(/^−?\d/);
    await context.close();
  });
});
