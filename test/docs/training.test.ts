import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { CHOICES, DEFAULTS, readConfig, writeConfig } from '../../docs/site/live/training/config.js';
import { programOf } from '../../docs/site/live/training/program.js';
import { Session } from '../../docs/site/live/training/session.js';
import { openBrowser } from '../support/chromium.js';
import { temporaryFolders } from '../support/temporary.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const file = join(root, 'docs/html/live/training.html');

describe('the training in the page', () => {
  const newFolder = temporaryFolders();

  it('prints a program that reaches the same losses as the page, for every problem and optimizer', async function () {
    this.timeout(60_000);
    const configs = [
      DEFAULTS,
      { ...DEFAULTS, problem: 'regression', optimizer: 'nesterov', batchSize: 30, activation: 'gelu' },
      { ...DEFAULTS, problem: 'circles', optimizer: 'adamw', norm: 'layer', depth: 1 },
      { ...DEFAULTS, problem: 'xor', optimizer: 'momentum', norm: 'batch', init: 'kaiming', activation: 'relu' },
      { ...DEFAULTS, problem: 'xor', optimizer: 'sgd', depth: 0, learningRate: 0.1 },
    ];
    for (const config of configs) {
      const session = new Session(config);
      for (let step = 0; step < 20; step++) session.advance();
      const { testLoss } = session.report();
      const script = join(newFolder(), 'program.mjs');
      const lib = pathToFileURL(join(root, 'lib/index.js')).href;
      writeFileSync(script, programOf(config, 20).replace("'handgrad'", `'${lib}'`));
      const lines = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim().split('\n');
      const [step, printed] = lines[lines.length - 1].split(' ').map(Number);
      expect(step).equals(20);
      expect(printed, `${config.problem}, ${config.optimizer}`).closeTo(testLoss, 1e-5 * Math.max(1, testLoss));
    }
  });

  it('reads every choice back from the address, and ignores what it does not know', () => {
    let compared = 0;
    for (const [name, { values }] of Object.entries(CHOICES))
      for (const value of values) {
        const config = { ...DEFAULTS, [name]: value, seed: 17 };
        expect(readConfig(writeConfig(config))).to.deep.equal(config);
        compared++;
      }
    expect(compared).above(40);
    expect(readConfig('#width=17&nothing=1&seed=-2&problem=moons')).to.deep.equal(DEFAULTS);
  });

  it('shows the gradient vanish in a deep net with small weights, and not with a layer norm', () => {
    const first = (norm: string) => {
      const config = { ...DEFAULTS, depth: 12, init: 'normal:0.01', norm };
      return new Session(config).report().layers[0].gradient;
    };
    expect(first('none')).below(1e-10);
    expect(first('layer')).above(1e-4);
  });

  it('ends with a sentence when the loss is no longer finite', () => {
    const session = new Session({
      ...DEFAULTS,
      problem: 'regression',
      optimizer: 'sgd',
      learningRate: 3,
      activation: 'relu',
    });
    for (let step = 0; step < 200; step++) session.advance();
    expect(session.report().problem).matches(/finite/);
  });
});

describe('the page of the training', function () {
  this.timeout(180_000);
  let browser: Browser;
  let page: Page;
  const said: string[] = [];

  before(async function () {
    expect(existsSync(file), 'npm run docs builds the page').equals(true);
    browser = await openBrowser(this);
  });
  const open = async (hash = '') => {
    said.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    page.on('pageerror', (error) => said.push(error.message));
    await page.goto(pathToFileURL(file).href + hash);
    await page.locator('#training .state .step').waitFor();
  };
  afterEach(async () => {
    await page?.close();
    expect(said).to.deep.equal([]);
  });
  after(() => browser?.close());

  const part = (name: string) => page.locator(`#training .${name}`);
  const number = async (name: string) => Number((await part(`state .${name}`).textContent())?.replace('−', '-'));
  const settled = (condition: string) => page.waitForFunction(condition, undefined, { timeout: 120_000 });
  const stepText = `document.querySelector('#training .state .step')?.textContent`;

  it('trains the spirals to an accuracy of at least 0.98, in a worker', async () => {
    await open();
    await settled(`${stepText} === '0'`);
    await part('run').click();
    await settled(`Number(document.querySelector('#training .state .accuracy').textContent) >= 0.98`);
    expect(await part('run').textContent()).equals('Pause');
    await part('run').click();
    expect(await number('accuracy')).at.least(0.98);
    expect(page.workers()).to.have.length(1);
    const layers = await page.locator('#training .layers tbody th').allTextContents();
    expect(layers).to.deep.equal(['2 → 32', '32 → 32', '32 → 3']);
  });

  it('makes one step at a time, with the losses that Node computes, and starts again from the seed', async () => {
    await open('#problem=xor&seed=5');
    await settled(`${stepText} === '0'`);
    const session = new Session({ ...DEFAULTS, problem: 'xor', seed: 5 });
    for (let step = 1; step <= 3; step++) {
      await part('one').click();
      await settled(`${stepText} === '${step}'`);
      session.advance();
    }
    const { testLoss, testAccuracy } = session.report();
    expect(await number('testloss')).closeTo(testLoss, 2e-3);
    expect(await number('testaccuracy')).closeTo(testAccuracy ?? 0, 2e-3);
    await part('again').click();
    await settled(`${stepText} === '0'`);
  });

  it('keeps the settings in the address, and restores them from it', async () => {
    await open();
    await page.selectOption('#training [name=problem]', 'circles');
    await page.selectOption('#training [name=depth]', '1');
    await part('seed').click();
    expect(new URL(page.url()).hash).equals('#problem=circles&depth=1&seed=4');
    await page.reload();
    expect(await page.locator('#training [name=problem]').inputValue()).equals('circles');
    expect(await page.locator('#training [name=depth]').inputValue()).equals('1');
    expect(await page.locator('#training [name=seed]').inputValue()).equals('4');
  });

  it('draws a function, and shows its program', async () => {
    await open('#problem=regression');
    await settled(`document.querySelector('#training .plane .function') !== null`);
    await part('program summary').click();
    await settled(`document.querySelector('#training .program code').textContent.includes('new MSELoss()')`);
  });

  it('says why a training ended', async () => {
    await open('#problem=regression&optimizer=sgd&learningRate=3&activation=relu');
    await part('run').click();
    await settled(`document.querySelector('#training .problem').textContent !== ''`);
    expect(await part('problem').textContent()).matches(/finite/);
    expect(await part('run').textContent()).equals('Train');
  });
});
