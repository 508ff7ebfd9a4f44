import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, decodeRun, encodeNpz, Random, toNested } from '../../../src/index.js';
import { evaluateRun, loadRun, type PartialRunConfig, predictFiles, resumeRun, trainRun } from '../../../src/node.js';
import { handgrad } from '../../support/command.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

const newFolder = temporaryFolders();

/** A table of houses: the price grows with the area and the year, and the kind follows from the area. */
function writeHouses(folder: string): string {
  const rng = new Random(1);
  const u = rng.uniform([200, 2]);
  const rows = Array.from({ length: 200 }, (_, n) => {
    const [area, year] = [Math.round(30 + 170 * u.get(n, 0)), Math.round(1900 + 120 * u.get(n, 1))];
    const price = 3000 * area + 900 * (year - 1900) + 5000 * rng.nextNormal();
    return `${area},${year},${Math.round(price)},${area > 120 ? 'villa' : 'flat'}`;
  });
  const path = join(folder, 'houses.csv');
  writeFileSync(path, `area,year,price,kind\n${rows.join('\n')}\n`);
  return path;
}

const SHORT: PartialRunConfig = {
  learningRate: 0.1,
  batchSize: 32,
  maxSteps: 100,
  evalEvery: 50,
  model: { name: 'mlp', hidden: [16] },
};

/** A table without the words, to learn prices from. */
function writePrices(folder: string): string {
  const path = join(folder, 'prices.csv');
  const lines = readFileSync(writeHouses(folder), 'utf8').trim().split('\n');
  writeFileSync(path, lines.map((line) => line.split(',').slice(0, 3).join(',')).join('\n'));
  return path;
}

describe('a run on a table of real numbers', () => {
  it('learns classes; the run folder alone predicts, in Node and from the bytes of its files', async () => {
    const folder = newFolder();
    const dataset = writeHouses(folder);
    const out = join(folder, 'run');
    const { history } = await trainRun({ ...SHORT, dataset }, { out });
    expect(history.evaluations.at(-1)?.testAccuracy).to.be.above(0.9);
    expect((await evaluateRun(out)).accuracy).to.equal(history.evaluations.at(-1)?.testAccuracy);
    rmSync(dataset);
    const run = await loadRun(out);
    expect([run.classes, run.features, run.targets]).to.deep.equal([['flat', 'villa'], ['area', 'year', 'price'], []]);
    const houses = array([
      [40, 1950, 165_000],
      [190, 1950, 615_000],
    ]);
    expect(run.predict(houses).map(({ name }) => name)).to.deep.equal(['flat', 'villa']);
    const bytes = (name: string) => new Uint8Array(readFileSync(join(out, name)));
    const config = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'));
    const decoded = decodeRun({ config, model: bytes('model.npz'), inputs: bytes('inputs.npz') });
    expect(toNested(decoded.probabilities(houses))).to.deep.equal(toNested(run.probabilities(houses)));
    expect((await errorOf(async () => run.values(houses))).message).to.include(
      'this net predicts classes: call predict',
    );
  });

  it('learns numbers with the loss mse, stops and resumes to the byte, and predicts in the unit of the table', async () => {
    const folder = newFolder();
    const settings: PartialRunConfig = { ...SHORT, dataset: writePrices(folder), loss: 'mse', target: 'price' };
    const whole = await trainRun(settings, { out: join(folder, 'whole') });
    const stop = new AbortController();
    const onStep = ({ step }: { step: number }) => step === 37 && stop.abort();
    const out = join(folder, 'parts');
    await trainRun(settings, { out, signal: stop.signal, onStep });
    await resumeRun(out);
    for (const file of ['model.npz', 'inputs.npz'])
      expect(readFileSync(join(out, file)).equals(readFileSync(join(folder, 'whole', file))), file).to.equal(true);
    const last = whole.history.evaluations.at(-1);
    expect(last).to.have.all.keys('step', 'epoch', 'trainLoss', 'testLoss', 'testR2');
    expect(last?.testR2).to.be.above(0.99);
    const { columns = [], targets, r2 } = await evaluateRun(out);
    expect([targets, r2]).to.deep.equal([['price'], last?.testR2]);
    expect(columns[0].rmse).to.be.within(3000, 15_000); // the noise is 5,000
    const run = await loadRun(out);
    const [[price]] = toNested(run.values(array([[100, 1960]]))) as number[][];
    expect(price).to.be.closeTo(354_000, 20_000);
    const file = join(folder, 'new.csv');
    writeFileSync(file, 'year,garden,area\n1960,yes,100\n');
    const { values, predictions } = await predictFiles(run, [file]);
    expect([values, predictions]).to.deep.equal([[{ file, values: { price } }], []]);
    expect((await errorOf(async () => run.predict(array([[1, 2]])))).message).to.include(
      'predicts numbers: call values',
    );
  });

  it('learns several numbers from images of an .npz file', async () => {
    const folder = newFolder();
    const rng = new Random(3);
    const x = rng.uniform([60, 4, 4], { low: 0, high: 255 });
    for (let i = 0; i < x.data.length; i++) x.data[i] = Math.round(x.data[i]);
    const y = array(Array.from({ length: 60 }, (_, n) => [x.get(n, 0, 0) + x.get(n, 1, 1), 500 - 3 * x.get(n, 2, 2)]));
    const dataset = join(folder, 'x.npz');
    writeFileSync(dataset, encodeNpz({ x_train: x, y_train: y }));
    const settings: PartialRunConfig = { ...SHORT, dataset, loss: 'mse', optimizer: 'adam', pixels: 'symmetric' };
    const { evaluation } = await trainRun(
      { ...settings, learningRate: 0.01, maxSteps: 400 },
      {
        out: join(folder, 'run'),
        report: true,
      },
    );
    expect(evaluation?.columns).to.have.lengthOf(2);
    expect(evaluation?.r2).to.be.above(0.5);
    const run = await loadRun(join(folder, 'run'));
    const picture = { channels: 1, height: 4, width: 4, bytes: new Uint8Array(16).fill(128) };
    expect(run.values(picture).shape).to.deep.equal([1, 2]);
  });

  it('refuses settings that do not fit such data, by their flags', async () => {
    const folder = newFolder();
    const dataset = writeHouses(folder);
    const refusal = async (settings: object) =>
      (await errorOf(() => trainRun({ ...SHORT, dataset, ...settings }, { out: join(folder, 'x') }))).message;
    for (const [settings, sentence] of [
      [{ augment: 'flip' }, '--augment flip is for images with classes'],
      [{ pixels: 'symmetric' }, '--pixels symmetric is for images'],
      [{ batchSize: 200 }, '--batch-size 200 is more than the 160 training rows; choose fewer, such as 32'],
      [{ loss: 'mse', labelSmoothing: 0.1 }, '--label-smoothing is for classes'],
      [{ loss: 'mse', dataset: 'cifar10' }, '--loss mse learns numbers, and --dataset cifar10 has classes'],
      [{ target: 'kind', dataset: 'cifar10' }, '--target is for a CSV file, not for --dataset cifar10'],
    ] as const)
      expect(await refusal(settings)).to.include(sentence);
  });

  it('names what has changed if the table has other columns at an evaluation, or when a run is resumed', async () => {
    const folder = newFolder();
    const dataset = writeHouses(folder);
    const out = join(folder, 'run');
    await trainRun({ ...SHORT, maxSteps: 1, dataset }, { out });
    writeFileSync(dataset, readFileSync(dataset, 'utf8').replace('area,year', 'year,area'));
    const changed = 'has the features area, year, price, and the data set now has year, area, price';
    expect((await errorOf(() => evaluateRun(out))).message).to.include(changed);
    const stop = new AbortController();
    const stopped = { out: join(folder, 'stopped'), signal: stop.signal, onStep: () => stop.abort() };
    await trainRun({ ...SHORT, dataset }, stopped);
    writeHouses(folder);
    expect((await errorOf(() => resumeRun(stopped.out))).message).to.include(
      'features year, area, price, and the data',
    );
  });
});

describe('handgrad with a table', function () {
  this.timeout(60_000);

  it('goes from a CSV file to a trained regression to a prediction in three commands', async () => {
    const cwd = newFolder();
    writePrices(cwd);
    const said = await handgrad(['data', 'prices.csv', '--loss', 'mse', '--target', 'price', '--json'], cwd);
    expect(JSON.parse(said.stdout)).to.deep.include({ train: 160, test: 40, features: ['area', 'year'], shape: [2] });
    const flags = '--dataset prices.csv --loss mse --target price --batch-size 32 --learning-rate 0.1 --max-steps 100';
    const trained = await handgrad(['train', ...flags.split(' '), '--out', 'run'], cwd);
    expect(trained.code, trained.stderr).to.equal(0);
    expect(trained.stdout).to.match(/step 100\/100 .*test loss 0\.0\d+ R² 0\.9\d+/);
    expect(trained.stdout).to.match(/target +RMSE +R²\nprice +\d+ +0\.9\d+/);
    const predicted = await handgrad(['predict', 'run', 'prices.csv', '--json'], cwd);
    expect(JSON.parse(predicted.stdout).predictions[3]).to.have.nested.property('values.price');
    const evaluated = JSON.parse((await handgrad(['evaluate', 'run', '--json'], cwd)).stdout);
    expect(evaluated.targets[0].mse).to.be.closeTo(evaluated.targets[0].rmse ** 2, 1e-3);
    expect(evaluated).not.to.have.property('testAccuracy');
    const wrong = await handgrad(['train', '--dataset', 'prices.csv', '--out', 'x'], cwd);
    expect([wrong.code, wrong.stderr]).to.deep.equal([
      2,
      `handgrad: ${join(cwd, 'prices.csv')} has no label column; name the column to learn with --target: area, year, price\n`,
    ]);
  });
});
