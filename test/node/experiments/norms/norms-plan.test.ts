import { expect } from 'chai';
import { sum } from '../../../../src/index.js';
import type { FinishedRun } from '../../../../src/node/experiments/finished.js';
import { averagedOver, stackNorms } from '../../../../src/node/experiments/norms/averaged-over.js';
import { normCells } from '../../../../src/node/experiments/norms/norm-cells.js';
import {
  BATCH_SIZES,
  type ComparedNorm,
  IMAGES,
  LEARNING_RATE,
  normConfig,
  normRuns,
  SWEPT_BATCH,
  SWEPT_RATES,
} from '../../../../src/node/experiments/norms/norms.js';
import { normsClaims } from '../../../../src/node/experiments/norms/norms-claims.js';

describe('the runs of norms', () => {
  const runs = normRuns([42, 0], false);

  it('see the same number of images, whatever the size of their batches', () => {
    for (const { config } of runs) expect(config.maxSteps * config.batchSize).to.equal(IMAGES);
  });

  it('are four norms at all sizes and all rates, the common point once', () => {
    expect(runs.length).to.equal(4 * 2 * (BATCH_SIZES.length + SWEPT_RATES.length - 1));
    expect(new Set(runs.map(({ name }) => name)).size).to.equal(runs.length);
  });

  it('are few and short with --quick', () => {
    const quick = normRuns([42], true);
    expect(quick.length).to.be.at.most(16);
    expect(Math.max(...quick.map(({ config }) => config.maxSteps))).to.equal(4);
  });
});

describe('averagedOver', () => {
  const stack = [3, 4, 3, 4];
  const entry = [1, 2, 1, 1];

  /** Which positions along each axis have a mark, and how many marks there are. */
  function marked(name: string) {
    const norm = stackNorms(stack).find((each) => each.name.startsWith(name));
    if (!norm) throw new Error(`no ${name}`);
    const marks = averagedOver(norm, stack, entry);
    const along = (axis: number) => {
      const others = [0, 1, 2, 3].filter((other) => other !== axis);
      const totals = sum(marks, { axis: others });
      return Array.from({ length: stack[axis] }, (_, i) => i).filter((i) => totals.get(i) > 0);
    };
    return { n: along(0), c: along(1), count: sum(marks) };
  }

  it('is one channel of all samples for batch norm', () => {
    expect(marked('batch')).to.deep.equal({ n: [0, 1, 2], c: [2], count: 3 * 12 });
  });

  it('is one sample, with all of its channels for layer norm, one for instance norm, half of them for two groups', () => {
    expect(marked('layer')).to.deep.equal({ n: [1], c: [0, 1, 2, 3], count: 4 * 12 });
    expect(marked('instance')).to.deep.equal({ n: [1], c: [2], count: 12 });
    expect(marked('group')).to.deep.equal({ n: [1], c: [2, 3], count: 2 * 12 });
  });
});

describe('the claims on norms', () => {
  function run(norm: ComparedNorm, batchSize: number, rate: number, seed: number, testAccuracy: number): FinishedRun {
    const look = { step: 1, epoch: 1, trainLoss: 1, trainAccuracy: 0.5, testLoss: 1, testAccuracy };
    const effort = { handgrad: '0.1.0', engine: 'blas', threads: 1, jobs: 2, seconds: 1, resumed: false };
    const history = { firstLoss: 2.3, evaluations: [look], stopped: null };
    return { name: '', config: normConfig(norm, batchSize, rate, seed), effort, history, last: look, best: look };
  }

  /** Runs with two seeds, of the given accuracies at batches of 2 and 32 and at the swept rates. */
  function cells(accuracies: Record<ComparedNorm, [small: number, large: number, ...swept: number[]]>) {
    const norms: ComparedNorm[] = ['none', 'batch', 'layer', 'group'];
    const runs = norms.flatMap((norm) =>
      [0, 1].flatMap((seed) => {
        const [small, large, ...swept] = accuracies[norm].map((accuracy) => accuracy + 0.002 * seed);
        const rates = swept.map((accuracy, i) => run(norm, SWEPT_BATCH, SWEPT_RATES[i], seed, accuracy));
        return [run(norm, 2, LEARNING_RATE, seed, small), run(norm, 32, LEARNING_RATE, seed, large), ...rates];
      }),
    );
    return normCells(runs);
  }

  it('hold where batch norm alone falls with small batches, and works at a higher rate', () => {
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

  it('do not hold where all norms fall alike, and rates are the same', () => {
    const alike: [number, number, ...number[]] = [0.4, 0.5, 0.4, 0.45, 0.5, 0.3, 0.1];
    const claims = normsClaims(cells({ none: alike, batch: alike, layer: alike, group: alike }));
    expect(claims.map(({ holds }) => holds)).to.deep.equal([false, false, false, false]);
  });
});
