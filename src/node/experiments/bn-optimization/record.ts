import type { NdArray } from '../../../array/index.js';
import type { Sequential } from '../../../layers/sequential.js';
import type { Loss } from '../../../losses/loss.js';
import { activationQuantiles, type Unit } from '../measures/activations.js';
import { covariateShift, parametersByLayer } from '../measures/covariate-shift.js';
import { gradientLine } from '../measures/gradient-line.js';
import { lossRange, type Range } from '../measures/landscape.js';
import { netObjective } from '../measures/objective.js';
import { gradientOf, shifted, valuesOf } from '../measures/points.js';
import { gradientPredictiveness } from '../measures/predictiveness.js';
import { effectiveSmoothness } from '../measures/smoothness.js';

/** The share of samples below which the quantiles of an activation lie. */
export const QUANTILES: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Everything that is measured at one step. */
export interface StepRecord {
  step: number;
  loss: number;
  /** The length of the whole gradient. */
  gradient: number;
  landscape: Range;
  predictiveness: Range;
  smoothness: number;
  /** For each layer that is looked at: ‖G − G′‖ and ‖G‖, and their cosine. */
  shifts: { difference: number; length: number; cosine: number }[];
  /** For each unit that is looked at. */
  activations: number[][];
}

/** What is to be measured. */
export interface RecordPlan {
  learningRate: number;
  /** The distances along the gradient, as multiples of the step size. */
  reach: readonly number[];
  /** The layers with weights, from 0, whose covariate shift is taken. */
  layers: readonly number[];
  units: readonly Unit[];
}

/** The same number of distances in each factor, from the one to the other. */
export function spaced(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
}

/** Takes all measures of a net on a batch, and leaves it as it was. */
export function recordStep(
  step: number,
  net: Sequential,
  loss: Loss,
  { x, targets }: { x: NdArray; targets: NdArray },
  { learningRate, reach, layers, units }: RecordPlan,
): StepRecord {
  const objective = netObjective(net, loss, x, targets);
  const line = gradientLine(
    objective,
    reach.map((factor) => factor * learningRate),
  );
  const next = shifted(valuesOf(objective.parameters), gradientOf(objective.parameters), -learningRate);
  return {
    step,
    loss: line.loss,
    gradient: line.gradientLength,
    landscape: lossRange(line),
    predictiveness: gradientPredictiveness(line),
    smoothness: effectiveSmoothness(line),
    shifts: covariateShift(objective, parametersByLayer(net.layers), next, layers),
    activations: activationQuantiles(net.layers, x, units, QUANTILES),
  };
}
