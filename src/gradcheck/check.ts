import {
  assertDtype,
  assign,
  at,
  copy,
  type NdArray,
  NonFiniteError,
  Random,
  shapeText,
  subtract,
} from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import { Module } from '../layers/module.js';
import type { Parameter } from '../layers/parameter.js';
import type { Loss } from '../losses/loss.js';
import { indices, measure, STEP } from './numerical.js';
import { compare, type GradientReport, type GradientRow, reportOf, TOLERANCE, type Tolerance } from './report.js';

/** The options of `checkLayer` and `checkLoss`. */
export interface CheckOptions {
  /** What to call the layer in the report; its class's name without. */
  name?: string;
  /** Half the distance of the central difference, 1e-5 without. */
  step?: number;
  /** When to pass; 1e-7 + 1e-6 · max(|a|, |n|) without. */
  tolerance?: Tolerance;
}

/** The options of `checkLayer`. */
export interface CheckLayerOptions extends CheckOptions {
  /** The gradient flowing into the output; random normal without. */
  dout?: NdArray;
  /** Where that is drawn from; `new Random(0)` without. */
  rng?: Random;
}

/**
 * Holds a layer's `backward` against finite differences of its `forward`: every element of x and of each
 * parameter, under a random upstream gradient. Also sees to it that gradients are added to what `grad` held, that
 * their shapes are right, and that neither x nor dout is changed. The layer is left as it was found.
 *
 * @param layer any layer with float64 parameters
 * @param x float64, an input of that layer; away from kinks
 * @throws DtypeError for float32: its rounding is larger than the errors looked for
 * @throws NonFiniteError when x or the output holds NaN or infinities
 * @throws Error when `forward` gives two different outputs for one x
 */
export function checkLayer(layer: Layer, x: NdArray, options: CheckLayerOptions = {}): GradientReport {
  const { name = layer.constructor.name, step = STEP, tolerance = TOLERANCE, rng = new Random(0) } = options;
  assertFinite('checkLayer', 'x', x);
  const parameters = parametersOf(layer);
  for (const [label, { value }] of parameters) assertDtype('checkLayer', label, value, 'float64');
  const out = stableOutput(name, layer, x);
  const dout = options.dout ?? rng.normal(out.shape, { dtype: 'float64' });
  const problems: string[] = [];
  const analytic = analyticGradients(name, layer, parameters, x, dout, rng, problems);

  const rows: GradientRow[] = [];
  const row = (array: string, gradient: NdArray, shape: number[], f: (value: NdArray) => NdArray, at: NdArray) => {
    if (shapeText(gradient.shape) !== shapeText(shape)) {
      problems.push(`${name}: d${array} has shape ${shapeText(gradient.shape)}, but ${array} has ${shapeText(shape)}`);
    } else {
      rows.push(compare(name, array, gradient, measure('checkLayer', f, at, { dout, step }), tolerance));
    }
  };
  row('x', analytic.dx, x.shape, (moved) => layer.forward(moved), x);
  parameters.forEach(([label, { value }], i) => {
    const original = copy(value);
    const f = (moved: NdArray) => {
      assign(value, moved);
      return layer.forward(x);
    };
    row(label, analytic.parameters[i], value.shape, f, original);
    assign(value, original);
  });
  return reportOf(name, rows, problems);
}

/**
 * Holds a loss's `backward` against finite differences of its `forward`.
 *
 * @param x (N, C) float64: probabilities or logits, as the loss takes
 * @param targets (N, C) float64
 */
export function checkLoss(loss: Loss, x: NdArray, targets: NdArray, options: CheckOptions = {}): GradientReport {
  const { name = loss.constructor.name, step = STEP, tolerance = TOLERANCE } = options;
  assertFinite('checkLoss', 'x', x);
  const before = copy(x);
  loss.forward(x, targets);
  const dx = loss.backward();
  const problems = isSame(before, x) ? [] : [`${name}: x was changed`];
  if (shapeText(dx.shape) !== shapeText(x.shape)) {
    problems.push(`${name}: dx has shape ${shapeText(dx.shape)}, but x has ${shapeText(x.shape)}`);
    return reportOf(name, [], problems);
  }
  const measured = measure('checkLoss', (moved) => loss.forward(moved, targets), before, { step });
  return reportOf(name, [compare(name, 'x', dx, measured, tolerance)], problems);
}

/** Runs `backward` once, on gradients that start at random numbers, and takes out what it added. */
function analyticGradients(
  name: string,
  layer: Layer,
  parameters: readonly [string, Parameter][],
  x: NdArray,
  dout: NdArray,
  rng: Random,
  problems: string[],
): { dx: NdArray; parameters: NdArray[] } {
  const found = parameters.map(([, { grad }]) => copy(grad));
  const start = found.map((grad) => rng.normal(grad.shape, { dtype: 'float64' }));
  for (const [i, [, { grad }]] of parameters.entries()) assign(grad, start[i]);
  const [givenX, givenDout] = [copy(x), copy(dout)];
  layer.forward(givenX);
  const dx = copy(layer.backward(givenDout));
  if (!isSame(givenX, x)) problems.push(`${name}: x was changed`);
  if (!isSame(givenDout, dout)) problems.push(`${name}: dout was changed`);
  const added = parameters.map(([, { grad }], i) =>
    grad.size === start[i].size ? subtract(grad, start[i]) : copy(grad),
  );
  for (const [i, [, { grad }]] of parameters.entries()) {
    if (shapeText(grad.shape) === shapeText(found[i].shape)) assign(grad, found[i]);
  }
  return { dx, parameters: added };
}

function stableOutput(name: string, layer: Layer, x: NdArray): NdArray {
  const out = copy(layer.forward(x));
  assertFinite('checkLayer', `${name}'s output`, out);
  if (!isSame(out, layer.forward(x))) {
    throw new Error(`checkLayer: ${name}.forward gave two different outputs for one x; hold its randomness fixed`);
  }
  return out;
}

function parametersOf(layer: Layer): [string, Parameter][] {
  if (layer instanceof Module) return layer.namedParameters();
  return layer.parameters().map((parameter) => [parameter.name, parameter]);
}

function assertFinite(call: string, name: string, x: NdArray): void {
  assertDtype(call, name, x, 'float64');
  for (const index of indices(x.shape)) {
    const value = at(x, ...index);
    if (!Number.isFinite(value)) throw new NonFiniteError(`${call}: ${name} holds ${value} at [${index.join(', ')}]`);
  }
}

function isSame(a: NdArray, b: NdArray): boolean {
  return (
    shapeText(a.shape) === shapeText(b.shape) &&
    [...indices(a.shape)].every((index) => Object.is(at(a, ...index), at(b, ...index)))
  );
}
