import {
  add,
  divide,
  exp,
  log,
  map,
  matmul,
  max,
  mean,
  multiply,
  type NdArray,
  subtract,
  sum,
  transpose,
  zipWith,
} from '../../array/index.js';
import { asNumber } from '../grading/loss-tests.js';
import type { Observation, Terms } from '../grading/observation.js';
import { type Hypothesis, hypothesesOf, type MistakeTable } from './hypothesis.js';

/** Mistakes in linear layers, softmax and the losses. */

interface Parts extends Readonly<Record<'x' | 'dout' | 'weight' | 'bias' | 'targets', NdArray>> {
  /** The size of the batch. */
  N: number;
}

const partsOf = ({ terms: { x, dout, weight, bias, targets }, case: { sizes } }: Observation): Parts => {
  return { x, dout, weight, bias, targets, N: sizes.N };
};
const LINEAR: MistakeTable<Parts> = {
  'out | bias forgotten | This is x Wᵀ. The bias is missing.': ({ x, weight }) => matmul(x, transpose(weight)),
  'out | W not transposed | This is x W + b. W has shape (M, D), so the formula needs Wᵀ.': ({ x, weight, bias }) =>
    add(matmul(x, weight), bias),
  'out | bias subtracted | This is x Wᵀ − b. Add the bias instead.': ({ x, weight, bias }) =>
    subtract(matmul(x, transpose(weight)), bias),
  'dx | W transposed | This is dout Wᵀ. In backward it is dout W.': ({ dout, weight }) =>
    matmul(dout, transpose(weight)),
  'dweight | x for dout | This is xᵀ dout. The gradient is dW = doutᵀ x.': ({ dout, x }) => matmul(transpose(x), dout),
};

const normalized = (exponentials: NdArray, axis: number) =>
  divide(exponentials, sum(exponentials, { axis, keepDims: true }));
const softmax = (x: NdArray, axis = -1) => normalized(exp(subtract(x, max(x, { axis, keepDims: true }))), axis);
const backThrough = (dout: NdArray, y: NdArray, axis: number) =>
  multiply(y, subtract(dout, sum(multiply(dout, y), { axis, keepDims: true })));

const SOFTMAX: MistakeTable<Parts> = {
  'out | not normalized | This is eˣ. The division by the sum is missing.': ({ x }) => exp(x),
  'out | not normalized | This is eˣ of the shifted row. The division by the sum is missing.': ({ x }) =>
    exp(subtract(x, max(x, { axis: -1, keepDims: true }))),
  'out | wrong axis | The columns sum to 1. Normalize along the last axis, so that the rows do.': ({ x }) =>
    softmax(x, 0),
  'out | normalized over everything | This is divided by the sum over the whole batch. Divide each row by its own sum.':
    ({ x }) => divide(exp(x), sum(exp(x))),
  'out | log | This is the logarithm of the softmax.': ({ x }) => log(softmax(x)),
  'dx | diagonal only | This is dout ∘ y(1 − y). Each output also depends on the other inputs of its row.': ({
    x,
    dout,
  }) =>
    multiply(
      dout,
      map(softmax(x), (y) => y * (1 - y)),
    ),
  'dx | row sum forgotten | This is dout ∘ y. The sum over the row is not subtracted.': ({ x, dout }) =>
    multiply(dout, softmax(x)),
  'dx | wrong axis | The sum runs over the batch. It should run over the row.': ({ x, dout }) =>
    backThrough(dout, softmax(x), 0),
  'dx | y forgotten | This is dout − Σ dout ∘ y. The factor y in front is missing.': ({ x, dout }) =>
    subtract(dout, sum(multiply(dout, softmax(x)), { axis: -1, keepDims: true })),
  'dx | mean for sum | The mean over the row is subtracted. Subtract the sum instead.': ({ x, dout }) =>
    multiply(softmax(x), subtract(dout, mean(multiply(dout, softmax(x)), { axis: -1, keepDims: true }))),
};

const scalar = (x: NdArray) => asNumber(sum(x));

const CROSS_ENTROPY: MistakeTable<Parts> = {
  'loss | logarithm forgotten | This is −Σ T X / N. The logarithm is missing.': ({ x, targets, N }) =>
    scalar(multiply(multiply(targets, x), -1 / N)),
  'loss | T and X exchanged | This is −Σ X ln T. Take the logarithm of the probabilities, not of the targets.': ({
    x,
    targets,
    N,
  }) => scalar(multiply(multiply(x, log(map(targets, (t) => Math.max(t, 2 ** -1022)))), -1 / N)),
  'dx | not divided by X | This is −T/N. Divide it by the probabilities.': ({ targets, N }) =>
    multiply(targets, -1 / N),
  'dx | divided by N · C | This is divided by N · C. The loss is a mean over the batch, so divide by N.': ({
    x,
    targets,
    N,
  }) => multiply(divide(targets, x), -1 / (N * x.shape[1])),
  'dx | softmax included | This is (X − T)/N, the gradient of softmax and cross-entropy together.': ({
    x,
    targets,
    N,
  }) => multiply(subtract(x, targets), 1 / N),
  'dx | softmax included | This is X − T, the gradient of softmax and cross-entropy together, without 1/N.': ({
    x,
    targets,
  }) => subtract(x, targets),
};

const SOFTMAX_CROSS_ENTROPY: MistakeTable<Parts> = {
  'dx | T not subtracted | This is Y/N. The targets are not subtracted.': ({ x, N }) => multiply(softmax(x), 1 / N),
  'dx | not normalized | This is (eˣ − T)/N. Divide the exponentials by their sum first.': ({ x, targets, N }) =>
    multiply(subtract(exp(x), targets), 1 / N),
  'dx | logits for probabilities | This is (X − T)/N with the logits. Use the probabilities instead.': ({
    x,
    targets,
    N,
  }) => multiply(subtract(x, targets), 1 / N),
  'dx | through the logarithm only | This is −T/(N Y). The derivative of the softmax is missing.': ({
    x,
    targets,
    N,
  }) => multiply(divide(targets, softmax(x)), -1 / N),
  'loss | sign | The sign is wrong.': ({ x, targets, N }) =>
    scalar(multiply(multiply(targets, log(softmax(x))), 1 / N)),
  'loss | logarithm forgotten | This is −Σ T Y / N. The logarithm is missing.': ({ x, targets, N }) =>
    scalar(multiply(multiply(targets, softmax(x)), -1 / N)),
};

const hit = (x: NdArray, targets: NdArray, axis: number, sign: number) => {
  const best = max(multiply(x, sign), { axis, keepDims: true });
  return sum(
    zipWith(
      targets,
      map(subtract(multiply(x, sign), best), (v) => (v === 0 ? 1 : 0)),
      (t, b) => t * b,
    ),
  );
};

const ACCURACY: MistakeTable<Parts> = {
  'accuracy | errors | This is the fraction of wrong rows. Return the fraction of right rows.': ({ x, targets, N }) =>
    asNumber(1 - hit(x, targets, 1, 1) / N),
  'accuracy | percent | This is in percent. Return a fraction from 0 to 1.': ({ x, targets, N }) =>
    asNumber((100 * hit(x, targets, 1, 1)) / N),
  'accuracy | smallest output | This uses the smallest output of each row. Use the largest.': ({ x, targets, N }) =>
    asNumber(hit(x, targets, 1, -1) / N),
  'accuracy | divided by N · C | This is divided by the number of elements. Divide by the number of rows.': ({
    x,
    targets,
    N,
  }) => asNumber(hit(x, targets, 1, 1) / (N * x.shape[1])),
  'accuracy | wrong axis | This uses the largest output of each column. Use the largest of each row.': ({
    x,
    targets,
    N,
  }) => asNumber(hit(x, targets, 0, 1) / N),
};

/** Mistakes by file. */
export const MATRIX_MISTAKES = {
  linear: hypothesesOf(partsOf, LINEAR),
  softmax: hypothesesOf(partsOf, SOFTMAX),
  'cross-entropy': hypothesesOf(partsOf, CROSS_ENTROPY),
  'softmax-cross-entropy': hypothesesOf(partsOf, SOFTMAX_CROSS_ENTROPY),
  accuracy: hypothesesOf(partsOf, ACCURACY),
};

/** A hypothesis about one array. */
export function mistakeIn(
  array: string,
  id: string,
  text: string,
  wrong: (terms: Terms, N: number) => NdArray,
): Hypothesis {
  return { id, text, candidate: (seen) => (seen.array === array ? wrong(seen.terms, seen.case.sizes.N) : undefined) };
}

/** The result of a formula. */
export function tryFormula(formula: () => NdArray | undefined): NdArray | undefined {
  return formula();
}
