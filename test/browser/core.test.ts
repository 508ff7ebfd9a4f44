import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { build } from 'esbuild';
import * as handgrad from '../../src/index.js';
import { loadRun } from '../../src/node/runs/load-run.js';
import { withBrowser } from '../support/chromium.js';
import { temporaryFolders } from '../support/temporary.js';
import { tinyRun } from '../support/tiny-run.js';

/** The core as one script for a browser, which finds it under `handgrad`. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../lib/index.js', import.meta.url))],
    ...{ bundle: true, minify: true, write: false },
    ...{ platform: 'browser', format: 'iife', globalName: 'handgrad' },
  });
  return outputFiles[0].text;
}

/** Five steps of 3072 → 100 → 10 on a batch of 200; runs in Node and, as text, in the page. */
function fiveSteps({ MLP, Random, SGD, oneHot, backend }: typeof handgrad): { engine: string; losses: number[] } {
  const rng = new Random(7);
  const net = new MLP({ inputs: 3072, hidden: [100], classes: 10, rng });
  const loss = net.loss();
  const sgd = new SGD(net.parameters(), { learningRate: 1e-3 });
  const x = rng.normal([200, 3072], { std: 60 });
  const labels = Array.from({ length: 200 }, (_, i) => i % 10);
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    losses.push(loss.forward(net.forward(x), oneHot(labels, 10)));
    sgd.zeroGrad();
    net.accumulateGradients(loss.backward());
    sgd.step();
  }
  return { engine: backend(), losses };
}

/** `Trainer` on XOR; runs in Node and, as text, in the page. */
async function trainXor(core: typeof handgrad): Promise<{ accuracy: number; losses: number[] }> {
  const { Adam, array, arraySource, MLP, oneHot, Random, Trainer } = core;
  const points = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const source = arraySource(array(points), oneHot([0, 1, 1, 0], 2));
  const model = new MLP({ inputs: 2, hidden: [8], classes: 2, init: 'xavier', rng: new Random(1) });
  const optimizer = new Adam(model.parameters(), { learningRate: 0.05 });
  const counts = { batchSize: 4, maxSteps: 200, evalEvery: 50 };
  const data = { train: source, test: source, rng: new Random(2) };
  const { evaluations } = await new Trainer({ model, loss: model.loss(), optimizer, ...data, ...counts }).fit();
  return { accuracy: evaluations[3].testAccuracy, losses: evaluations.map(({ testLoss }) => testLoss) };
}

/** Predicts with the files of a run; runs in Node and, as text, in the page. */
function predictGray({ decodeRun }: typeof handgrad, config: unknown, model: number[], inputs: number[]): number[] {
  const net = decodeRun({ config, model: Uint8Array.from(model), inputs: Uint8Array.from(inputs) });
  const picture = { channels: 3, height: 8, width: 8, bytes: new Uint8Array(192).fill(99) };
  return net.predict(picture)[0].probabilities;
}

describe('the core in a browser', () => {
  const newFolder = temporaryFolders();

  it('is a bundle of at most 75 kB, minified and gzipped, with the WebAssembly inside', async () => {
    expect(gzipSync(await bundle(), { level: 9 }).length).to.be.at.most(75_000);
  });

  it('trains as it does in Node: the same losses, on the same engine', async function () {
    this.timeout(60_000);
    await withBrowser(this, async (browser) => {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await bundle() });
      const there: ReturnType<typeof fiveSteps> = JSON.parse(
        await page.evaluate<string>(`JSON.stringify((${fiveSteps})(handgrad))`),
      );
      const here = fiveSteps(handgrad);
      expect(there.engine).equals('wasm');
      expect(here.engine).equals('wasm');
      for (const [step, loss] of here.losses.entries()) expect(there.losses[step]).closeTo(loss, 1e-6, `step ${step}`);
      expect(there.losses[4]).below(there.losses[0]);
    });
  });

  it('trains XOR with Trainer, as it does in Node', async function () {
    this.timeout(60_000);
    const here = await trainXor(handgrad);
    expect(here.accuracy).equals(1);
    await withBrowser(this, async (browser) => {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await bundle() });
      const there: typeof here = await page.evaluate(`(${trainXor})(handgrad)`);
      expect(there.accuracy).equals(1);
      for (const [i, loss] of here.losses.entries()) expect(there.losses[i]).closeTo(loss, 1e-4, `evaluation ${i}`);
    });
  });

  it('predicts with a trained net from the files of its run, as loadRun does in Node', async function () {
    this.timeout(60_000);
    const run = newFolder();
    const config = { model: { name: 'mlp' as const, hidden: [7] }, batchSize: 10, maxSteps: 30, evalEvery: 15 };
    await tinyRun(run, { config, every: 'none' });
    const [model, inputs] = ['model.npz', 'inputs.npz'].map((file) => [...readFileSync(join(run, file))]);
    const json = readFileSync(join(run, 'config.json'), 'utf8');
    const here = predictGray(handgrad, JSON.parse(json), model, inputs);
    expect(here).to.have.length(3);
    const bytes = new Uint8Array(192).fill(99);
    const [loaded] = (await loadRun(run)).predict({ channels: 3, height: 8, width: 8, bytes });
    expect(loaded.probabilities).to.deep.equal(here);
    await withBrowser(this, async (browser) => {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await bundle() });
      const files = `${json}, ${JSON.stringify(model)}, ${JSON.stringify(inputs)}`;
      const there = await page.evaluate<number[]>(`(${predictGray})(handgrad, ${files})`);
      for (const [label, probability] of here.entries()) expect(there[label]).closeTo(probability, 1e-6);
    });
  });
});
