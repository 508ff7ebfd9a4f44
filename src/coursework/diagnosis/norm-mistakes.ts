import { add, divide, map, multiply, type NdArray, square, subtract } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';
import { tryFormula } from './matrix-mistakes.js';
import {
  averageOver,
  backThrough,
  type Formula,
  NOT_APPLICABLE,
  type Parts,
  partsOf,
  perFeature,
  scaleAndShift,
} from './norm-parts.js';

/** Mistakes in normalisations. */

const inverse = (values: NdArray) => map(values, (value) => 1 / value);

/** Array, id, text, formula. */
const MISTAKES: readonly [array: string, id: string, text: string, wrong: Formula][] = [
  ['dx', 'γ forgotten', 'right for γ = 1 only: dxHat = dout ∘ γ', (p) => backThrough({ ...p, dxHat: p.dout })],
  [
    'dx',
    'mean path forgotten',
    'the way through the mean is missing: the mean of dxHat is subtracted',
    (p) => multiply(p.rstd, subtract(p.dxHat, multiply(p.xHat, p.average(multiply(p.xHat, p.dxHat))))),
  ],
  [
    'dx',
    'variance path forgotten',
    'the way through the variance is missing: x̂ ∘ mean(x̂ ∘ dxHat)',
    (p) => multiply(p.rstd, subtract(p.dxHat, p.average(p.dxHat))),
  ],
  [
    'dx',
    'statistics taken as constants',
    'mean and variance are taken as constants: both depend on x',
    (p, { case: { options } }) => (options.evaluation ? NOT_APPLICABLE : multiply(p.rstd, p.dxHat)),
  ],
  [
    'dx',
    'not divided by the deviation',
    'the factor 1/√(σ² + ε) is missing',
    (p, { case: { options } }) => (options.evaluation ? p.dxHat : divide(backThrough(p), p.rstd)),
  ],
  [
    'dx',
    'multiplied by the deviation',
    'multiplied by √(σ² + ε): divide by it',
    (p) => divide(divide(backThrough(p), p.rstd), p.rstd),
  ],
  [
    'dx',
    'unbiased variance',
    'as if the variance were divided by n − 1: it is by n',
    (p) => {
      const stretch = multiply(p.average(multiply(p.xHat, p.dxHat)), p.count / (p.count - 1));
      return multiply(p.rstd, subtract(subtract(p.dxHat, p.average(p.dxHat)), multiply(p.xHat, stretch)));
    },
  ],
  [
    'dx',
    'the backward of training',
    'that is the gradient in training: in evaluation mean and variance are constants',
    (p, { case: { options } }) => (options.evaluation ? backThrough(p) : NOT_APPLICABLE),
  ],
  [
    'dgamma',
    'x − μ for x̂',
    'Σ dout ∘ (x − μ): it is x̂ that γ multiplies',
    (p) => perFeature(multiply(p.dout, p.centred)),
  ],
  ['dgamma', 'x for x̂', 'Σ dout ∘ x: it is x̂ that γ multiplies', (p) => perFeature(multiply(p.dout, p.x))],
  [
    'dgamma',
    'out for x̂',
    'Σ dout ∘ out: it is x̂ that γ multiplies',
    (p) => perFeature(multiply(p.dout, scaleAndShift(p, p.xHat))),
  ],
  ['dbeta', 'β multiplied', 'Σ dout ∘ γ: β is added, so it is Σ dout', (p) => perFeature(p.dxHat)],
  ['out', 'γ forgotten', 'right for γ = 1 only: the scale is missing', (p) => add(p.xHat, p.beta)],
  ['out', 'β forgotten', 'right for β = 0 only: the shift is missing', (p) => multiply(p.gamma, p.xHat)],
  ['out', 'γ and β forgotten', 'that is x̂: scale and shift are missing', (p) => p.xHat],
  [
    'out',
    'divided by the variance',
    'divided by σ² + ε: the root is missing',
    (p) => scaleAndShift(p, divide(p.centred, add(p.variance, p.eps))),
  ],
  ['out', 'not divided', 'x − μ is not divided by √(σ² + ε)', (p) => scaleAndShift(p, p.centred)],
  ['out', 'mean not subtracted', 'the mean is not subtracted', (p) => scaleAndShift(p, multiply(p.x, p.rstd))],
  [
    'out',
    'unbiased variance',
    'the variance is divided by n − 1: it is by n',
    (p) => {
      const factor = p.count / (p.count - 1);
      return scaleAndShift(
        p,
        divide(
          p.centred,
          map(p.variance, (v) => Math.sqrt(v * factor + p.eps)),
        ),
      );
    },
  ],
  ['out', 'ε forgotten', 'without ε', (p) => scaleAndShift(p, divide(p.centred, map(p.variance, Math.sqrt)))],
  [
    'out',
    'ε outside the root',
    'divided by √σ² + ε: ε stands inside the root',
    (p) =>
      scaleAndShift(
        p,
        divide(
          p.centred,
          map(p.variance, (v) => Math.sqrt(v) + p.eps),
        ),
      ),
  ],
  [
    'out',
    'wrong axis',
    'mean and variance run over the wrong axis',
    (p) => {
      const other = averageOver(p.x.shape, p.x.shape, [p.count === p.x.shape[0] ? 1 : 0]);
      const centred = subtract(p.x, other(p.x));
      return scaleAndShift(p, multiply(centred, inverse(map(other(square(centred)), (v) => Math.sqrt(v + p.eps)))));
    },
  ],
];

const follow = (before: NdArray, batch: NdArray, share: number) =>
  add(multiply(before, 1 - share), multiply(batch, share));
const perFeatureMean = (p: Parts, values: NdArray) => multiply(perFeature(values), 1 / p.count);
const share = ({ case: { options } }: Observation) => Number(options.momentum ?? 0.3);
const unbiased = (p: Parts) => multiply(perFeatureMean(p, square(p.centred)), p.count / (p.count - 1));

const RUNNING: typeof MISTAKES = [
  [
    'runningMean',
    'momentum reversed',
    'the momentum is the share of the new batch',
    (p, s) => follow(s.terms.before, perFeatureMean(p, p.x), 1 - share(s)),
  ],
  ['runningMean', 'not moved', 'it has not moved: training moves it', (_p, s) => s.terms.before],
  [
    'runningMean',
    'replaced',
    'the mean of the batch itself: it moves a share of the way',
    (p) => perFeatureMean(p, p.x),
  ],
  [
    'runningVar',
    'biased variance',
    'with the biased variance: the running one is unbiased, n/(n − 1) times',
    (p, s) => follow(s.terms.before, perFeatureMean(p, square(p.centred)), share(s)),
  ],
  [
    'runningVar',
    'momentum reversed',
    'the momentum is the share of the new batch',
    (p, s) => follow(s.terms.before, unbiased(p), 1 - share(s)),
  ],
  ['runningVar', 'not moved', 'it has not moved: training moves it', (_p, s) => s.terms.before],
  [
    'out',
    'batch statistics',
    'normalised with the batch: in evaluation it is the running statistics',
    (p, { case: { options } }) => {
      if (!options.evaluation) return NOT_APPLICABLE;
      const centred = subtract(p.x, p.average(p.x));
      return scaleAndShift(
        p,
        multiply(
          centred,
          map(p.average(square(centred)), (v) => 1 / Math.sqrt(v + p.eps)),
        ),
      );
    },
  ],
];

function hypothesesOf(file: string, mistakes: typeof MISTAKES): Hypothesis[] {
  return mistakes.map(([array, id, text, wrong]) => ({
    id,
    text,
    candidate: (seen) => (seen.array === array ? tryFormula(() => wrong(partsOf(file, seen), seen)) : undefined),
  }));
}

/** Mistakes by file. */
export const NORM_MISTAKES: Readonly<Record<string, readonly Hypothesis[]>> = {
  layernorm: hypothesesOf('layernorm', MISTAKES),
  batchnorm: hypothesesOf('batchnorm', [...RUNNING, ...MISTAKES]),
  groupnorm: hypothesesOf('groupnorm', MISTAKES),
  instancenorm: hypothesesOf('instancenorm', MISTAKES),
};
