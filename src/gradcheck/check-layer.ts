import {
  assertArray,
  assertDtype,
  assertNoMoreOptions,
  assertNumber,
  assertRandom,
  assertText,
  assign,
  at,
  checkedOptions,
  copy,
  inWords,
  type NdArray,
  NonFiniteError,
  Random,
  shapeText,
} from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import { assertLayer, namedArraysOf, namedParametersOf } from '../layers/module.js';
import type { Parameter } from '../layers/parameter.js';
import type { Loss } from '../losses/loss.js';
import { assertLoss } from '../losses/loss-checks.js';
import { analyticGradients, hasShapeOf, isSame } from './analytic.js';
import {
  compare,
  type GradientReport,
  type GradientRow,
  reportOf,
  TOLERANCE,
  type Tolerance,
} from './gradient-report.js';
import { indices, type Measured, measure, STEP } from './numerical.js';

/** The options of `checkLayer` and `checkLoss`. */
export interface CheckOptions {
  /** The name of the layer in the report. Default: the name of its class. */
  name?: string;
  /** h, half the distance of the central difference. Default: 1e-5. */
  step?: number;
  /** The largest difference that passes. Default: 1e-7 + 1e-6 · max(|a|, |n|). */
  tolerance?: Tolerance;
}

/** The options of `checkLayer`. */
export interface CheckLayerOptions extends CheckOptions {
  /** The upstream gradient, of the shape of the output. Default: random normal. */
  dout?: NdArray;
  /** The source of random numbers for `dout`. Default: `new Random(0)`. */
  rng?: Random;
  /** The `Random` that the layer's `forward` uses, such as that of a `Dropout`. It is reset before every forward. */
  replay?: Random;
}

/**
 * Compares a layer's `backward` with finite differences of its `forward`, for every element of x and of each
 * parameter, under a random upstream gradient. It also checks that `backward` adds to `grad`, that gradients have the
 * right shapes, and that x and dout are not changed.
 *
 * If the layer draws random numbers, pass its `Random` as `replay`, so that every forward draws the same numbers.
 *
 * Afterward, parameters, gradients, running statistics and `replay` have their original values. What `forward` cached
 * is from the check.
 *
 * @param layer a layer with float64 parameters
 * @param x float64, an input of the layer, away from kinks
 * @throws DtypeError for float32, whose rounding is larger than the errors to be found
 * @throws NonFiniteError if x or the output contains NaN or infinities
 * @throws Error if `forward` gives two different outputs for the same x
 */
export function checkLayer(layer: Layer, x: NdArray, options: CheckLayerOptions = {}): GradientReport {
  assertLayer('checkLayer', layer);
  const { dout, rng, replay, ...others } = checkedOptions('checkLayer', options);
  assertCheckOptions('checkLayer', others);
  if (dout !== undefined) assertArray('checkLayer', 'dout', dout);
  for (const stream of [rng, replay]) if (stream !== undefined) assertRandom('checkLayer', stream);
  assertFinite('checkLayer', 'x', x);
  for (const [array, { value }] of namedParametersOf(layer)) assertDtype('checkLayer', array, value, 'float64');
  const state = namedArraysOf(layer).map(([, value]) => ({ value, found: copy(value) }));
  const drawn = options.replay?.state();
  try {
    return reportOn(layer, x, options);
  } finally {
    for (const { value, found } of state) assign(value, found);
    if (drawn) options.replay?.restore(drawn);
  }
}

/** The layer with a forward that always draws the same random numbers. */
function replaying(layer: Layer, replay: Random): Layer {
  const start = replay.state();
  return {
    forward(x) {
      replay.restore(start);
      return layer.forward(x);
    },
    backward: (dout) => layer.backward(dout),
    parameters: () => layer.parameters(),
    train: () => layer.train(),
    eval: () => layer.eval(),
  };
}

function reportOn(given: Layer, x: NdArray, options: CheckLayerOptions): GradientReport {
  const { name = given.constructor.name, step = STEP, tolerance = TOLERANCE, rng = new Random(0) } = options;
  const parameters = namedParametersOf(given);
  const layer = options.replay ? replaying(given, options.replay) : given;
  const out = stableOutput(name, layer, x);
  const dout = options.dout ?? rng.normal(out.shape, { dtype: 'float64' });
  const analytic = analyticGradients(
    name,
    layer,
    parameters.map(([, parameter]) => parameter),
    x,
    dout,
    rng,
  );
  const builder = new ReportBuilder(name, tolerance, analytic.problems);

  const outputAt = (moved: NdArray) => layer.forward(moved);
  builder.add('x', x, analytic.dx, () => measure('checkLayer', outputAt, x, { dout, step }));
  for (const [i, [array, parameter]] of parameters.entries()) {
    builder.add(array, parameter.value, analytic.parameters[i], () =>
      measureParameter(layer, parameter, x, dout, step),
    );
  }
  return builder.report();
}

/**
 * Compares a loss's `backward` with finite differences of its `forward`.
 *
 * @param x (N, C) float64: probabilities or logits, as the loss expects
 * @param targets (N, C) float64
 * @throws DtypeError for float32, NonFiniteError if x contains NaN or infinities
 */
export function checkLoss(loss: Loss, x: NdArray, targets: NdArray, options: CheckOptions = {}): GradientReport {
  assertLoss('checkLoss', loss);
  assertCheckOptions('checkLoss', checkedOptions('checkLoss', options));
  const { name = loss.constructor.name, step = STEP, tolerance = TOLERANCE } = options;
  assertFinite('checkLoss', 'x', x);
  assertArray('checkLoss', 'targets', targets);
  const given = copy(x);
  loss.forward(given, targets);
  const dx = loss.backward();
  const builder = new ReportBuilder(name, tolerance, isSame(given, x) ? [] : [`${name}: x was changed`]);
  builder.add('x', x, dx, () => measure('checkLoss', (moved) => loss.forward(moved, targets), x, { step }));
  return builder.report();
}

function assertCheckOptions(call: string, { name, step, tolerance, ...rest }: CheckOptions): void {
  assertNoMoreOptions(call, rest);
  if (name !== undefined) assertText(call, 'name', name);
  if (step !== undefined && !(typeof step === 'number' && step > 0 && step < Infinity))
    throw new RangeError(`${call}: expected a positive step, got ${inWords(step)}`);
  if (tolerance === undefined) return;
  const { absolute, relative } = checkedOptions(call, tolerance);
  for (const [part, value] of Object.entries({ absolute, relative })) {
    assertNumber(call, `tolerance.${part}`, value);
    if (!(value >= 0)) throw new RangeError(`${call}: expected tolerance.${part} from 0 up, got ${value}`);
  }
}

/** Collects the rows of a report. An array whose gradient has the wrong shape becomes a problem instead. */
class ReportBuilder {
  private readonly rows: GradientRow[] = [];

  constructor(
    private readonly name: string,
    private readonly tolerance: Tolerance,
    private readonly problems: string[],
  ) {}

  add(array: string, value: NdArray, analytic: NdArray, numeric: () => Measured): void {
    if (hasShapeOf(analytic, value)) {
      this.rows.push(compare(this.name, array, analytic, numeric(), this.tolerance));
    } else {
      const [found, expected] = [analytic, value].map(({ shape }) => shapeText(shape));
      this.problems.push(`${this.name}: d${array} has shape ${found}, but ${array} has ${expected}`);
    }
  }

  report(): GradientReport {
    return reportOf(this.name, this.rows, this.problems);
  }
}

function measureParameter(layer: Layer, { value }: Parameter, x: NdArray, dout: NdArray, step: number): Measured {
  const original = copy(value);
  const outputAt = (moved: NdArray) => {
    assign(value, moved);
    return layer.forward(copy(x));
  };
  try {
    return measure('checkLayer', outputAt, original, { dout, step });
  } finally {
    assign(value, original);
  }
}

function stableOutput(name: string, layer: Layer, x: NdArray): NdArray {
  const out = copy(layer.forward(copy(x)));
  assertFinite('checkLayer', `${name}'s output`, out);
  if (!isSame(out, layer.forward(copy(x)))) {
    throw new Error(
      `checkLayer: ${name}.forward gave two different outputs for the same x; if it draws from a Random, pass that as { replay }`,
    );
  }
  return out;
}

function assertFinite(call: string, name: string, x: NdArray): void {
  assertArray(call, name, x);
  assertDtype(call, name, x, 'float64');
  for (const index of indices(x.shape)) {
    const value = at(x, ...index);
    if (!Number.isFinite(value)) throw new NonFiniteError(`${call}: ${name} is ${value} at [${index.join(', ')}]`);
  }
}
