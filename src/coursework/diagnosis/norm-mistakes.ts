import { add, divide, map, multiply, type NdArray, square, subtract } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import { hypothesesOf, type MistakeTable } from './hypothesis.js';
import { averageOver, backThrough, type Parts, partsOf, perFeature, scaleAndShift } from './norm-parts.js';

/** Mistakes in normalizations. */

/** out with another deviation. */
const dividedBy = (p: Parts, deviation: (variance: number) => number) =>
  scaleAndShift(
    p,
    divide(
      p.centered,
      map(p.variance, (v) => deviation(v)),
    ),
  );

/** out with the mean and the variance of an average. */
function normalizedWith(p: Parts, average: Parts['average']): NdArray {
  const centered = subtract(p.x, average(p.x));
  const variance = average(square(centered));
  return dividedBy({ ...p, centered, variance }, (v) => Math.sqrt(v + p.eps));
}

const MISTAKES: MistakeTable<Parts> = {
  'dx | γ forgotten | This is right only for γ = 1. Use dxHat = dout ∘ γ.': (p) => backThrough({ ...p, dxHat: p.dout }),
  'dx | mean path forgotten | The path through the mean is missing. Subtract the mean of dxHat.': (p) =>
    multiply(p.rstd, subtract(p.dxHat, multiply(p.xHat, p.average(multiply(p.xHat, p.dxHat))))),
  'dx | variance path forgotten | The path through the variance is missing. Subtract x̂ ∘ mean(x̂ ∘ dxHat).': (p) =>
    multiply(p.rstd, subtract(p.dxHat, p.average(p.dxHat))),
  'dx | statistics taken as constants | This treats mean and variance as constants. Both depend on x.': (
    p,
    { case: { options } },
  ) => (options.evaluation ? undefined : multiply(p.rstd, p.dxHat)),
  'dx | not divided by the deviation | The factor 1/√(σ² + ε) is missing.': (p, { case: { options } }) =>
    options.evaluation ? p.dxHat : divide(backThrough(p), p.rstd),
  'dx | multiplied by the deviation | This is multiplied by √(σ² + ε). Divide by it instead.': (p) =>
    divide(divide(backThrough(p), p.rstd), p.rstd),
  'dx | unbiased variance | This is the gradient for a variance that is divided by n − 1. Here it is divided by n.': (
    p,
  ) => {
    const stretch = multiply(p.average(multiply(p.xHat, p.dxHat)), p.count / (p.count - 1));
    return multiply(p.rstd, subtract(subtract(p.dxHat, p.average(p.dxHat)), multiply(p.xHat, stretch)));
  },
  'dx | the backward of training | This is the gradient of training. In evaluation mean and variance are constants.': (
    p,
    { case: { options } },
  ) => (options.evaluation ? backThrough(p) : undefined),
  'dgamma | x − μ for x̂ | This is Σ dout ∘ (x − μ). γ multiplies x̂, so use Σ dout ∘ x̂.': (p) =>
    perFeature(multiply(p.dout, p.centered)),
  'dgamma | x for x̂ | This is Σ dout ∘ x. γ multiplies x̂, so use Σ dout ∘ x̂.': (p) => perFeature(multiply(p.dout, p.x)),
  'dgamma | out for x̂ | This is Σ dout ∘ out. γ multiplies x̂, so use Σ dout ∘ x̂.': (p) =>
    perFeature(multiply(p.dout, scaleAndShift(p, p.xHat))),
  'dbeta | β multiplied | This is Σ dout ∘ γ. β is added, so its gradient is Σ dout.': (p) => perFeature(p.dxHat),
  'out | γ forgotten | This is right only for γ = 1. The factor γ is missing.': (p) => add(p.xHat, p.beta),
  'out | β forgotten | This is right only for β = 0. The term β is missing.': (p) => multiply(p.gamma, p.xHat),
  'out | γ and β forgotten | This is x̂. The factor γ and the term β are missing.': (p) => p.xHat,
  'out | divided by the variance | This is divided by σ² + ε. The square root is missing.': (p) =>
    dividedBy(p, (v) => v + p.eps),
  'out | not divided | x − μ is not divided by √(σ² + ε).': (p) => scaleAndShift(p, p.centered),
  'out | mean not subtracted | The mean is not subtracted.': (p) => scaleAndShift(p, multiply(p.x, p.rstd)),
  'out | unbiased variance | The variance is divided by n − 1. Divide it by n.': (p) =>
    dividedBy(p, (v) => Math.sqrt((v * p.count) / (p.count - 1) + p.eps)),
  'out | ε forgotten | ε is missing.': (p) => dividedBy(p, Math.sqrt),
  'out | ε outside the root | This is divided by √σ² + ε. ε belongs inside the root.': (p) =>
    dividedBy(p, (v) => Math.sqrt(v) + p.eps),
  'out | wrong axis | Mean and variance are computed over the wrong axis.': (p) =>
    normalizedWith(p, averageOver(p.x.shape, p.x.shape, [p.count === p.x.shape[0] ? 1 : 0])),
};

const follow = (before: NdArray, batch: NdArray, share: number) =>
  add(multiply(before, 1 - share), multiply(batch, share));
const perFeatureMean = (p: Parts, values: NdArray) => multiply(perFeature(values), 1 / p.count);
const share = ({ case: { options } }: Observation) => Number(options.momentum ?? 0.3);
const unbiased = (p: Parts) => multiply(perFeatureMean(p, square(p.centered)), p.count / (p.count - 1));

const RUNNING: MistakeTable<Parts> = {
  'runningMean | momentum reversed | The momentum is the weight of the new batch, not of the old value.': (p, s) =>
    follow(s.terms.before, perFeatureMean(p, p.x), 1 - share(s)),
  'runningMean | not moved | This has not changed. forward must update it in training.': (_p, s) => s.terms.before,
  'runningMean | replaced | This is the mean of the batch. Move only a fraction (the momentum) of the way toward it.': (
    p,
  ) => perFeatureMean(p, p.x),
  'runningVar | biased variance | This uses the biased variance. The running variance is unbiased: multiply by n/(n − 1).':
    (p, s) => follow(s.terms.before, perFeatureMean(p, square(p.centered)), share(s)),
  'runningVar | momentum reversed | The momentum is the weight of the new batch, not of the old value.': (p, s) =>
    follow(s.terms.before, unbiased(p), 1 - share(s)),
  'runningVar | not moved | This has not changed. forward must update it in training.': (_p, s) => s.terms.before,
  'out | batch statistics | This is normalized with the statistics of the batch. In evaluation use the running statistics.':
    (p, { case: { options } }) => (options.evaluation ? normalizedWith(p, p.average) : undefined),
};

const norm = (file: string, table = MISTAKES) => hypothesesOf((seen) => partsOf(file, seen), table);

/** Mistakes by file. */
export const NORM_MISTAKES = {
  layernorm: norm('layernorm'),
  batchnorm: norm('batchnorm', { ...RUNNING, ...MISTAKES }),
  groupnorm: norm('groupnorm'),
  instancenorm: norm('instancenorm'),
};
