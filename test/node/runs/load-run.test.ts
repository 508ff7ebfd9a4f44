import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, InputError, Random, toNested, zeros } from '../../../src/array/index.js';
import { evaluateRun } from '../../../src/node/runs/evaluate-run.js';
import { loadRun } from '../../../src/node/runs/load-run.js';
import { readJson, writeJson } from '../../../src/node/runs/run-folder.js';
import { realCifar10 } from '../../support/cifar10.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';
import { tinyRun } from '../../support/tiny-run.js';

describe('loadRun', function () {
  this.timeout(30_000);
  const newFolder = temporaryFolders();

  async function trained(config = {}): Promise<string> {
    const run = join(newFolder(), 'run');
    const { stderr } = await tinyRun(run, {
      config: { model: { name: 'mlp', hidden: [7] }, batchSize: 10, maxSteps: 30, evalEvery: 15, ...config },
      every: 'none',
    });
    expect(stderr).to.equal('');
    return run;
  }

  it('loads a net that predicts, without the data set', async () => {
    const run = await loadRun(await trained());
    expect([run.title, run.sample, run.classes]).to.deep.equal(['CIFAR-10', [3, 4, 4], ['a', 'b', 'c']]);
    expect([run.config.maxSteps, run.inputs.mean.shape, run.inputs.factor]).to.deep.equal([30, [3, 4, 4], 1]);
    const bright = new Uint8Array(3 * 8 * 8).fill(200); // class c has pixels from 120 to 220
    expect(run.predict({ channels: 3, height: 8, width: 8, bytes: bright })[0].name).to.equal('c');
    expect(run.predict(zeros([2, 3, 4, 4])).map(({ name }) => name)).to.deep.equal(['a', 'a']);
  });

  it('keeps the scale of the pixels', async () => {
    const run = await loadRun(await trained({ pixels: 'symmetric', learningRate: 0.1 }));
    expect(run.inputs.factor).to.equal(1 / 127.5);
    expect(toNested(run.inputs.mean)).to.deep.equal(toNested(array(new Float64Array(48).fill(127.5), [3, 4, 4])));
    expect(run.predict({ channels: 1, height: 1, width: 1, bytes: Uint8Array.from([200]) })[0].name).to.equal('c');
  });

  it('says what is missing in a run of an earlier version, and takes it from the data set', async () => {
    const run = await trained();
    rmSync(join(run, 'inputs.npz'));
    const notes: string[] = [];
    const none = newFolder();
    const error = await errorOf(() => loadRun(run, { dataDir: none, onNote: (note) => notes.push(note) }));
    expect(error).to.be.instanceOf(InputError);
    const missing = `${run} has no inputs.npz, which earlier versions did not write`;
    expect(notes).to.deep.equal([`${missing}; computing it from CIFAR-10`]);
    expect(error.message).to.match(new RegExp(`^${missing}, so CIFAR-10 is needed: ${none}`));
  });

  it('refuses damaged and foreign folders with a sentence that names the file', async () => {
    const run = await trained();
    const [config, inputs] = [join(run, 'config.json'), join(run, 'inputs.npz')];
    const json = { ...Object(await readJson(config)) };
    const refused = async (change: object, message: string) => {
      await writeJson(config, { ...json, ...change });
      const error = await errorOf(() => loadRun(run));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(message);
    };
    await refused({ data: 3 }, `${config} has no valid 'data': 3`);
    await refused({ data: { ...json.data, classes: [] } }, `${config} has no valid 'data'`);
    await refused(
      { data: { ...json.data, sample: [3, 4] } },
      `${inputs} has a mean of shape (3, 4, 4), and the net takes`,
    );
    await refused({ data: { ...json.data, classes: ['a', 'b', 'c', 'd'] } }, 'model.npz does not fit config.json');
    await refused({ model: { ...json.model, hidden: [8] } }, 'model.npz does not fit config.json');
    writeFileSync(inputs, 'no archive');
    await refused({}, `${inputs} is not a readable .npz file`);
    const empty = newFolder();
    expect((await errorOf(() => loadRun(empty))).message).to.include(`${join(empty, 'config.json')} cannot be read`);
  });

  it('loads a damaged folder right or refuses it with a sentence: 900 seeded changes of its three files', async () => {
    const run = await trained();
    const none = newFolder(); // a run without data has to be refused, not loaded from the cache
    const rng = new Random('damaged runs');
    const upTo = (n: number) => Math.floor(rng.next() * n);
    let refusals = 0;
    for (const file of ['config.json', 'inputs.npz', 'model.npz']) {
      const path = join(run, file);
      const whole = readFileSync(path);
      for (let n = 0; n < 300; n++) {
        const bytes = Uint8Array.from(whole);
        for (let k = 0; k <= n % 3; k++) bytes[upTo(bytes.length)] = upTo(256);
        writeFileSync(path, n % 7 === 6 ? bytes.subarray(0, upTo(bytes.length)) : bytes);
        const begun = performance.now();
        try {
          const loaded = await loadRun(run, { dataDir: none });
          const [{ probabilities }] = loaded.predict(zeros([1, ...loaded.sample]));
          expect(probabilities.reduce((sum, value) => sum + value, 0)).to.be.closeTo(1, 1e-5);
        } catch (error) {
          expect(error, `${file}, change ${n}`).to.be.instanceOf(InputError);
          refusals++;
        }
        expect(performance.now() - begun).to.be.below(2000);
      }
      writeFileSync(path, whole);
    }
    expect(refusals).to.be.above(500);
  });

  it('evaluateRun says when the data set has other samples than the run', async function () {
    await realCifar10(this);
    const run = await trained();
    const error = await errorOf(() => evaluateRun(run));
    expect(error.message).to.match(/takes samples of shape \(3, 4, 4\), and the data set now has \(3, 32, 32\)$/);
  });
});
