import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findChromium } from '../support/chromium.js';
import { realMnist } from '../support/mnist.js';
import { temporaryFolders } from '../support/temporary.js';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const run = promisify(execFile);

/** The last number in a line that begins with a text. */
function numberIn(printed: string, start: string): number {
  const line = printed
    .split('\n')
    .filter((each) => each.startsWith(start))
    .at(-1);
  return Number(line?.match(/-?[\d.]+(?=\D*$)/)?.[0]);
}

/** What each program must print and write, in a folder of its own. */
const EXPECTED: Readonly<Record<string, (printed: string, folder: string) => void>> = {
  'xor.mjs': (printed) => {
    for (const line of ['0 xor 0 = 0', '0 xor 1 = 1', '1 xor 0 = 1', '1 xor 1 = 0']) expect(printed).to.include(line);
  },
  'spirals.mjs': (printed, folder) => {
    expect(numberIn(printed, 'step 600')).to.be.at.least(0.98);
    const svg = readFileSync(join(folder, 'spirals.svg'), 'utf8');
    expect(svg.match(/<circle/g)).to.have.length(300);
    expect(svg.match(/<rect/g)).to.have.length(3600);
  },
  'custom-layer.mjs': (printed) => {
    expect(printed).to.match(/^Softplus: dx of shape \(3, 5\) passes.*\nThe gradient is right/);
    expect(printed).to.match(/WrongSoftplus: dx of shape \(3, 5\) FAILS.*\nThe gradient is wrong/);
  },
  'own-loss.mjs': (printed) => {
    expect(printed).to.match(/^Huber: dx of shape \(4, 3\) passes/);
    const [, slope, offset] = /^y = (\S+) x \+ (\S+)$/m.exec(printed) ?? [];
    expect(Number(slope)).to.be.closeTo(2, 0.1);
    expect(Number(offset)).to.be.closeTo(1, 0.15);
  },
  'regression.mjs': (printed) => {
    expect(numberIn(printed, 'step 1000')).to.be.below(0.015);
    const predictions = [...printed.matchAll(/^x .*: prediction (\S+), sin 3x (\S+)$/gm)];
    expect(predictions).to.have.length(4);
    for (const [, prediction, truth] of predictions) expect(Number(prediction)).to.be.closeTo(Number(truth), 0.15);
  },
  'manual-loop.mjs': (printed) => {
    expect(numberIn(printed, 'step 200')).to.be.below(0.1);
  },
  'npz-file.mjs': (printed, folder) => {
    expect(printed).to.include('x: shape (100,2), float32');
    expect(numberIn(printed, 'step 60')).to.be.below(0.1);
    expect(printed).to.include('the loss of the saved weights is the same');
    expect(readdirSync(folder)).to.include.members(['data.npz', 'weights.npz']);
  },
  'learning-rate-range-test.mjs': (printed, folder) => {
    expect(numberIn(printed, 'the loss is lowest')).to.be.within(0.05, 1);
    expect(readFileSync(join(folder, 'range-test.svg'), 'utf8'))
      .to.include('learning rate')
      .and.match(/<\/svg>\n$/);
  },
  'resumed-run.mjs': (printed) => {
    expect(printed).to.include('stopped at step 20: interrupted');
    expect(printed).to.include('model.npz is byte-identical');
    expect(numberIn(printed, 'test accuracy')).to.be.above(0.85);
  },
};

describe('the examples', () => {
  const newFolder = temporaryFolders();
  const programs = readdirSync(examples).filter((name) => name.endsWith('.mjs'));

  it('are ten: nine programs, each with an expectation, and a page', () => {
    expect(programs.sort()).to.deep.equal(Object.keys(EXPECTED).sort());
    expect(programs).to.have.length(9);
  });

  it('have 20 to 60 lines each, and are all listed in the README', () => {
    const readme = readFileSync(join(examples, 'README.md'), 'utf8');
    for (const name of [...programs, 'browser.html']) {
      expect(readFileSync(join(examples, name), 'utf8').split('\n').length - 1, name).to.be.within(20, 60);
      expect(readme).to.include(`[${name}](${name})`);
    }
  });

  for (const [name, check] of Object.entries(EXPECTED)) {
    it(`${name} prints what it promises`, async function () {
      this.timeout(60_000);
      if (name === 'resumed-run.mjs') await realMnist(this);
      const folder = newFolder();
      const { stdout } = await run(process.execPath, [join(examples, name)], { cwd: folder });
      check(stdout, folder);
    });
  }

  it('browser.html trains in a page', async function () {
    this.timeout(60_000);
    const executablePath = findChromium();
    if (!executablePath) {
      console.log('      skipped: there is no Chromium on this system to open the page in');
      this.skip();
    }
    const folder = newFolder();
    copyFileSync(join(examples, 'browser.html'), join(folder, 'browser.html'));
    await build({
      entryPoints: [fileURLToPath(new URL('../../lib/index.js', import.meta.url))],
      ...{ bundle: true, platform: 'browser', format: 'iife', globalName: 'handgrad' },
      outfile: join(folder, 'handgrad.js'),
    });
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(pathToFileURL(join(folder, 'browser.html')).href);
      await page.waitForFunction("document.querySelector('#status').textContent.startsWith('step 400,')", undefined, {
        timeout: 40_000,
      });
      const status = (await page.locator('#status').textContent()) ?? '';
      expect(numberIn(status, 'step 400')).to.be.below(0.05);
      expect(errors).to.deep.equal([]);
    } finally {
      await browser.close();
    }
  });
});
