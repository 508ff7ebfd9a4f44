import { map, maximum, multiply, type NdArray, zipWith } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';

/** Mistakes in activations and dropout. */

/** dx from a wrong derivative, as a function of x. */
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

/** out from a wrong function. */
function output(id: string, text: string, wrong: (x: number, seen: Observation) => number): Hypothesis {
  return {
    id,
    text,
    candidate: (seen) => (seen.array === 'out' ? map(seen.terms.x, (value) => wrong(value, seen)) : undefined),
  };
}

/** dx when dout has no part in it. */
function withoutDout(derivative: (x: number, seen: Observation) => number): Hypothesis {
  return {
    id: 'dout forgotten',
    text: 'the derivative alone: its product with dout is missing',
    candidate: (seen) => (seen.array === 'dx' ? map(seen.terms.x, (value) => derivative(value, seen)) : undefined),
  };
}

const alpha = ({ case: { options } }: Observation) => Number(options.alpha ?? 1);

const ELU: Hypothesis[] = [
  slope('α forgotten', 'right for α = 1 only: α is missing in the negative branch', (x) => (x > 0 ? 1 : Math.exp(x))),
  slope('branch passes nothing', 'the negative branch passes nothing: that is ReLU', (x) => (x > 0 ? 1 : 0)),
  slope('branches swapped', 'the branches are exchanged', (x, seen) => (x > 0 ? alpha(seen) * Math.exp(x) : 1)),
  slope('expm1 for exp', 'the derivative of α(eˣ − 1) is αeˣ: the −1 goes', (x, seen) =>
    x > 0 ? 1 : alpha(seen) * Math.expm1(x),
  ),
  slope('one branch', 'αeˣ everywhere: for x > 0 the derivative is 1', (x, seen) => alpha(seen) * Math.exp(x)),
  withoutDout((x, seen) => (x > 0 ? 1 : alpha(seen) * Math.exp(x))),
  output('α forgotten', 'right for α = 1 only: α is missing', (x) => (x > 0 ? x : Math.expm1(x))),
  output('−1 forgotten', 'αeˣ where α(eˣ − 1) belongs', (x, seen) => (x > 0 ? x : alpha(seen) * Math.exp(x))),
  output('branch passes nothing', 'the negative branch is 0: that is ReLU', (x) => Math.max(x, 0)),
  output('branches swapped', 'the branches are exchanged', (x, seen) => (x <= 0 ? x : alpha(seen) * Math.expm1(x))),
];

const RELU: Hypothesis[] = [
  slope('branches swapped', 'the branches are exchanged', (x) => (x < 0 ? 1 : 0)),
  slope('times x', 'dout ∘ relu(x): the derivative is 1 where x > 0, not x', (x) => Math.max(x, 0)),
  {
    id: 'asks dout',
    text: 'max(dout, 0): ask the sign of x, not of dout',
    candidate: ({ array, terms }) => (array === 'dx' ? maximum(terms.dout, 0) : undefined),
  },
  withoutDout((x) => (x > 0 ? 1 : 0)),
  output('absolute value', '|x|: negative inputs become 0', Math.abs),
  output('the other half', 'min(x, 0): the other half', (x) => Math.min(x, 0)),
];

const TANH: Hypothesis[] = [
  slope('square forgotten', '1 − y: the derivative is 1 − y²', (x) => 1 - Math.tanh(x)),
  slope('x for y', '1 − x²: the derivative is 1 − y², of the output', (x) => 1 - x * x),
  slope('sigmoid', 'y(1 − y): that is the derivative of the sigmoid', (x) => Math.tanh(x) * (1 - Math.tanh(x))),
  withoutDout((x) => 1 - Math.tanh(x) ** 2),
  output('sigmoid', '1/(1 + e⁻ˣ): that is the sigmoid', (x) => 1 / (1 + Math.exp(-x))),
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
  masked('not scaled', 'what is kept is not scaled by 1/(1 − p)', () => 1),
  masked('scaled by 1/p', 'scaled by 1/p: p is the probability to drop, so it is 1/(1 − p)', (seen) => 1 / p(seen)),
  masked('multiplied by 1 − p', 'multiplied by 1 − p: divide by it', (seen) => 1 - p(seen)),
  {
    id: 'dropped for kept',
    text: 'the gradient passes where the number was dropped, not where it was kept',
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
