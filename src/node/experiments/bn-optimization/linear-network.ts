import { matmul, type NdArray, NonFiniteError, Random, transpose } from '../../../array/index.js';
import { Linear } from '../../../layers/linear.js';
import { Sequential } from '../../../layers/sequential.js';
import { SGD } from '../../../optim/sgd.js';
import { Measurement, type MeasurementContext } from '../measurement.js';
import type { Unit } from '../measures/activation-quantiles.js';
import { netObjective } from '../measures/objective.js';
import { NORM_VARIANTS, type NormVariant, renewNoise, variantLayers } from './norm-variants.js';
import { SquaredError } from './squared-error.js';
import { geometricSeries, measureStep, type StepMeasures } from './step-measures.js';

/** The deep linear network: its size, its data, and how it is trained. */
export const LINEAR_NET = {
  depth: 25,
  width: 10,
  samples: 1000,
  learningRate: 1e-6,
  steps: 10_000,
  /** Steps between two measurements. */
  every: 100,
  /** Distances along the gradient, as multiples of the step size. */
  reach: [1 / 100, 30],
  /** The layers whose covariate shift is measured, counted from 0. */
  layers: [4, 12, 20, 24],
} as const;

/** What was measured while one net trained. Its files use these names. */
export interface VariantResult {
  records: StepMeasures[];
  /** For a classifier, the mean accuracy since the record before. */
  accuracies: number[];
  /** The step at which the loss was not finite, if there was one. */
  diverged: number | null;
}

/** Linear layers without bias, with the norm of a variant after each of them except the last. */
export function linearNet(variant: NormVariant, seed: number): Sequential {
  const { depth, width } = LINEAR_NET;
  const rng = new Random(`${seed}: weights`);
  const norm = variantLayers(variant, new Random(`${seed}: noise`), 'float64');
  const layers = Array.from({ length: depth }, (_, i) => {
    const linear = new Linear(width, width, { bias: false, init: 'xavier', rng, dtype: 'float64' });
    return i < depth - 1 ? [linear, ...norm(width)] : [linear];
  });
  return new Sequential(...layers.flat());
}

/** Gaussian samples x and targets Ax, with a Gaussian A. */
export function linearData(seed: number): { x: NdArray; targets: NdArray } {
  const { width, samples } = LINEAR_NET;
  const rng = new Random(`${seed}: data`);
  const x = rng.normal([samples, width], { dtype: 'float64' });
  const A = rng.normal([width, width], { dtype: 'float64' });
  return { x, targets: matmul(x, transpose(A)) };
}

/** One measurement for each variant and seed. */
export function linearMeasurements(seeds: readonly number[], quick: boolean): Measurement<VariantResult>[] {
  const { steps, every, ...rest } = LINEAR_NET;
  const settings = { ...rest, ...(quick ? { steps: 4, every: 2 } : { steps, every }) };
  return NORM_VARIANTS.flatMap((variant) =>
    seeds.map(
      (seed) =>
        new Measurement({
          name: `linear-${variant}-seed${seed}`,
          settings: { net: 'linear', arm: variant, seed, ...settings },
          cost: (variant === 'plain' ? 1 : variant === 'noisy' ? 8 : 7) * settings.steps,
          measure: (context) => trainLinear(variant, seed, settings, context),
        }),
    ),
  );
}

async function trainLinear(
  variant: NormVariant,
  seed: number,
  { steps, every }: { steps: number; every: number },
  { onStep }: MeasurementContext,
): Promise<VariantResult> {
  const { learningRate, reach, layers, width } = LINEAR_NET;
  const net = linearNet(variant, seed);
  const data = linearData(seed);
  const loss = new SquaredError();
  const objective = netObjective(net, loss, data.x, data.targets);
  const optimizer = new SGD(net.parameters(), { learningRate });
  const units = randomUnits(net, [0.25, 0.5, 0.75], width, seed);
  const plan = { learningRate, reach: geometricSeries(reach[0], reach[1], 7), layers, units };
  const records: StepMeasures[] = [];
  for (let step = 0; step <= steps; step++) {
    renewNoise(net.layers);
    try {
      if (step % every === 0) records.push(measureStep(step, net, loss, data, plan));
      else objective.evaluate();
      optimizer.step();
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      return { records, accuracies: [], diverged: step };
    }
    if (step % 50 === 0) await onStep(step, steps);
  }
  return { records, accuracies: [], diverged: null };
}

/**
 * One random unit at each depth of a net: an output of the layers between the linear layer there and the next one.
 */
export function randomUnits(net: Sequential, depths: readonly number[], width: number, seed: number): Unit[] {
  const rng = new Random(`${seed}: units`);
  const linears = net.layers.flatMap((layer, i) => (layer instanceof Linear ? [i] : []));
  return depths.map((depth) => {
    const next = linears[Math.round(depth * (linears.length - 1)) + 1] ?? net.layers.length;
    return { layer: next - 1, unit: Math.floor(rng.next() * width) };
  });
}
