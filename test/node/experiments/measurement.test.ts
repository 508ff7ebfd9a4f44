import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Measurement, type MeasurementFile } from '../../../src/node/experiments/measurement.js';
import { runJobs } from '../../../src/node/experiments/scheduler.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('Measurement', () => {
  const newFolder = temporaryFolders();
  const context = { cifar10: () => Promise.reject(new Error('no data')), onStep: async () => {} };
  const measurement = (name: string, cost: number, seed = 1) =>
    new Measurement({ name, settings: { seed }, cost, measure: async () => cost });

  /** Runs measurements in this process, and returns their order. */
  async function run(out: string, jobs: Measurement<number>[], resume: boolean, failing = '') {
    const [order, kept]: string[][] = [[], []];
    const { results, failed } = await runJobs<MeasurementFile<number>>(jobs, {
      out,
      experiment: 'some',
      flags: ['--quick'],
      jobs: 1,
      resume,
      version: '0',
      signal: new AbortController().signal,
      listener: { onKept: ({ name }) => kept.push(name) },
      run: async (args) => {
        const name = args[args.indexOf('--measure') + 1];
        expect(args).to.deep.equal(['experiment', 'some', '--measure', name, '--out', out, '--quick']);
        order.push(name);
        if (name === failing) return { failure: 'exit code 1: no' };
        await jobs.find((job) => job.name === name)?.measure(out, context);
        return { document: {} };
      },
    });
    return { order, kept, results: results.map(({ name, result }) => [name, result]), failed };
  }

  const fileOf = (out: string, name: string) => join(out, 'parts', `${name}.json`);

  it('runs the longest first, and returns the results in the original order', async () => {
    const jobs = [measurement('a', 1), measurement('b', 3), measurement('c', 2)];
    const { order, results } = await run(newFolder(), jobs, false);
    expect(order).to.deep.equal(['b', 'c', 'a']);
    expect(results).to.deep.equal([
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ]);
  });

  it('is kept with --resume, unless its settings changed or its file is damaged', async () => {
    const out = newFolder();
    await run(out, [measurement('a', 1), measurement('b', 2), measurement('c', 3)], false);
    writeFileSync(fileOf(out, 'c'), '{ half');
    const jobs = [measurement('a', 1), measurement('b', 2, 9), measurement('c', 3)];
    const { order, kept } = await run(out, jobs, true);
    expect(order).to.deep.equal(['c', 'b']);
    expect(kept).to.deep.equal(['a']);
    expect(JSON.parse(readFileSync(fileOf(out, 'b'), 'utf8')).settings).to.deep.equal({ seed: 9 });
    expect((await run(out, [measurement('a', 1)], false)).order).to.deep.equal(['a']);
  });

  it('loads the file of an earlier version, which names its settings in the same order', async () => {
    const out = newFolder();
    mkdirSync(join(out, 'parts'));
    const file = { name: 'a', settings: { seed: 1 }, handgrad: '0', engine: 'wasm', threads: 1, seconds: 1, result: 5 };
    writeFileSync(fileOf(out, 'a'), JSON.stringify(file));
    expect(await measurement('a', 1).load(out)).to.deep.equal(file);
  });

  it('gets the value of the measurement that it starts from, and says which one is missing', async () => {
    const out = newFolder();
    const first = measurement('first', 1);
    const second = new Measurement<number>({
      ...{ name: 'second', settings: {}, cost: 5, after: first },
      measure: async (_, before) => 10 * (before ?? 0) + 2,
    });
    expect((await errorOf(() => second.measure(out, context))).message).to.equal(
      `second needs the result of first, which is not in ${out}`,
    );
    const { order, results } = await run(out, [second, first], false);
    expect(order).to.deep.equal(['first', 'second']);
    expect(results).to.deep.equal([
      ['second', 12],
      ['first', 1],
    ]);
  });

  it('is reported if it fails, and the others still run', async () => {
    const out = newFolder();
    const { results, failed } = await run(out, [measurement('a', 2), measurement('b', 1)], false, 'a');
    expect(failed).to.deep.equal([{ name: 'a', failure: 'exit code 1: no' }]);
    expect(results).to.deep.equal([['b', 1]]);
    expect(await measurement('a', 2).load(out)).to.equal(undefined);
  });

  it('leaves no file if it throws', async () => {
    const out = newFolder();
    const failing = new Measurement({
      name: 'a',
      settings: {},
      cost: 1,
      measure: ({ cifar10 }) => cifar10().then(() => 1),
    });
    expect((await errorOf(() => failing.measure(out, context))).message).to.equal('no data');
    expect(await failing.load(out)).to.equal(undefined);
  });
});
