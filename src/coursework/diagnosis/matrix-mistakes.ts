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
  negative,
  subtract,
  sum,
  transpose,
  zipWith,
} from '../../array/index.js';
import { asNumber } from '../grading/loss-tests.js';
import type { Terms } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';

/** Mistakes in linear layers, softmax and the losses. */

/** A hypothesis about one array, that is computed where shapes allow it. */
export function mistakeIn(
  array: string,
  id: string,
  text: string,
  wrong: (terms: Terms, N: number) => NdArray,
): Hypothesis {
  return {
    id,
    text,
    candidate: (seen) => (seen.array === array ? tryFormula(() => wrong(seen.terms, seen.case.sizes.N)) : undefined),
  };
}

/** What a formula gives, or nothing where its shapes do not fit. */
export function tryFormula(formula: () => NdArray | undefined): NdArray | undefined {
  try {
    return formula();
  } catch {
    return undefined;
  }
}

const LINEAR: Hypothesis[] = [
  mistakeIn('out', 'bias forgotten', 'x Wᵀ without the bias', ({ x, weight }) => matmul(x, transpose(weight))),
  mistakeIn('out', 'W not transposed', 'x W + b: W is (M, D), so it takes Wᵀ', ({ x, weight, bias }) =>
    add(matmul(x, weight), bias),
  ),
  mistakeIn('out', 'bias subtracted', 'x Wᵀ − b: the bias is added', ({ x, weight, bias }) =>
    subtract(matmul(x, transpose(weight)), bias),
  ),
  mistakeIn('dx', 'W transposed', 'dout Wᵀ: going back it is dout W', ({ dout, weight }) =>
    matmul(dout, transpose(weight)),
  ),
  mistakeIn('dweight', 'x for dout', 'xᵀ dout, or the like: dW = doutᵀ x', ({ dout, x }) => matmul(transpose(x), dout)),
];

const normalized = (exponentials: NdArray, axis: number) =>
  divide(exponentials, sum(exponentials, { axis, keepDims: true }));
const softmax = (x: NdArray, axis = -1) => normalized(exp(subtract(x, max(x, { axis, keepDims: true }))), axis);
const backThrough = (dout: NdArray, y: NdArray, axis: number) =>
  multiply(y, subtract(dout, sum(multiply(dout, y), { axis, keepDims: true })));

const SOFTMAX: Hypothesis[] = [
  mistakeIn('out', 'not normalised', 'eˣ without the division by its sum', ({ x }) => exp(x)),
  mistakeIn('out', 'not normalised', 'eˣ of the shifted row without the division by its sum', ({ x }) =>
    exp(subtract(x, max(x, { axis: -1, keepDims: true }))),
  ),
  mistakeIn('out', 'wrong axis', 'columns sum to 1: normalise along the last axis', ({ x }) => softmax(x, 0)),
  mistakeIn(
    'out',
    'normalised over everything',
    'divided by the sum over the whole batch: each row has its own',
    ({ x }) => divide(exp(x), sum(exp(x))),
  ),
  mistakeIn('out', 'log', 'the logarithm of the softmax', ({ x }) => log(softmax(x))),
  mistakeIn('dx', 'diagonal only', 'dout ∘ y(1 − y): the other inputs of the row count too', ({ x, dout }) =>
    multiply(
      dout,
      map(softmax(x), (y) => y * (1 - y)),
    ),
  ),
  mistakeIn('dx', 'row sum forgotten', 'dout ∘ y: the sum over the row is not subtracted', ({ x, dout }) =>
    multiply(dout, softmax(x)),
  ),
  mistakeIn('dx', 'wrong axis', 'the sum runs over the batch: it belongs to the row', ({ x, dout }) =>
    backThrough(dout, softmax(x), 0),
  ),
  mistakeIn('dx', 'y forgotten', 'dout − Σ dout ∘ y: the factor y in front is missing', ({ x, dout }) =>
    subtract(dout, sum(multiply(dout, softmax(x)), { axis: -1, keepDims: true })),
  ),
  mistakeIn('dx', 'mean for sum', 'the mean over the row is subtracted: it is the sum', ({ x, dout }) =>
    multiply(softmax(x), subtract(dout, mean(multiply(dout, softmax(x)), { axis: -1, keepDims: true }))),
  ),
];

const scalar = (x: NdArray) => asNumber(sum(x));

const CROSS_ENTROPY: Hypothesis[] = [
  mistakeIn('loss', 'logarithm forgotten', '−Σ T X / N: the logarithm is missing', ({ x, targets }, N) =>
    scalar(multiply(multiply(targets, x), -1 / N)),
  ),
  mistakeIn('loss', 'T and X exchanged', '−Σ X ln T: the logarithm is of the probabilities', ({ x, targets }, N) =>
    scalar(multiply(multiply(x, log(map(targets, (t) => Math.max(t, 2 ** -1022)))), -1 / N)),
  ),
  mistakeIn('dx', 'not divided by X', '−T/N: it is divided by the probabilities', ({ targets }, N) =>
    multiply(targets, -1 / N),
  ),
  mistakeIn('dx', 'divided by N · C', 'divided by N · C: the loss is a mean over the batch only', ({ x, targets }, N) =>
    multiply(divide(targets, x), -1 / (N * x.shape[1])),
  ),
  mistakeIn(
    'dx',
    'softmax included',
    'X − T: that is the gradient of softmax and cross-entropy together',
    ({ x, targets }, N) => multiply(subtract(x, targets), 1 / N),
  ),
  mistakeIn(
    'dx',
    'softmax included',
    'X − T: that is the gradient of softmax and cross-entropy together, without 1/N',
    ({ x, targets }) => subtract(x, targets),
  ),
];

const SOFTMAX_CROSS_ENTROPY: Hypothesis[] = [
  mistakeIn('dx', 'T not subtracted', 'Y/N: the targets are not subtracted', ({ x }, N) => multiply(softmax(x), 1 / N)),
  mistakeIn('dx', 'not normalised', '(eˣ − T)/N: the exponentials are no probabilities', ({ x, targets }, N) =>
    multiply(subtract(exp(x), targets), 1 / N),
  ),
  mistakeIn('dx', 'logits for probabilities', '(X − T)/N with the logits themselves', ({ x, targets }, N) =>
    multiply(subtract(x, targets), 1 / N),
  ),
  mistakeIn(
    'dx',
    'through the logarithm only',
    '−T/(N Y): the way through the softmax is missing',
    ({ x, targets }, N) => multiply(divide(targets, softmax(x)), -1 / N),
  ),
];

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

const ACCURACY: Hypothesis[] = [
  mistakeIn('accuracy', 'errors', 'the share of wrong rows: take it from 1', ({ x, targets }, N) =>
    asNumber(1 - hit(x, targets, 1, 1) / N),
  ),
  mistakeIn('accuracy', 'per cent', 'in per cent: a share from 0 to 1 is asked for', ({ x, targets }, N) =>
    asNumber((100 * hit(x, targets, 1, 1)) / N),
  ),
  mistakeIn(
    'accuracy',
    'smallest output',
    'the smallest output of a row is taken, not the largest',
    ({ x, targets }, N) => asNumber(hit(x, targets, 1, -1) / N),
  ),
  mistakeIn('accuracy', 'divided by N · C', 'divided by the number of elements: by that of rows', ({ x, targets }, N) =>
    asNumber(hit(x, targets, 1, 1) / (N * x.shape[1])),
  ),
  mistakeIn(
    'accuracy',
    'wrong axis',
    'the largest of each column: it is the largest of each row',
    ({ x, targets }, N) => asNumber(hit(x, targets, 0, 1) / N),
  ),
];

/** Mistakes by file. */
export const MATRIX_MISTAKES: Readonly<Record<string, readonly Hypothesis[]>> = {
  linear: LINEAR,
  softmax: SOFTMAX,
  'cross-entropy': CROSS_ENTROPY,
  'softmax-cross-entropy': SOFTMAX_CROSS_ENTROPY.concat(
    mistakeIn('loss', 'sign', 'the sign', ({ x, targets }, N) =>
      scalar(multiply(multiply(targets, log(softmax(x))), 1 / N)),
    ),
    mistakeIn('loss', 'logarithm forgotten', '−Σ T Y / N: the logarithm is missing', ({ x, targets }, N) =>
      scalar(negative(multiply(multiply(targets, softmax(x)), 1 / N))),
    ),
  ),
  accuracy: ACCURACY,
};
