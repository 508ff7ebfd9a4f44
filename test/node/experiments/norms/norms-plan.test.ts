import { expect } from 'chai';
import { sum } from '../../../../src/index.js';
import { dependencies, imageNorms } from '../../../../src/node/experiments/norms/normalization-axes.js';
import { normsCells } from '../../../../src/node/experiments/norms/norms-cells.js';
import { normsClaims } from '../../../../src/node/experiments/norms/norms-claims.js';
import {
  BATCH_SIZES,
  type ComparedNorm,
  IMAGES,
  LEARNING_RATE,
  normsConfig,
  normsJobs,
  SWEPT_BATCH,
  SWEPT_RATES,
} from '../../../../src/node/experiments/norms/norms-plan.js';
import type { MeasuredRun } from '../../../../src/node/experiments/run-result.js';

describe('normsJobs', () => {
  const runs = normsJobs([42, 0], false);

  it('gives every run the same number of images, at every batch size', () => {
    for (const { config } of runs) expect(config.maxSteps * config.batchSize).to.equal(IMAGES);
  });

  it('has four norms at all batch sizes and all learning rates, and their common point once', () => {
    expect(runs.length).to.equal(4 * 2 * (BATCH_SIZES.length + SWEPT_RATES.length - 1));
    expect(new Set(runs.map(({ name }) => name)).size).to.equal(runs.length);
  });

  it('has few and short runs with --quick', () => {
    const quick = normsJobs([42], true);
    expect(quick.length).to.be.at.most(16);
    expect(Math.max(...quick.map(({ config }) => config.maxSteps))).to.equal(4);
  });
});

describe('dependencies', () => {
  const images = [3, 4, 3, 4];
  const entry = [1, 2, 1, 1];

  /** The marked samples and channels, and the number of marked inputs. */
  function marked(name: string) {
    const norm = imageNorms(images).find((each) => each.name.startsWith(name));
    if (!norm) throw new Error(`no ${name}`);
    const marks = dependencies(norm, images, entry);
    const along = (axis: number) => {
      const others = [0, 1, 2, 3].filter((other) => other !== axis);
      const totals = sum(marks, { axis: others });
      return Array.from({ length: images[axis] }, (_, i) => i).filter((i) => totals.get(i) > 0);
    };
    return { n: along(0), c: along(1), count: sum(marks) };
  }

  it('are one channel of all samples for batch norm', () => {
    expect(marked('batch')).to.deep.equal({ n: [0, 1, 2], c: [2], count: 3 * 12 });
  });

  it('are one sample: all of its channels for layer norm, one for instance norm, half of them for two groups', () => {
    expect(marked('layer')).to.deep.equal({ n: [1], c: [0, 1, 2, 3], count: 4 * 12 });
    expect(marked('instance')).to.deep.equal({ n: [1], c: [2], count: 12 });
    expect(marked('group')).to.deep.equal({ n: [1], c: [2, 3], count: 2 * 12 });
  });
});

describe('normsClaims', () => {
  function run(norm: ComparedNorm, batchSize: number, rate: number, seed: number, testAccuracy: number): MeasuredRun {
    const evaluation = { step: 1, epoch: 1, trainLoss: 1, trainAccuracy: 0.5, testLoss: 1, testAccuracy };
    const effort = { handgrad: '0.1.0', engine: 'blas', threads: 1, jobs: 2, seconds: 1, resumed: false };
    const history = { firstLoss: 2.3, evaluations: [evaluation], stopped: null };
    return {
      name: '',
      config: normsConfig(norm, batchSize, rate, seed),
      effort,
      history,
      last: evaluation,
      best: evaluation,
    };
  }

  /** Runs with two seeds, with the given accuracies at batch sizes 2 and 32 and at the swept learning rates. */
  function cells(accuracies: Record<ComparedNorm, [small: number, large: number, ...swept: number[]]>) {
    const norms: ComparedNorm[] = ['none', 'batch', 'layer', 'group'];
    const runs = norms.flatMap((norm) =>
      [0, 1].flatMap((seed) => {
        const [small, large, ...swept] = accuracies[norm].map((accuracy) => accuracy + 0.002 * seed);
        const rates = swept.map((accuracy, i) => run(norm, SWEPT_BATCH, SWEPT_RATES[i], seed, accuracy));
        return [run(norm, 2, LEARNING_RATE, seed, small), run(norm, 32, LEARNING_RATE, seed, large), ...rates];
      }),
    );
    return normsCells(runs);
  }

  it('hold if only batch norm degrades with small batches, and works at a higher learning rate', () => {
    const claims = normsClaims(
      cells({
        none: [0.45, 0.46, 0.4, 0.45, 0.45, 0.3, 0.1],
        batch: [0.3, 0.5, 0.4, 0.45, 0.5, 0.49, 0.2],
        layer: [0.48, 0.49, 0.4, 0.45, 0.48, 0.3, 0.2],
        group: [0.48, 0.485, 0.4, 0.45, 0.48, 0.3, 0.2],
      }),
    );
    expect(claims.map(({ holds }) => holds)).to.deep.equal([true, true, true, true]);
    expect(claims[3].measured).to.include('0.003 with batch norm, 0.001 without');
  });

  it('do not hold if all norms degrade alike and work at the same learning rates', () => {
    const alike: [number, number, ...number[]] = [0.4, 0.5, 0.4, 0.45, 0.5, 0.3, 0.1];
    const claims = normsClaims(cells({ none: alike, batch: alike, layer: alike, group: alike }));
    expect(claims.map(({ holds }) => holds)).to.deep.equal([false, false, false, false]);
  });
});
