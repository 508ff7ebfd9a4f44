import {
  add,
  addInPlace,
  assign,
  BatchNorm1d,
  BatchNorm2d,
  divide,
  GroupNorm,
  InstanceNorm,
  LayerNorm,
  type Module,
  map,
  mean,
  multiply,
  type NdArray,
  type Parameter,
  type Random,
  reshape,
  square,
  subtract,
  sum,
  zeros,
} from '../../src/index.js';
import { Mutant, type WrongLayer } from './mutant.js';

/** Backwards of normalizations that are wrong in the ways in which people get them wrong. */

const dtype = 'float64';

/** A normalization: which elements of x share a mean and a variance. */
interface Norm {
  name: string;
  make: () => Module & { gamma: Parameter; beta: Parameter };
  /** The shape of x, features on axis 1. */
  shape: readonly number[];
  /** The shape of x seen in groups, and the axes of it along which a group lies. */
  grouped: readonly number[];
  axes: readonly number[];
  /** Axes that someone could take for them. */
  wrongAxes: readonly number[];
}

const NORMS: Norm[] = [
  {
    name: 'LayerNorm',
    make: () => new LayerNorm(5, { dtype }),
    shape: [3, 5],
    grouped: [3, 5],
    axes: [1],
    wrongAxes: [0],
  },
  {
    name: 'BatchNorm1d',
    make: () => new BatchNorm1d(5, { dtype }),
    shape: [6, 5],
    grouped: [6, 5],
    axes: [0],
    wrongAxes: [1],
  },
  {
    name: 'BatchNorm1d of (N, D, L)',
    make: () => new BatchNorm1d(2, { dtype }),
    shape: [3, 2, 4],
    grouped: [3, 2, 4],
    axes: [0, 2],
    wrongAxes: [2],
  },
  {
    name: 'BatchNorm2d',
    make: () => new BatchNorm2d(2, { dtype }),
    shape: [3, 2, 2, 3],
    grouped: [3, 2, 6],
    axes: [0, 2],
    wrongAxes: [0],
  },
  {
    name: 'GroupNorm',
    make: () => new GroupNorm(2, 6, { dtype }),
    shape: [4, 6],
    grouped: [4, 2, 3],
    axes: [2],
    wrongAxes: [1, 2],
  },
  {
    name: 'GroupNorm of (N, D, H, W)',
    make: () => new GroupNorm(2, 4, { dtype }),
    shape: [2, 4, 3, 1],
    grouped: [2, 2, 6],
    axes: [2],
    wrongAxes: [0, 2],
  },
  {
    name: 'InstanceNorm of (N, D, L)',
    make: () => new InstanceNorm(3, { dtype }),
    shape: [2, 3, 4],
    grouped: [2, 3, 4],
    axes: [2],
    wrongAxes: [0, 2],
  },
  {
    name: 'InstanceNorm of (N, D, H, W)',
    make: () => new InstanceNorm(2, { dtype }),
    shape: [3, 2, 2, 3],
    grouped: [3, 2, 6],
    axes: [2],
    wrongAxes: [1, 2],
  },
];

/** What a backward is made of, all in the shape of x. */
interface Terms {
  dout: NdArray;
  dxHat: NdArray;
  xHat: NdArray;
  centered: NdArray;
  rstd: NdArray;
  /** The mean over the group of each element. */
  average: (x: NdArray) => NdArray;
}

interface Wrong {
  terms?: (terms: Terms) => Partial<Terms>;
  dx?: (terms: Terms) => NdArray;
  dgamma?: (terms: Terms) => NdArray;
  dbeta?: (terms: Terms) => NdArray;
}

function averageOver({ shape, grouped }: Norm, axes: readonly number[]): (x: NdArray) => NdArray {
  return (x) => {
    const means = mean(reshape(x, grouped), { axis: axes, keepDims: true });
    return reshape(add(zeros(grouped, dtype), means), shape);
  };
}

const rightDx = ({ dxHat, xHat, rstd, average }: Terms) =>
  multiply(rstd, subtract(subtract(dxHat, average(dxHat)), multiply(xHat, average(multiply(xHat, dxHat)))));

/** The sum over all axes but that of the features. */
const perFeature = (x: NdArray) =>
  sum(
    x,
    x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])),
  );

const alongFeatures = (x: NdArray, { shape }: Norm) => reshape(x, [-1, ...shape.slice(2).map(() => 1)]);

/** A normalization with parameters off their first values, with dx, dγ and dβ from terms that may be spoiled. */
function wrongNorm(norm: Norm, wrong: Wrong): WrongLayer {
  const make = (rng: Random) => {
    const layer = norm.make();
    for (const { value } of layer.parameters()) assign(value, rng.normal(value.shape, { dtype }));
    return new Mutant(layer, (dout, x) => {
      const average = averageOver(norm, norm.axes);
      const centered = subtract(x, average(x));
      const rstd = map(average(square(centered)), (variance) => 1 / Math.sqrt(variance + 1e-5));
      const dxHat = multiply(dout, alongFeatures(layer.gamma.value, norm));
      const right = { dout, dxHat, xHat: multiply(centered, rstd), centered, rstd, average };
      const terms = { ...right, ...wrong.terms?.(right) };
      addInPlace(layer.gamma.grad, wrong.dgamma?.(terms) ?? perFeature(multiply(dout, terms.xHat)));
      addInPlace(layer.beta.grad, wrong.dbeta?.(terms) ?? perFeature(dout));
      return (wrong.dx ?? rightDx)(terms);
    });
  };
  return { make, shape: norm.shape };
}

function wrongsOf(norm: Norm): Record<string, Wrong> {
  const values = norm.axes.reduce((product, axis) => product * norm.grouped[axis], 1);
  return {
    'γ forgotten': { terms: ({ dout }) => ({ dxHat: dout }) },
    'the mean of dxHat not subtracted': {
      dx: ({ dxHat, xHat, rstd, average }) =>
        multiply(rstd, subtract(dxHat, multiply(xHat, average(multiply(xHat, dxHat))))),
    },
    'the path through the variance forgotten': {
      dx: ({ dxHat, rstd, average }) => multiply(rstd, subtract(dxHat, average(dxHat))),
    },
    'mean and variance taken as constants': { dx: ({ dxHat, rstd }) => multiply(rstd, dxHat) },
    'not divided by the deviation': { dx: (t) => divide(rightDx(t), t.rstd) },
    'multiplied by the deviation': { dx: (t) => divide(divide(rightDx(t), t.rstd), t.rstd) },
    'means over the wrong axes': { dx: (t) => rightDx({ ...t, average: averageOver(norm, norm.wrongAxes) }) },
    'the unbiased variance’s factor': {
      dx: ({ dxHat, xHat, rstd, average }) => {
        const stretch = multiply(average(multiply(xHat, dxHat)), values / (values - 1));
        return multiply(rstd, subtract(subtract(dxHat, average(dxHat)), multiply(xHat, stretch)));
      },
    },
    'dγ with x − μ in place of x̂': { dgamma: ({ dout, centered }) => perFeature(multiply(dout, centered)) },
    'dγ and dβ exchanged': {
      dgamma: ({ dout }) => perFeature(dout),
      dbeta: ({ dout, xHat }) => perFeature(multiply(dout, xHat)),
    },
    'dβ the mean instead of the sum': { dbeta: ({ dout }) => divide(perFeature(dout), dout.size / dout.shape[1]) },
  };
}

/** A BatchNorm1d in evaluation, whose right backward is γ ∘ rstd ∘ dout with the running deviation. */
function wrongInEvaluation(wrong: (terms: Omit<Terms, 'average'>, x: NdArray) => Partial<Parts>): WrongLayer {
  const make = (rng: Random) => {
    const layer = new BatchNorm1d(5, { dtype });
    for (const { value } of layer.parameters()) assign(value, rng.normal(value.shape, { dtype }));
    layer.forward(rng.normal([7, 5], { mean: 1, std: 3, dtype }));
    layer.eval();
    return new Mutant(layer, (dout, x) => {
      const centered = subtract(x, layer.runningMean);
      const rstd = map(layer.runningVar, (variance) => 1 / Math.sqrt(variance + 1e-5));
      const dxHat = multiply(dout, layer.gamma.value);
      const terms = { dout, dxHat, xHat: multiply(centered, rstd), centered, rstd };
      const parts = {
        dx: multiply(rstd, dxHat),
        dgamma: perFeature(multiply(dout, terms.xHat)),
        ...wrong(terms, x),
      };
      addInPlace(layer.gamma.grad, parts.dgamma);
      addInPlace(layer.beta.grad, perFeature(dout));
      return parts.dx;
    });
  };
  return { make, shape: [6, 5] };
}

interface Parts {
  dx: NdArray;
  dgamma: NdArray;
}

const overBatch = (x: NdArray) => mean(x, { axis: 0, keepDims: true });

const WRONG_IN_EVALUATION: Record<string, WrongLayer> = {
  'the backward of training': wrongInEvaluation((terms) => ({ dx: rightDx({ ...terms, average: overBatch }) })),
  'γ forgotten': wrongInEvaluation(({ dout, rstd }) => ({ dx: multiply(rstd, dout) })),
  'not divided by the deviation': wrongInEvaluation(({ dxHat }) => ({ dx: dxHat })),
  'the batch’s deviation': wrongInEvaluation(({ dxHat }, x) => {
    const variance = overBatch(square(subtract(x, overBatch(x))));
    return {
      dx: multiply(
        map(variance, (v) => 1 / Math.sqrt(v + 1e-5)),
        dxHat,
      ),
    };
  }),
  'dγ with the batch’s mean': wrongInEvaluation(({ dout, rstd }, x) => ({
    dgamma: perFeature(multiply(dout, multiply(subtract(x, overBatch(x)), rstd))),
  })),
};

/** Wrong normalizations by name of layer and what is wrong with them. */
export const WRONG_NORMS: Record<string, WrongLayer> = Object.fromEntries([
  ...NORMS.flatMap((norm) =>
    Object.entries(wrongsOf(norm)).map(([what, wrong]) => [`${norm.name}: ${what}`, wrongNorm(norm, wrong)]),
  ),
  ...Object.entries(WRONG_IN_EVALUATION).map(([what, wrong]) => [`BatchNorm1d in evaluation: ${what}`, wrong]),
]);

/** The right layers, on the same inputs. */
export const RIGHT_NORMS: WrongLayer[] = NORMS.map((norm) => wrongNorm(norm, {}));
