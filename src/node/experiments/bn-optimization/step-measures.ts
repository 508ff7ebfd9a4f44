import type { NdArray } from '../../../array/index.js';
import type { Sequential } from '../../../layers/sequential.js';
import type { Loss } from '../../../losses/loss.js';
import { activationQuantiles, type Unit } from '../measures/activation-quantiles.js';
import { type CovariateShift, covariateShift, parametersByLayer } from '../measures/covariate-shift.js';
import { gradientLine } from '../measures/gradient-line.js';
import { effectiveSmoothness, gradientPredictiveness, lossRange, type Range } from '../measures/landscape.js';
import { netObjective } from '../measures/objective.js';
import { gradientOf, pointAlong, valuesOf } from '../measures/parameter-vectors.js';

/** The quantiles of an activation that are measured. */
const QUANTILES: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Everything that is measured at one step. */
export interface StepMeasures {
  step: number;
  loss: number;
  /** The length of the whole gradient. */
  gradient: number;
  landscape: Range;
  predictiveness: Range;
  smoothness: number;
  /** One for each measured layer. */
  shifts: CovariateShift[];
  /** The quantiles of each measured unit. */
  activations: number[][];
}

/** What to measure. */
export interface StepPlan {
  learningRate: number;
  /** The distances along the gradient, as multiples of the step size. */
  reach: readonly number[];
  /** The layers whose covariate shift is measured, counted from 0 over the layers with a weight. */
  layers: readonly number[];
  units: readonly Unit[];
}

/** Values from one to another that grow by a constant factor. */
export function geometricSeries(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
}

/** Takes all measures of a net on a batch. Restores its parameters and their gradient. */
export function measureStep(
  step: number,
  net: Sequential,
  loss: Loss,
  { x, targets }: { x: NdArray; targets: NdArray },
  { learningRate, reach, layers, units }: StepPlan,
): StepMeasures {
  const objective = netObjective(net, loss, x, targets);
  const line = gradientLine(
    objective,
    reach.map((factor) => factor * learningRate),
  );
  const next = pointAlong(valuesOf(objective.parameters), gradientOf(objective.parameters), -learningRate);
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
