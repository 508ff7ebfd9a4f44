import { add, map, mean, multiply, type NdArray, reshape, square, subtract, sum, zeros } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';

/** The quantities of normalizations, which differ only in the elements that share a mean and a variance. */

/** The quantities of a normalization, all in the shape of x. */
export interface Parts {
  x: NdArray;
  dout: NdArray;
  gamma: NdArray;
  beta: NdArray;
  centered: NdArray;
  variance: NdArray;
  rstd: NdArray;
  xHat: NdArray;
  dxHat: NdArray;
  /** The number of elements that share a mean. */
  count: number;
  eps: number;
  /** The mean over the elements that share one, at each of them. */
  average: (values: NdArray) => NdArray;
}

const FEATURE_AXIS = 1;

/** A shape in which the elements of a group lie along axes of their own, and those axes. */
function grouping(file: string, shape: readonly number[], groups: number): { grouped: number[]; axes: number[] } {
  const rest = shape.map((_, axis) => axis).slice(2);
  if (file === 'layernorm') return { grouped: [...shape], axes: [1] };
  if (file === 'batchnorm') return { grouped: [...shape], axes: [0, ...rest] };
  if (file === 'groupnorm') {
    const size = shape.slice(1).reduce((product, n) => product * n, 1);
    return { grouped: [shape[0], groups, size / groups], axes: [2] };
  }
  return { grouped: [...shape], axes: rest };
}

/** The mean over given axes of a regrouped array, at each of its elements. */
export function averageOver(shape: readonly number[], grouped: readonly number[], axes: readonly number[]) {
  return (values: NdArray) => {
    const means = mean(reshape(values, grouped), { axis: axes, keepDims: true });
    return reshape(add(zeros(grouped, 'float64'), means), shape);
  };
}

/** The quantities of the normalization in an observation. */
export function partsOf(file: string, { terms, case: { options, sizes } }: Observation): Parts {
  const { x } = terms;
  const { grouped, axes } = grouping(file, x.shape, sizes.G);
  const average = averageOver(x.shape, grouped, axes);
  const along = (values: NdArray) =>
    reshape(
      values,
      x.shape.map((_, axis) => (axis === FEATURE_AXIS ? -1 : 1)),
    );
  const eps = Number(options.eps ?? 1e-5);
  const running = Boolean(options.evaluation);
  const centered = subtract(x, running ? along(terms.runningMean) : average(x));
  const variance = running ? add(zeros(x.shape, 'float64'), along(terms.runningVar)) : average(square(centered));
  const rstd = map(variance, (value) => 1 / Math.sqrt(value + eps));
  const [gamma, beta] = [along(terms.gamma), along(terms.beta)];
  const dout = terms.dout ?? zeros(x.shape, 'float64');
  const count = axes.reduce((product, axis) => product * grouped[axis], 1);
  const [xHat, dxHat] = [multiply(centered, rstd), multiply(dout, gamma)];
  return { x, dout, gamma, beta, centered, variance, rstd, xHat, dxHat, count, eps, average };
}

/** The right dx. */
export const backThrough = ({ dxHat, xHat, rstd, average }: Parts) =>
  multiply(rstd, subtract(subtract(dxHat, average(dxHat)), multiply(xHat, average(multiply(xHat, dxHat)))));
/** The sum over all axes except the feature axis. */
export const perFeature = (values: NdArray) =>
  sum(
    values,
    values.shape.flatMap((_, axis) => (axis === FEATURE_AXIS ? [] : [axis])),
  );
/** γ ∘ x̂ + β. */
export const scaleAndShift = ({ gamma, beta }: Parts, xHat: NdArray) => add(multiply(gamma, xHat), beta);
