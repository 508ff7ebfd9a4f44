import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { decodeNpz } from '../../src/index.js';
import { withBrowser } from '../support/chromium.js';
import { realMnist } from '../support/mnist.js';
import { temporaryFolders } from '../support/temporary.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const examples = join(root, 'examples');
const run = promisify(execFile);
const textOf = (name: string) => readFileSync(join(examples, name), 'utf8');

/** What one program shows, and the check of its output and of the files in its folder. */
interface Expectation {
  shows: string;
  check(printed: string, folder: string): void;
}

const EXPECTED: Readonly<Record<string, Expectation>> = {
  'xor.mjs': {
    shows: 'predicts all four cases, with probabilities above 0.99',
    check(printed) {
      for (const line of ['0 xor 0 = 0', '0 xor 1 = 1', '1 xor 0 = 1', '1 xor 1 = 0'])
        expect(numberAfter(printed, `${line}, with probability`)).to.be.above(0.99);
    },
  },
  'spirals.mjs': {
    shows: 'separates the spirals, also in the test points, and draws the surface',
    check(printed, folder) {
      expect(numberAfter(printed, 'train accuracy')).to.be.at.least(0.98);
      expect(numberAfter(printed, 'test accuracy')).to.be.at.least(0.97);
      const svg = pictureIn(folder, 'spirals.svg');
      expect(svg.match(/<circle/g)).to.have.length(300);
      expect(svg.match(/h1v1h-1z/g)).to.have.length(66 ** 2);
    },
  },
  'custom-layer.mjs': {
    shows: 'passes with the right backward, and fails where the two mistakes are',
    check(printed) {
      const verdict = (row: string) => RegExp(`^${row} of shape \\([\\d, ]+\\) (passes|FAILS)`, 'm').exec(printed)?.[1];
      expect([verdict('Swish: dx'), verdict('Swish: dbeta')]).to.deep.equal(['passes', 'passes']);
      expect(['dx', 'dbeta'].map((row) => verdict(`WithoutProductRule: ${row}`))).to.deep.equal(['FAILS', 'passes']);
      expect(['dx', 'dbeta'].map((row) => verdict(`Overwriting: ${row}`))).to.deep.equal(['passes', 'FAILS']);
      expect(printed.match(/^(Right|Wrong)/gm)).to.deep.equal(['Right', 'Wrong', 'Wrong']);
    },
  },
  'own-loss.mjs': {
    shows: 'passes the check, and finds a line in spite of outliers that mislead squares',
    check(printed) {
      expect(printed).to.match(/^Huber: dx of shape \(4, 3\) passes/);
      const line = (name: string) =>
        RegExp(`^${name} finds y = (\\S+) x \\+ (\\S+)$`, 'm').exec(printed)?.slice(1).map(Number) ?? [];
      const [slope, offset] = line('the Huber loss');
      expect(slope).to.be.closeTo(2, 0.1);
      expect(offset).to.be.closeTo(1, 0.1);
      expect(line('half the squared error')[1]).to.be.above(1.8);
    },
  },
  'regression.mjs': {
    shows: 'fits the function to the noise, and draws it',
    check(printed, folder) {
      expect(numberAfter(printed, 'step 1000: mean squared error')).to.be.below(0.014);
      const predictions = [...printed.matchAll(/^x .*: prediction (\S+), sin 3x (\S+)$/gm)];
      expect(predictions).to.have.length(4);
      for (const [, prediction, truth] of predictions) expect(Number(prediction)).to.be.closeTo(Number(truth), 0.15);
      expect(pictureIn(folder, 'regression.svg')).to.include('sin 3x').and.include('net, 1000 steps');
    },
  },
  'manual-loop.mjs': {
    shows: 'learns the four quadrants',
    check(printed) {
      expect(numberAfter(printed, 'epoch 20: loss')).to.be.below(numberAfter(printed, 'epoch 5: loss'));
      expect(numberAfter(printed, 'accuracy')).to.be.at.least(0.97);
    },
  },
  'npz-file.mjs': {
    shows: 'reads a file from NumPy, learns it, and writes one with the net',
    check(printed, folder) {
      expect(printed).to.include('x: shape (150,4), float32\nlabels: shape (150), float32');
      expect(numberAfter(printed, 'test accuracy')).to.be.at.least(0.9);
      const saved = decodeNpz(readFileSync(join(folder, 'clouds-net.npz')));
      expect(saved.probs.shape).to.deep.equal([150, 3]);
      expect(saved['layers.0.weight'].shape).to.deep.equal([16, 4]);
    },
  },
  'learning-rate-range-test.mjs': {
    shows: 'suggests a rate that trains better than a small one, and draws the curve',
    check(printed, folder) {
      expect(numberAfter(printed, 'suggested learning rate:')).to.be.within(0.05, 0.5);
      const [slow, fast] = [...printed.matchAll(/^after 200 steps at .*: loss (\S+)$/gm)].map(([, loss]) =>
        Number(loss),
      );
      expect(fast).to.be.below(0.1);
      expect(slow).to.be.above(1);
      expect(pictureIn(folder, 'range-test.svg')).to.include('learning rate');
    },
  },
  'resumed-run.mjs': {
    shows: 'gives byte-identical weights after it was stopped half way',
    check(printed, folder) {
      expect(printed).to.include('interrupted after step 60\n');
      expect(printed).to.include('bytes of weights: byte-identical\n');
      const accuracies = [...printed.matchAll(/^ +step 120: accuracy (\S+)$/gm)].map(([, accuracy]) => accuracy);
      expect(accuracies).to.have.length(2);
      expect(Number(accuracies[0])).to.be.above(0.93);
      expect(accuracies[1]).to.equal(accuracies[0]);
      const [whole, resumed] = ['whole', 'resumed'].map((name) =>
        readFileSync(join(folder, 'runs', name, 'model.npz')),
      );
      expect(whole.equals(resumed)).to.equal(true);
    },
  },
};

/** The number that follows a text in the output. */
function numberAfter(printed: string, text: string): number {
  const at = printed.indexOf(text);
  expect(at, `"${text}" in the output:\n${printed}`).to.be.at.least(0);
  return Number.parseFloat(printed.slice(at + text.length));
}

/** The text of a whole SVG file. */
function pictureIn(folder: string, name: string): string {
  const svg = readFileSync(join(folder, name), 'utf8');
  expect(svg).to.match(/^<svg[\s\S]*<\/svg>\n$/);
  return svg;
}

describe('the examples', () => {
  const newFolder = temporaryFolders();
  const programs = readdirSync(examples).filter((name) => name.endsWith('.mjs'));

  it('each have an expectation in this file; the page has a test below', () => {
    expect(programs.sort()).to.deep.equal(Object.keys(EXPECTED).sort());
    expect(readdirSync(examples).filter((name) => name.endsWith('.html'))).to.deep.equal(['browser.html']);
  });

  it('have 20 to 60 lines, and import only handgrad and modules of Node', () => {
    for (const name of [...programs, 'browser.html']) {
      const text = textOf(name);
      expect(text.split('\n').length - 1, name).to.be.within(20, 60);
      const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, module]) => module);
      for (const module of imported) expect(module, name).to.match(/^(handgrad(\/node)?|node:[a-z/]+)$/);
      if (name !== 'browser.html') expect(imported.join(), name).to.include('handgrad');
    }
  });

  it('are all in the table of their README, with the command that runs them, and its pictures are there', () => {
    const readme = textOf('README.md');
    for (const name of programs) {
      expect(readme).to.match(RegExp(`^\\| \\[${name}\\]\\(${name}\\) \\|.*\\| \`node examples/${name}\` \\|`, 'm'));
    }
    expect(readme).to.include('| [browser.html](browser.html) |');
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path);
    expect(pictures).not.to.be.empty;
    for (const path of pictures) expect(existsSync(join(examples, path)), path).to.equal(true);
  });

  for (const [name, { shows, check }] of Object.entries(EXPECTED)) {
    it(`${name} ${shows}`, async function () {
      this.timeout(60_000);
      if (name === 'resumed-run.mjs') await realMnist(this);
      const folder = newFolder();
      const { stdout } = await run(process.execPath, [join(examples, name)], { cwd: folder });
      check(stdout, folder);
    });
  }

  it('write their pictures into the folder that they are given', async () => {
    const [working, folder] = [newFolder(), newFolder()];
    const { stdout } = await run(process.execPath, [join(examples, 'spirals.mjs'), folder], { cwd: working });
    expect(stdout).to.include(`is in ${join(folder, 'spirals.svg')}\n`);
    pictureIn(folder, 'spirals.svg');
    expect(readdirSync(working)).to.deep.equal([]);
  });

  it('browser.html trains after the command of the README, and learns a point that is clicked', async function () {
    this.timeout(60_000);
    const folder = newFolder();
    copyFileSync(join(examples, 'browser.html'), join(folder, 'browser.html'));
    const [command] = textOf('README.md').match(/^npx esbuild .*$/m) ?? [];
    expect(command).to.be.a('string');
    expect(textOf('browser.html')).to.include(command);
    const [, , ...options] = String(command).replace('outfile=examples/', `outfile=${folder}/`).split(' ');
    await run(join(root, 'node_modules', '.bin', 'esbuild'), options, { cwd: root });
    await withBrowser(this, async (browser) => {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(pathToFileURL(join(folder, 'browser.html')).href);
      const status = page.locator('[role=status]');
      const reached = (step: number) =>
        page.waitForFunction(`Number(/\\d+/.exec(document.querySelector('[role=status]').textContent)) >= ${step}`);
      await reached(100);
      const before = (await status.textContent()) ?? '';
      expect(numberAfter(before, 'at first')).to.be.above(0.5);
      expect(numberAfter(before, 'loss')).to.be.below(0.1);
      const color = "String(document.querySelector('canvas').getContext('2d').getImageData(30, 30, 1, 1).data)";
      expect(await page.evaluate<string>(color)).to.match(/^2\d\d,/); // orange, the color of the outer ring
      await page.locator('canvas').click({ position: { x: 10, y: 10 } });
      await page.waitForFunction(`${color}.startsWith('1')`); // blue, the color of the new point
      expect(errors).to.deep.equal([]);
    });
  });
});
