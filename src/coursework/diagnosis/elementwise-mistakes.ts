import { map, maximum, multiply, type NdArray, zipWith } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';

/** Mistakes in activations and dropout. */

/** dx computed with a wrong derivative, which is a function of x. */
function slope(id: string, text: string, wrong: (x: number, seen: Observation) => number): Hypothesis {
  return {
    id,
    text,
    candidate: (seen) => {
      const { x, dout } = seen.terms;
      return seen.array === 'dx' && dout ? zipWith(dout, x, (d, value) => d * wrong(value, seen)) : undefined;
    },
  };
}

/** out computed with a wrong function. */
function output(id: string, text: string, wrong: (x: number, seen: Observation) => number): Hypothesis {
  return {
    id,
    text,
    candidate: (seen) => (seen.array === 'out' ? map(seen.terms.x, (value) => wrong(value, seen)) : undefined),
  };
}

/** dx without the factor dout. */
function withoutDout(derivative: (x: number, seen: Observation) => number): Hypothesis {
  return {
    id: 'dout forgotten',
    text: 'This is the derivative alone. Multiply it by dout.',
    candidate: (seen) => (seen.array === 'dx' ? map(seen.terms.x, (value) => derivative(value, seen)) : undefined),
  };
}

const alpha = ({ case: { options } }: Observation) => Number(options.alpha ?? 1);

const ELU: Hypothesis[] = [
  slope('α forgotten', 'This is right only for α = 1. The factor α is missing in the negative branch.', (x) =>
    x > 0 ? 1 : Math.exp(x),
  ),
  slope('branch passes nothing', 'The negative branch passes no gradient. That is ReLU, not ELU.', (x) =>
    x > 0 ? 1 : 0,
  ),
  slope('branches swapped', 'The two branches are swapped.', (x, seen) => (x > 0 ? alpha(seen) * Math.exp(x) : 1)),
  slope('expm1 for exp', 'The derivative of α(eˣ − 1) is αeˣ. It has no −1.', (x, seen) =>
    x > 0 ? 1 : alpha(seen) * Math.expm1(x),
  ),
  slope('one branch', 'This is αeˣ everywhere. For x > 0 the derivative is 1.', (x, seen) => alpha(seen) * Math.exp(x)),
  withoutDout((x, seen) => (x > 0 ? 1 : alpha(seen) * Math.exp(x))),
  output('α forgotten', 'This is right only for α = 1. The factor α is missing.', (x) => (x > 0 ? x : Math.expm1(x))),
  output('−1 forgotten', 'This is αeˣ. It should be α(eˣ − 1).', (x, seen) => (x > 0 ? x : alpha(seen) * Math.exp(x))),
  output('branch passes nothing', 'The negative branch is 0. That is ReLU, not ELU.', (x) => Math.max(x, 0)),
  output('branches swapped', 'The two branches are swapped.', (x, seen) => (x <= 0 ? x : alpha(seen) * Math.expm1(x))),
];

const RELU: Hypothesis[] = [
  slope('branches swapped', 'The two branches are swapped.', (x) => (x < 0 ? 1 : 0)),
  slope('times x', 'This is dout ∘ relu(x). Where x > 0 the derivative is 1, not x.', (x) => Math.max(x, 0)),
  {
    id: 'sign of dout',
    text: 'This is max(dout, 0). Use the sign of x, not the sign of dout.',
    candidate: ({ array, terms }) => (array === 'dx' ? maximum(terms.dout, 0) : undefined),
  },
  withoutDout((x) => (x > 0 ? 1 : 0)),
  output('absolute value', 'This is |x|. Negative inputs should become 0.', Math.abs),
  output('the other half', 'This is min(x, 0). It should be max(x, 0).', (x) => Math.min(x, 0)),
];

const TANH: Hypothesis[] = [
  slope('square forgotten', 'This uses 1 − y. The derivative is 1 − y².', (x) => 1 - Math.tanh(x)),
  slope('x for y', 'This uses 1 − x². The derivative is 1 − y², where y is the output.', (x) => 1 - x * x),
  slope('sigmoid', 'This uses y(1 − y), the derivative of the sigmoid.', (x) => Math.tanh(x) * (1 - Math.tanh(x))),
  withoutDout((x) => 1 - Math.tanh(x) ** 2),
  output('sigmoid', 'This is 1/(1 + e⁻ˣ), the sigmoid.', (x) => 1 / (1 + Math.exp(-x))),
];

const p = ({ case: { options } }: Observation) => Number(options.p ?? 0.4);
const masked = (id: string, text: string, share: (seen: Observation) => number): Hypothesis => ({
  id,
  text,
  candidate: (seen) => {
    const { x, kept, dout, mask } = seen.terms;
    const scaled = (array: NdArray, keep: NdArray) =>
      multiply(
        multiply(
          array,
          map(keep, (v) => (v === 0 ? 0 : 1)),
        ),
        share(seen),
      );
    return seen.array === 'dx' ? mask && scaled(dout, mask) : kept && scaled(x, kept);
  },
});

const DROPOUT: Hypothesis[] = [
  masked('not scaled', 'The kept values are not scaled by 1/(1 − p).', () => 1),
  masked(
    'scaled by 1/p',
    'This is scaled by 1/p. p is the probability of dropping a value, so the scale is 1/(1 − p).',
    (seen) => 1 / p(seen),
  ),
  masked('multiplied by 1 − p', 'This is multiplied by 1 − p. Divide by 1 − p instead.', (seen) => 1 - p(seen)),
  {
    id: 'dropped for kept',
    text: 'The gradient passes where values were dropped. It should pass where they were kept.',
    candidate: ({ array, terms: { dout, mask }, ...seen }) => {
      const scale = 1 / (1 - Number(seen.case.options.p ?? 0.4));
      return array === 'dx' ? zipWith(dout, mask, (d, m) => (m === 0 ? d * scale : 0)) : undefined;
    },
  },
];

/** Mistakes by file. */
export const ELEMENTWISE_MISTAKES: Readonly<Record<string, readonly Hypothesis[]>> = {
  elu: ELU,
  relu: RELU,
  tanh: TANH,
  dropout: DROPOUT,
};
