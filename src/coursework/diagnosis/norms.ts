import {
  add,
  divide,
  map,
  mean,
  multiply,
  type NdArray,
  reshape,
  square,
  subtract,
  sum,
  zeros,
} from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';
import { possible } from './matrices.js';

/** Mistakes in normalisations. They differ only in which elements share a mean and a variance. */

/** What a normalisation computes with, all in the shape of x. */
interface Parts {
  x: NdArray;
  dout: NdArray;
  gamma: NdArray;
  beta: NdArray;
  centred: NdArray;
  variance: NdArray;
  rstd: NdArray;
  xHat: NdArray;
  dxHat: NdArray;
  /** How many elements share a mean. */
  count: number;
  eps: number;
  /** The mean over the elements that share one, at each of them. */
  average: (values: NdArray) => NdArray;
}

const FEATURE_AXIS = 1;

/** The shape in which a group lies along axes of its own, and those axes. */
function grouping(file: string, shape: readonly number[], groups: number): { grouped: number[]; axes: number[] } {
  const rest = shape.map((_, axis) => axis).slice(2);
  if (file === 'layernorm') return { grouped: [...shape], axes: [1] };
  if (file === 'batchnorm') return { grouped: [...shape], axes: [0, ...rest] };
  if (file === 'groupnorm') {
    const size = shape.slice(1).reduce((product, n) => product * n, 1);
    return { grouped: [shape[0], groups, size / groups], axes: [2] };
  }
  return { grouped: [...shape], axes: rest };
}

function averageOver(shape: readonly number[], grouped: readonly number[], axes: readonly number[]) {
  return (values: NdArray) => {
    const means = mean(reshape(values, grouped), { axis: axes, keepDims: true });
    return reshape(add(zeros(grouped, 'float64'), means), shape);
  };
}

function partsOf(file: string, { terms, case: { options, sizes } }: Observation): Parts {
  const { x } = terms;
  const { grouped, axes } = grouping(file, x.shape, sizes.G);
  const average = averageOver(x.shape, grouped, axes);
  const along = (values: NdArray) =>
    reshape(
      values,
      x.shape.map((_, axis) => (axis === FEATURE_AXIS ? -1 : 1)),
    );
  const eps = Number(options.eps ?? 1e-5);
  const running = Boolean(options.evaluation);
  const centred = subtract(x, running ? along(terms.runningMean) : average(x));
  const variance = running ? add(zeros(x.shape, 'float64'), along(terms.runningVar)) : average(square(centred));
  const rstd = map(variance, (value) => 1 / Math.sqrt(value + eps));
  const [gamma, beta] = [along(terms.gamma), along(terms.beta)];
  const dout = terms.dout ?? zeros(x.shape, 'float64');
  const count = axes.reduce((product, axis) => product * grouped[axis], 1);
  const [xHat, dxHat] = [multiply(centred, rstd), multiply(dout, gamma)];
  return { x, dout, gamma, beta, centred, variance, rstd, xHat, dxHat, count, eps, average };
}

/** Of no shape that is asked for: the mistake has no meaning here. */
const NOTHING = zeros([0], 'float64');

type Formula = (parts: Parts, seen: Observation) => NdArray;

const backThrough = ({ dxHat, xHat, rstd, average }: Parts) =>
  multiply(rstd, subtract(subtract(dxHat, average(dxHat)), multiply(xHat, average(multiply(xHat, dxHat)))));
const perFeature = (values: NdArray) =>
  sum(
    values,
    values.shape.flatMap((_, axis) => (axis === FEATURE_AXIS ? [] : [axis])),
  );
const scaled = ({ gamma, beta }: Parts, xHat: NdArray) => add(multiply(gamma, xHat), beta);
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
    (p, { case: { options } }) => (options.evaluation ? NOTHING : multiply(p.rstd, p.dxHat)),
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
    (p, { case: { options } }) => (options.evaluation ? backThrough(p) : NOTHING),
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
    (p) => perFeature(multiply(p.dout, scaled(p, p.xHat))),
  ],
  ['dbeta', 'β multiplied', 'Σ dout ∘ γ: β is added, so it is Σ dout', (p) => perFeature(p.dxHat)],
  ['out', 'γ forgotten', 'right for γ = 1 only: the scale is missing', (p) => add(p.xHat, p.beta)],
  ['out', 'β forgotten', 'right for β = 0 only: the shift is missing', (p) => multiply(p.gamma, p.xHat)],
  ['out', 'γ and β forgotten', 'that is x̂: scale and shift are missing', (p) => p.xHat],
  [
    'out',
    'divided by the variance',
    'divided by σ² + ε: the root is missing',
    (p) => scaled(p, divide(p.centred, add(p.variance, p.eps))),
  ],
  ['out', 'not divided', 'x − μ is not divided by √(σ² + ε)', (p) => scaled(p, p.centred)],
  ['out', 'mean not subtracted', 'the mean is not subtracted', (p) => scaled(p, multiply(p.x, p.rstd))],
  [
    'out',
    'unbiased variance',
    'the variance is divided by n − 1: it is by n',
    (p) => {
      const factor = p.count / (p.count - 1);
      return scaled(
        p,
        divide(
          p.centred,
          map(p.variance, (v) => Math.sqrt(v * factor + p.eps)),
        ),
      );
    },
  ],
  ['out', 'ε forgotten', 'without ε', (p) => scaled(p, divide(p.centred, map(p.variance, Math.sqrt)))],
  [
    'out',
    'ε outside the root',
    'divided by √σ² + ε: ε stands inside the root',
    (p) =>
      scaled(
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
      return scaled(p, multiply(centred, inverse(map(other(square(centred)), (v) => Math.sqrt(v + p.eps)))));
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
      if (!options.evaluation) return NOTHING;
      const centred = subtract(p.x, p.average(p.x));
      return scaled(
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
    candidate: (seen) => (seen.array === array ? possible(() => wrong(partsOf(file, seen), seen)) : undefined),
  }));
}

/** Mistakes by file. */
export const NORMS: Readonly<Record<string, readonly Hypothesis[]>> = {
  layernorm: hypothesesOf('layernorm', MISTAKES),
  batchnorm: hypothesesOf('batchnorm', [...RUNNING, ...MISTAKES]),
  groupnorm: hypothesesOf('groupnorm', MISTAKES),
  instancenorm: hypothesesOf('instancenorm', MISTAKES),
};
