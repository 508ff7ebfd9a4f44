import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { setBackend } from 'handgrad';
import type { Browser, Page } from 'playwright-core';
import { checkCode } from '../../docs/site/live/workbench/check.js';
import type { Settings } from '../../docs/site/live/workbench/exercise.js';
import { exercises } from '../../docs/site/live/workbench/presets.js';
import { openBrowser } from '../support/chromium.js';

const file = fileURLToPath(new URL('../../docs/html/live/workbench.html', import.meta.url));
const STRICT: Settings = { dout: 'random', dtype: 'float64', inputs: 'normal' };

describe('the workbench for gradient checks', () => {
  after(() => setBackend('auto'));

  const all = exercises();
  const puzzles = all.filter(({ right }) => right !== undefined);

  it('has at least a dozen puzzles; each is found, and passes once the bug is gone', () => {
    expect(puzzles.length).at.least(12);
    for (const puzzle of puzzles) {
      const wrong = checkCode(puzzle.code, puzzle, STRICT);
      expect(wrong.failure, puzzle.title).equals(undefined);
      expect(wrong.passed, puzzle.title).equals(false);
      expect(
        wrong.arrays.some(({ passed }) => !passed),
        puzzle.title,
      ).equals(true);
      const right = checkCode(puzzle.right ?? '', puzzle, STRICT);
      expect(right.passed, `${puzzle.title} solved: ${right.failure ?? right.remarks}`).equals(true);
    }
  });

  it('passes every layer of the library', () => {
    const layers = all.filter(({ group }) => group === 'Layers of the library');
    expect(layers.length).at.least(13);
    for (const layer of layers) {
      const { passed, failure } = checkCode(layer.code, layer, STRICT);
      expect(passed, `${layer.title}: ${failure}`).equals(true);
    }
  });

  it('names known mistakes as the grader does', () => {
    const said = puzzles.map(
      (puzzle) => checkCode(puzzle.code, puzzle, STRICT).arrays.find(({ passed }) => !passed)?.diagnosis,
    );
    expect(said.filter(Boolean).length, said.join('\n')).at.least(11);
    expect(said.join(' ')).includes('Multiply it by dout').and.includes('γ').and.includes('must add into weight.grad');
  });

  it('does not accept a puzzle whose forward was bent to fit', () => {
    const tanh = puzzles.find(({ title }) => title.includes('Tanh'));
    const bent = `class Tanh extends Module {
      forward(x) { this.x = x; return multiply(x, 2); }
      backward(dout) { return multiply(dout, 2); }
    }
    check(new Tanh(), normal([3, 5]));`;
    const { passed, remarks } = checkCode(bent, tanh ?? { kind: '' }, STRICT);
    expect(passed).equals(false);
    expect(remarks.join()).includes('no longer computes');
  });

  it('shows what a dout of ones hides, that float32 is too coarse, and a kink', () => {
    const get = (title: string) => all.find((one) => one.title === title) ?? all[0];
    const always0 = get('Softmax').code.replace(
      'return multiply(probs, subtract(dout, inner))',
      'return multiply(dout, 0)',
    );
    expect(always0).not.equals(get('Softmax').code);
    expect(checkCode(always0, { kind: 'softmax' }, { ...STRICT, dout: 'ones' }).passed).equals(true);
    expect(checkCode(always0, { kind: 'softmax' }, STRICT).passed).equals(false);
    expect(checkCode(get('Tanh').code, get('Tanh'), { ...STRICT, dtype: 'float32' }).passed).equals(false);
    const kinks = checkCode(get('ReLU').code, get('ReLU'), { ...STRICT, inputs: 'kinks' });
    expect(kinks.remarks.join()).includes('kink');
  });

  it('draws an error that falls with h² and grows with 1/h', () => {
    const [tanh] = all.filter(({ title }) => title === 'Tanh');
    const { curve } = checkCode(tanh.code, tanh, STRICT);
    const at = (step: number) => curve.find((point) => Math.abs(point.step / step - 1) < 1e-6)?.error ?? Number.NaN;
    expect(at(1e-1) / at(1e-2)).within(60, 160);
    expect(at(1e-11) / at(1e-5)).above(1e3);
  });

  it('says what is wrong with code that does not run', () => {
    expect(checkCode('class {', { kind: 'own' }, STRICT).failure).matches(/SyntaxError/);
    expect(checkCode('const a = 1;', { kind: 'own' }, STRICT).failure).includes('never calls check');
    const shape = checkCode('check(new Linear(4, 2, { dtype }), normal([3, 5]));', { kind: 'own' }, STRICT).failure;
    expect(shape).includes('Linear.forward');
  });
});

describe('the page of the workbench', function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  const said: string[] = [];

  before(async function () {
    expect(existsSync(file), 'npm run docs builds the page').equals(true);
    browser = await openBrowser(this);
  });
  beforeEach(async () => {
    said.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    page.on('pageerror', (error) => said.push(error.message));
    await page.goto(pathToFileURL(file).href);
  });
  afterEach(async () => {
    await page?.close();
    expect(said).to.deep.equal([]);
  });
  after(() => browser?.close());

  const part = (name: string) => page.locator(`#workbench .${name}`);
  const state = (wanted: string) => page.locator(`#workbench[data-state=${wanted}]`).waitFor();

  it('finds and names the bug of a puzzle, and remembers that it is solved', async () => {
    await part('exercise').selectOption({ label: 'Puzzle 3: ELU' });
    await state('wrong');
    expect(await part('verdict').textContent()).includes('ELU fails: dx');
    expect(await part('diagnosis').textContent()).includes('Multiply it by dout');
    expect(await part('map rect.bad').count()).above(3);
    const code = await part('editor textarea').inputValue();
    await part('editor textarea').fill(
      code.replace('    return dx;', '    multiplyInPlace(dx, dout);\n    return dx;'),
    );
    await state('passed');
    expect(await part('progress').textContent()).includes('1 of ');
    await page.reload();
    await state('wrong');
    expect(await part('progress').textContent()).includes('1 of ');
  });

  it('passes a right layer of your own, typed in', async () => {
    await part('exercise').selectOption({ label: 'A layer of your own' });
    await state('wrong');
    const code = await part('editor textarea').inputValue();
    await part('editor textarea').fill(code.replace('return dout;', 'return multiply(dout, multiply(this.x, 2));'));
    await state('passed');
    expect(await part('verdict').textContent()).includes('Mine passes');
    expect(await part('stepcurve').count()).equals(1);
  });

  it('stops an endless loop, and checks again afterward', async () => {
    const code = await part('editor textarea').inputValue();
    await part('editor textarea').fill(code.replace('backward(dout) {', 'backward(dout) {\n    while (true) {}'));
    await state('failed');
    expect(await part('verdict').textContent()).includes('Stopped after 3 seconds');
    await part('restore').click();
    await state('wrong');
  });
});
