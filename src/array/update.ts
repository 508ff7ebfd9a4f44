import { assertArray, assertLike, assertWritable } from './checks.js';
import { assign } from './elementwise.js';
import { isContiguous, packed, wrap } from './memory.js';
import type { FloatData, NdArray } from './types.js';
import { fastAdam, fastDescend } from './vectors.js';

/**
 * The updates of the optimisers, each in one pass: an element of every array is read, all that is to be computed from
 * it is computed, and it is written back. Composed of element-wise functions, Adam would go through memory a dozen
 * times.
 * In float32 the engine's vectors do it, where it has any.
 */

/** The numbers of one step of `momentumUpdateInPlace`. */
export interface MomentumUpdate {
  /** η, what the velocity is multiplied with before it is taken off the value. */
  learningRate: number;
  /** μ, how much of the velocity is kept. */
  momentum: number;
  /** Whether the step looks ahead by one more velocity. */
  nesterov: boolean;
  /** λ, how much of the value is added to the gradient, before all else. */
  weightDecay: number;
}

/**
 * One step of gradient descent with momentum, on three arrays of one shape and dtype. For every element, with $g$ of
 * `grad`, $b$ of `velocity` and $\theta$ of `value`:
 *
 * $$ \begin{aligned}
 *    g &\leftarrow g + \lambda\theta \quad\text{(not kept)}, \qquad b \leftarrow \mu b + g, \\
 *    \theta &\leftarrow \theta - \eta
 *    \begin{cases} g + \mu b & \text{with \texttt{nesterov}} \\ b & \text{without.} \end{cases}
 * \end{aligned} $$
 *
 * @throws ShapeError or DtypeError when the three arrays differ in shape or dtype
 */
export function momentumUpdateInPlace(value: NdArray, grad: NdArray, velocity: NdArray, numbers: MomentumUpdate): void {
  inOnePass('momentumUpdateInPlace', { value, velocity }, grad, (g, [x, b]) => descend(x, g, b, numbers));
}

function descend(value: FloatData, grad: FloatData, velocity: FloatData, numbers: MomentumUpdate): void {
  const { learningRate, momentum, weightDecay, nesterov } = numbers;
  const ofGradient = nesterov ? learningRate : 0;
  const ofVelocity = nesterov ? learningRate * momentum : learningRate;
  if (fastDescend([value, grad, velocity], [momentum, weightDecay, ofGradient, ofVelocity])) return;
  for (let i = 0; i < value.length; i++) {
    const x = value[i];
    const g = grad[i] + weightDecay * x;
    const b = momentum * velocity[i] + g;
    velocity[i] = b;
    value[i] = x - (ofGradient * g + ofVelocity * b);
  }
}

/** The numbers of one step of `adamUpdateInPlace`. */
export interface AdamUpdate {
  /** β₁, how much of the first moment is kept, from 0 to below 1. */
  beta1: number;
  /** β₂, how much of the second moment is kept, from 0 to below 1. */
  beta2: number;
  /** What the quotient of the moments is multiplied with. */
  stepSize: number;
  /** What is added to the root of the second moment. */
  eps: number;
  /** How much of the value is added to the gradient, before all else. */
  gradientDecay: number;
  /** How much of the value is taken off it, beside the step. */
  valueDecay: number;
}

/**
 * One step of Adam on the four arrays that it knows of a parameter, of one shape and dtype. For every element, with
 * $g$ of `grad`, $m$ of `first`, $v$ of `second` and $\theta$ of `value`:
 *
 * $$ \begin{aligned}
 *    g &\leftarrow g + \texttt{gradientDecay}\;\theta \quad\text{(not kept)} \\
 *    m &\leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2, \\
 *    \theta &\leftarrow (1 - \texttt{valueDecay})\, \theta - \texttt{stepSize}\; \frac{m}{\sqrt v + \texttt{eps}} .
 *    \end{aligned} $$
 *
 * @throws ShapeError or DtypeError when the four arrays differ in shape or dtype
 */
export function adamUpdateInPlace(
  value: NdArray,
  grad: NdArray,
  first: NdArray,
  second: NdArray,
  numbers: AdamUpdate,
): void {
  inOnePass('adamUpdateInPlace', { value, first, second }, grad, (g, [x, m, v]) => adapt(x, g, m, v, numbers));
}

function adapt(value: FloatData, grad: FloatData, first: FloatData, second: FloatData, numbers: AdamUpdate): void {
  const { beta1, beta2, stepSize, eps, gradientDecay } = numbers;
  const [rest1, rest2, keep] = [1 - beta1, 1 - beta2, 1 - numbers.valueDecay];
  const known = [beta1, rest1, beta2, rest2, stepSize, eps, gradientDecay, keep];
  if (fastAdam([value, grad, first, second], known)) return;
  for (let i = 0; i < value.length; i++) {
    const x = value[i];
    const g = grad[i] + gradientDecay * x;
    const m = beta1 * first[i] + rest1 * g;
    const v = beta2 * second[i] + rest2 * g * g;
    first[i] = m;
    second[i] = v;
    value[i] = keep * x - (stepSize * m) / (Math.sqrt(v) + eps);
  }
}

/** The sum of the squares of all elements, accumulated in double precision. */
export function sumOfSquares(x: NdArray): number {
  assertArray('sumOfSquares', 'x', x);
  const values = packed(x);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * values[i];
  return total;
}

/** x = factor · x, in place; `x` may be any view that does not repeat its elements. */
export function scaleInPlace(x: NdArray, factor: number): void {
  assertWritable('scaleInPlace', 'x', x);
  const values = packed(x);
  for (let i = 0; i < values.length; i++) values[i] *= factor;
  if (!isContiguous(x)) assign(x, wrap(values, x.shape));
}

/**
 * Hands a loop the elements of the gradient and of the arrays that it changes, and puts them back where a view has
 * them.
 */
function inOnePass(
  call: string,
  changed: Record<string, NdArray>,
  grad: NdArray,
  loop: (grad: FloatData, changed: FloatData[]) => void,
): void {
  const arrays = Object.entries(changed);
  for (const [name, x] of arrays) {
    assertWritable(call, name, x);
    assertLike(call, name, x, grad);
  }
  const memory = arrays.map(([, x]) => packed(x));
  loop(packed(grad), memory);
  for (const [k, [, x]] of arrays.entries()) if (!isContiguous(x)) assign(x, wrap(memory[k], x.shape));
}
