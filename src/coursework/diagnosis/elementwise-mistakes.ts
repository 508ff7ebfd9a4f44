import { map, maximum, type NdArray, zipWith } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import { hypothesesOf, type MistakeTable } from './hypothesis.js';

/** Mistakes in activations and dropout. */

interface Parts {
  x: NdArray;
  dout: NdArray;
  /** The output of dropout, and dout's mask. */
  kept: NdArray;
  mask: NdArray;
  alpha: number;
  p: number;
}

function partsOf({ terms: { x, dout, kept, mask }, case: { options } }: Observation): Parts {
  return { x, dout, kept, mask, alpha: Number(options.alpha ?? 1), p: Number(options.p ?? 0.4) };
}

/** dx computed with a wrong derivative, which is a function of x. */
const slope = ({ dout, x }: Parts, wrong: (x: number) => number) => zipWith(dout, x, (d, value) => d * wrong(value));
/** Where dropout kept a value, that value times a factor. Elsewhere 0. */
const scaled = (array: NdArray, kept: NdArray, factor: number) =>
  zipWith(array, kept, (value, keep) => (keep === 0 ? 0 : value * factor));

const DOUT_FORGOTTEN = 'dx | dout forgotten | This is the derivative alone. Multiply it by dout.';

const ELU: MistakeTable<Parts> = {
  'dx | α forgotten | This is right only for α = 1. The factor α is missing in the negative branch.': (p) =>
    slope(p, (x) => (x > 0 ? 1 : Math.exp(x))),
  'dx | branch passes nothing | The negative branch passes no gradient. That is ReLU, not ELU.': (p) =>
    slope(p, (x) => (x > 0 ? 1 : 0)),
  'dx | branches swapped | The two branches are swapped.': (p) => slope(p, (x) => (x > 0 ? p.alpha * Math.exp(x) : 1)),
  'dx | expm1 for exp | The derivative of α(eˣ − 1) is αeˣ. It has no −1.': (p) =>
    slope(p, (x) => (x > 0 ? 1 : p.alpha * Math.expm1(x))),
  'dx | one branch | This is αeˣ everywhere. For x > 0 the derivative is 1.': (p) =>
    slope(p, (x) => p.alpha * Math.exp(x)),
  [DOUT_FORGOTTEN]: ({ x, alpha }) => map(x, (v) => (v > 0 ? 1 : alpha * Math.exp(v))),
  'out | α forgotten | This is right only for α = 1. The factor α is missing.': ({ x }) =>
    map(x, (v) => (v > 0 ? v : Math.expm1(v))),
  'out | −1 forgotten | This is αeˣ. It should be α(eˣ − 1).': ({ x, alpha }) =>
    map(x, (v) => (v > 0 ? v : alpha * Math.exp(v))),
  'out | branch passes nothing | The negative branch is 0. That is ReLU, not ELU.': ({ x }) => maximum(x, 0),
  'out | branches swapped | The two branches are swapped.': ({ x, alpha }) =>
    map(x, (v) => (v <= 0 ? v : alpha * Math.expm1(v))),
};

const RELU: MistakeTable<Parts> = {
  'dx | branches swapped | The two branches are swapped.': (p) => slope(p, (x) => (x < 0 ? 1 : 0)),
  'dx | times x | This is dout ∘ relu(x). Where x > 0 the derivative is 1, not x.': (p) =>
    slope(p, (x) => Math.max(x, 0)),
  'dx | sign of dout | This is max(dout, 0). Use the sign of x, not the sign of dout.': ({ dout }) => maximum(dout, 0),
  [DOUT_FORGOTTEN]: ({ x }) => map(x, (v) => (v > 0 ? 1 : 0)),
  'out | absolute value | This is |x|. Negative inputs should become 0.': ({ x }) => map(x, Math.abs),
  'out | the other half | This is min(x, 0). It should be max(x, 0).': ({ x }) => map(x, (v) => Math.min(v, 0)),
};

const TANH: MistakeTable<Parts> = {
  'dx | square forgotten | This uses 1 − y. The derivative is 1 − y².': (p) => slope(p, (x) => 1 - Math.tanh(x)),
  'dx | x for y | This uses 1 − x². The derivative is 1 − y², where y is the output.': (p) =>
    slope(p, (x) => 1 - x * x),
  'dx | sigmoid | This uses y(1 − y), the derivative of the sigmoid.': (p) =>
    slope(p, (x) => Math.tanh(x) * (1 - Math.tanh(x))),
  [DOUT_FORGOTTEN]: ({ x }) => map(x, (v) => 1 - Math.tanh(v) ** 2),
  'out | sigmoid | This is 1/(1 + e⁻ˣ), the sigmoid.': ({ x }) => map(x, (v) => 1 / (1 + Math.exp(-v))),
};

/** Wrong factors of the values that dropout keeps, forward and backward. */
const FACTORS: Readonly<Record<string, (p: number) => number>> = {
  'not scaled | The kept values are not scaled by 1/(1 − p).': () => 1,
  'scaled by 1/p | This is scaled by 1/p. p is the probability of dropping a value, so the scale is 1/(1 − p).': (p) =>
    1 / p,
  'multiplied by 1 − p | This is multiplied by 1 − p. Divide by 1 − p instead.': (p) => 1 - p,
};

const DROPOUT: MistakeTable<Parts> = {
  ...Object.fromEntries(
    Object.entries(FACTORS).flatMap(([title, factor]) => [
      [`dx | ${title}`, ({ dout, mask, p }: Parts) => scaled(dout, mask, factor(p))],
      [`out | ${title}`, ({ x, kept, p }: Parts) => scaled(x, kept, factor(p))],
    ]),
  ),
  'dx | dropped for kept | The gradient passes where values were dropped. It should pass where they were kept.': ({
    dout,
    mask,
    p,
  }) => zipWith(dout, mask, (d, m) => (m === 0 ? d / (1 - p) : 0)),
};

/** Mistakes by file. */
export const ELEMENTWISE_MISTAKES = {
  elu: hypothesesOf(partsOf, ELU),
  relu: hypothesesOf(partsOf, RELU),
  tanh: hypothesesOf(partsOf, TANH),
  dropout: hypothesesOf(partsOf, DROPOUT),
};
