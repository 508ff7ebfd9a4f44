import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { convnetClaims } from '../../../../src/node/experiments/convnet/convnet-claims.js';
import { CONVNET_CONFIG, convnetJobs } from '../../../../src/node/experiments/convnet/convnet-plan.js';
import { convnetReport } from '../../../../src/node/experiments/convnet/convnet-report.js';
import { claimsReport } from '../../../../src/node/experiments/experiment-report.js';
import type { MeasuredRun } from '../../../../src/node/experiments/run-result.js';
import { bestEntry } from '../../../../src/training/history.js';
import { temporaryFolders } from '../../../support/temporary.js';

/** A finished run with the given test accuracies, one per 500 steps. */
function run(seed: number, accuracies: number[]): MeasuredRun {
  const evaluations = accuracies.map((testAccuracy, i) => ({
    ...{ step: 500 * (i + 1), epoch: 1, trainLoss: 1, trainAccuracy: 0.6, testLoss: 0.9, testAccuracy },
  }));
  const history = { firstLoss: 2.3, evaluations, stopped: null };
  const [last, best] = [evaluations[evaluations.length - 1], bestEntry(history)];
  if (!best) throw new Error('a run needs an evaluation');
  const effort = {
    handgrad: '0.1.0',
    engine: 'blas',
    threads: 2,
    jobs: 1,
    seconds: 60,
    peakMemory: 1.5e9,
    resumed: false,
  };
  return { name: `seed${seed}`, config: { ...CONVNET_CONFIG, seed }, effort, history, last, best };
}

describe('the experiment convnet', () => {
  const newFolder = temporaryFolders();
  const verdicts = (...runs: MeasuredRun[]) => convnetClaims(runs).map(({ holds }) => holds);

  it('trains with the settings of question 4a', () => {
    const [{ config }] = convnetJobs([42], false);
    const { optimizer, learningRate, batchSize, maxSteps, evalEvery, model } = config;
    expect({ optimizer, learningRate, batchSize, maxSteps, evalEvery }).to.deep.equal({
      ...{ optimizer: 'adam', learningRate: 1e-4, batchSize: 32, maxSteps: 5000, evalEvery: 500 },
    });
    expect(model).to.deep.equal({ name: 'convnet', widths: [64, 128, 256, 512, 512] });
  });

  it('judges its claims on two seeds or more', () => {
    expect(verdicts(run(42, [0.5, 0.82]))).to.deep.equal([null, null, null]);
    expect(verdicts(run(42, [0.5, 0.81, 0.8]), run(0, [0.7, 0.8, 0.795]))).to.deep.equal([true, true, true]);
    expect(verdicts(run(42, [0.5, 0.81, 0.8]), run(0, [0.7, 0.79, 0.78]))).to.deep.equal([false, false, true]);
    expect(verdicts(run(42, [0.5, 0.9]), run(0, [0.7, 0.9]))).to.deep.equal([true, false, true]);
    expect(verdicts(run(42, [0.5]), run(0, [0.6]))[2]).to.equal(false);
  });

  it('has a report with each run, its memory and the command that repeats it', async () => {
    const out = newFolder();
    const runs = [run(42, [0.5, 0.81]), run(0, [0.6, 0.8])];
    const context = {
      out,
      warning: '',
      quick: false,
      loadData: () => Promise.reject(),
      evaluate: () => Promise.reject(),
    };
    await claimsReport({ runs }, context, () => convnetReport(runs, ['pictures']));
    const text = readFileSync(join(out, 'report.md'), 'utf8');
    expect(text).to.include('| 42 | 0.8100 | 0.9000 | 0.6000 | 0.8100 | 1,000 | 60 s | 1,500 MB |');
    expect(text).to.match(/npx handgrad train --model convnet .*--backend blas --threads 2/);
    expect(text).to.include('pictures');
    expect(existsSync(join(out, 'curves.svg'))).to.equal(true);
  });
});
