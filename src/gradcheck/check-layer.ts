import {
  assertArray,
  assertDtype,
  assign,
  at,
  copy,
  type NdArray,
  NonFiniteError,
  Random,
  shapeText,
} from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import { namedArraysOf, namedParametersOf } from '../layers/module.js';
import type { Parameter } from '../layers/parameter.js';
import type { Loss } from '../losses/loss.js';
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
  /** What the layer's own `forward` draws from, such as the generator of a `Dropout`: set back before every forward. */
  replay?: Random;
}

/**
 * Holds a layer's `backward` against finite differences of its `forward`: every element of x and of each
 * parameter, under a random upstream gradient. A layer that draws random numbers is a function only while it draws the same
 * ones: give the generator it draws from as `replay`. Also sees to it that gradients are added to what `grad` held, that
 * their shapes are right, and that neither x nor dout is changed. Parameters, gradients and the rest of the layer's
 * state, such as running statistics, are left as they were found, and so is `replay`; what `forward` remembers is of the check.
 *
 * @param layer any layer with float64 parameters
 * @param x float64, an input of that layer; away from kinks
 * @throws DtypeError for float32: its rounding is larger than the errors looked for
 * @throws NonFiniteError when x or the output holds NaN or infinities
 * @throws Error when `forward` gives two different outputs for one x
 */
export function checkLayer(layer: Layer, x: NdArray, options: CheckLayerOptions = {}): GradientReport {
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

/** The layer, every forward of which draws the same random numbers. */
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
  const sheet = new Sheet(name, tolerance, analytic.problems);

  const outputAt = (moved: NdArray) => layer.forward(moved);
  sheet.add('x', x, analytic.dx, () => measure('checkLayer', outputAt, x, { dout, step }));
  for (const [i, [array, parameter]] of parameters.entries()) {
    sheet.add(array, parameter.value, analytic.parameters[i], () => measureParameter(layer, parameter, x, dout, step));
  }
  return sheet.report();
}

/**
 * Holds a loss's `backward` against finite differences of its `forward`.
 *
 * @param x (N, C) float64: probabilities or logits, as the loss takes
 * @param targets (N, C) float64
 * @throws DtypeError for float32; NonFiniteError when x holds NaN or infinities
 */
export function checkLoss(loss: Loss, x: NdArray, targets: NdArray, options: CheckOptions = {}): GradientReport {
  const { name = loss.constructor.name, step = STEP, tolerance = TOLERANCE } = options;
  assertFinite('checkLoss', 'x', x);
  const given = copy(x);
  loss.forward(given, targets);
  const dx = loss.backward();
  const sheet = new Sheet(name, tolerance, isSame(given, x) ? [] : [`${name}: x was changed`]);
  sheet.add('x', x, dx, () => measure('checkLoss', (moved) => loss.forward(moved, targets), x, { step }));
  return sheet.report();
}

/** The rows of a report as they come in; an array whose gradient has the wrong shape becomes a problem instead. */
class Sheet {
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
      `checkLayer: ${name}.forward gave two different outputs for one x; if it draws from a Random, give that as { replay }`,
    );
  }
  return out;
}

function assertFinite(call: string, name: string, x: NdArray): void {
  assertArray(call, name, x);
  assertDtype(call, name, x, 'float64');
  for (const index of indices(x.shape)) {
    const value = at(x, ...index);
    if (!Number.isFinite(value)) throw new NonFiniteError(`${call}: ${name} holds ${value} at [${index.join(', ')}]`);
  }
}
