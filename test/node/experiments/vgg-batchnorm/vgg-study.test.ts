import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { oneHot, Random, toNested } from '../../../../src/array/index.js';
import { BatchNorm2d } from '../../../../src/layers/batch-norm2d.js';
import { SoftmaxCrossEntropy } from '../../../../src/losses/softmax-cross-entropy.js';
import { ActivationNoise } from '../../../../src/node/experiments/bn-optimization/activation-noise.js';
import { geometricSeries } from '../../../../src/node/experiments/bn-optimization/step-measures.js';
import { claimsReport } from '../../../../src/node/experiments/experiment-report.js';
import { parametersByLayer } from '../../../../src/node/experiments/measures/covariate-shift.js';
import { gradientLine } from '../../../../src/node/experiments/measures/gradient-line.js';
import { effectiveSmoothness } from '../../../../src/node/experiments/measures/landscape.js';
import { netObjective } from '../../../../src/node/experiments/measures/objective.js';
import { valuesOf } from '../../../../src/node/experiments/measures/parameter-vectors.js';
import { type VGGFile, vggStudyClaims } from '../../../../src/node/experiments/vgg-batchnorm/vgg-study-claims.js';
import {
  VGG_ARMS,
  VGG_QUICK,
  VGG_RATES,
  VGG_STARTS,
  VGG_STUDY,
  type VGGArm,
  type VGGRecipe,
  vggStudyNet,
} from '../../../../src/node/experiments/vgg-batchnorm/vgg-study-plan.js';
import { vggStudyReport } from '../../../../src/node/experiments/vgg-batchnorm/vgg-study-report.js';
import {
  measureNet,
  type VGGResult,
  vggMeasurements,
} from '../../../../src/node/experiments/vgg-batchnorm/vgg-training.js';
import { temporaryFolders } from '../../../support/temporary.js';

/** Figures of a run: its last loss, the size of every measure, and the relative shift. */
interface Figures {
  lastLoss: number | null;
  size: number;
  shift: number;
}

function file(part: 'measured' | 'start', arm: VGGArm, recipe: VGGRecipe, seed: number, figures: Figures): VGGFile {
  const { lastLoss, size, shift } = figures;
  const line = {
    loss: 1,
    landscape: { low: 1, high: 1 + size },
    predictiveness: { low: size / 2, high: size },
    smoothness: size,
  };
  const shifts = VGG_STUDY.layers.map(() => ({ difference: shift, length: 1, cosine: 0.5 }));
  const measures = part === 'measured' ? { measures: { all: line, last: line, shifts } } : {};
  const records = [50, 100].map((step) => ({ step, loss: lastLoss ?? 9, accuracy: 0.3, ...measures }));
  const result: VGGResult = { records, lastLoss, diverged: lastLoss === null ? 101 : null };
  const settings = { part, arm, ...recipe, seed };
  const name = `${part}-${arm}-${seed}`;
  return { name, settings, handgrad: '0', engine: 'blas', threads: 1, seconds: 60, result };
}

const PUBLISHED: Record<VGGArm, Figures> = {
  plain: { lastLoss: 2, size: 8, shift: 0.5 },
  batch: { lastLoss: 1, size: 2, shift: 0.6 },
  noisy: { lastLoss: 1.2, size: 2, shift: 0.6 },
  'noise-only': { lastLoss: Math.LN10, size: 8, shift: 0.5 },
};

function study(figures: (arm: VGGArm, seed: number) => Figures, still = Math.LN10): VGGFile[] {
  return [0, 1].flatMap((seed) => [
    ...VGG_RATES.flatMap((rate) =>
      VGG_ARMS.map((arm) =>
        file('measured', arm, { optimizer: 'sgd', init: 'kaiming', rate }, seed, figures(arm, seed)),
      ),
    ),
    ...VGG_STARTS.flatMap((recipe) => [
      file('start', 'plain', recipe, seed, { ...PUBLISHED.plain, lastLoss: still }),
      file('start', 'batch', recipe, seed, PUBLISHED.batch),
    ]),
  ]);
}

const verdicts = (files: readonly VGGFile[]) => vggStudyClaims(files).map(({ holds }) => holds);
const CLAIMS = VGG_RATES.length * 11 + VGG_STARTS.length;

describe('the experiment vgg-batchnorm', () => {
  const newFolder = temporaryFolders();

  it('has a part for every arm, rate, recipe and seed, each with its own name', () => {
    const names = vggMeasurements([42, 0], false).map(({ name }) => name);
    expect(names.length).to.equal(2 * (VGG_RATES.length * VGG_ARMS.length + VGG_STARTS.length * 2));
    expect(new Set(names).size).to.equal(names.length);
  });

  it('puts noise before each ReLU, after the norm if there is one, and starts from the same weights in all arms', () => {
    const kinds = VGG_ARMS.map((arm) => {
      const { layers } = vggStudyNet(arm, 'kaiming', 42, VGG_QUICK);
      const count = (kind: typeof ActivationNoise | typeof BatchNorm2d) =>
        layers.filter((each) => each instanceof kind).length;
      return [count(BatchNorm2d), count(ActivationNoise)];
    });
    expect(kinds).to.deep.equal([
      [0, 0],
      [13, 0],
      [13, 13],
      [0, 13],
    ]);
    const weights = VGG_ARMS.map((arm) => {
      const groups = parametersByLayer(vggStudyNet(arm, 'kaiming', 42, VGG_QUICK).layers);
      expect(groups.length).to.equal(14);
      return toNested(groups[9][0].value);
    });
    for (const other of weights.slice(1)) expect(other).to.deep.equal(weights[0]);
  });

  it('measures along the last layer’s gradient what the whole net has there, and restores the parameters', () => {
    const net = vggStudyNet('noisy', 'kaiming', 1, VGG_QUICK);
    const x = new Random('x').normal([3, 3, 32, 32], { dtype: 'float32' });
    const targets = oneHot([1, 4, 7], 10, 'float32');
    const before = valuesOf(net.parameters()).map((value) => toNested(value));
    const { all, last, shifts } = measureNet(net, { x, targets }, 0.1, VGG_QUICK);
    expect(valuesOf(net.parameters()).map((value) => toNested(value))).to.deep.equal(before);
    expect(shifts.length).to.equal(2);
    const whole = netObjective(net, new SoftmaxCrossEntropy(), x, targets);
    const own = { parameters: net.parameters().slice(-2), evaluate: () => whole.evaluate() };
    const steps = geometricSeries(0.5, 4, 6).map((factor) => factor * 0.1);
    expect(last.smoothness).to.be.closeTo(effectiveSmoothness(gradientLine(own, steps)), 1e-4 * last.smoothness);
    expect(last.loss).to.be.closeTo(all.loss, 1e-5);
    expect(last.smoothness).not.to.be.closeTo(all.smoothness, 1e-4 * all.smoothness);
  });

  it('says that every claim holds for figures as published, and none for the opposite', () => {
    expect(verdicts(study((arm) => PUBLISHED[arm]))).to.deep.equal(Array(CLAIMS).fill(true));
    const opposite: Record<VGGArm, Figures> = {
      plain: { lastLoss: 1, size: 2, shift: 0.6 },
      batch: { lastLoss: 2, size: 8, shift: 0.3 },
      noisy: { lastLoss: 2, size: 8, shift: 0.3 },
      'noise-only': { lastLoss: 1.5, size: 8, shift: 0.5 },
    };
    expect(verdicts(study((arm) => opposite[arm], 1.5))).to.deep.equal(Array(CLAIMS).fill(false));
  });

  it('leaves everything undecided with one seed, and where seeds disagree', () => {
    const all = study((arm) => PUBLISHED[arm]);
    const one = all.filter(({ settings }) => settings.seed === 0);
    expect(verdicts(one)).to.deep.equal(Array(CLAIMS).fill(null));
    const noisy = study((arm, seed) => {
      if (arm !== 'batch') return PUBLISHED[arm];
      return seed === 0 ? PUBLISHED.batch : { lastLoss: 3, size: 20, shift: 0.1 };
    });
    const claims = vggStudyClaims(noisy).filter(({ claim }) => /faster|covariate|smoother/.test(claim));
    expect(claims.length).to.equal(VGG_RATES.length * 9);
    expect(claims.map(({ holds }) => holds)).to.deep.equal(Array(claims.length).fill(null));
  });

  it('counts a run that diverged as one that did not converge', () => {
    const files = study((arm) => (arm === 'noise-only' ? { ...PUBLISHED[arm], lastLoss: null } : PUBLISHED[arm]));
    const claims = vggStudyClaims(files).filter(({ claim }) => claim.includes('does not converge'));
    expect(claims.map(({ measured, holds }) => [measured, holds])).to.deep.equal(
      VGG_RATES.map(() => ['not finite, not finite', true]),
    );
  });

  it('is Markdown with all its figures, and opens with one', async () => {
    const [out, files] = [newFolder(), study((arm) => PUBLISHED[arm])];
    const context = {
      ...{ out, warning: '', quick: false },
      loadData: () => Promise.reject(new Error('no data')),
      evaluate: () => Promise.reject(new Error('no run')),
    };
    await claimsReport({ parts: files }, context, () => vggStudyReport(files));
    const report = readFileSync(join(out, 'report.md'), 'utf8');
    const pictures = [...report.matchAll(/\]\(([^)]+)\)/g)].map(([, name]) => name);
    expect(pictures.length).to.equal(5);
    for (const name of pictures) expect(existsSync(join(out, name)), name).to.equal(true);
    expect(report.split('\n')[2]).to.include('![');
  });
});
