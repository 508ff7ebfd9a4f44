import { matmul, type NdArray, Random, transpose } from '../../../array/index.js';
import { Linear } from '../../../layers/linear.js';
import { Sequential } from '../../../layers/sequential.js';
import { SGD } from '../../../optim/sgd.js';
import { netObjective } from '../measures/objective.js';
import type { Part, PartContext } from '../parts.js';
import { ARMS, type Arm, normaliser, renewNoise } from './arms.js';
import { recordStep, type StepRecord, spaced } from './record.js';
import { SquaredError } from './squared-error.js';

/** The deep linear network: its depth and width, its data, and how it is trained. */
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
  /** The layers whose covariate shift is taken, counted from 0. */
  layers: [4, 12, 20, 24],
} as const;

/** What a net came to: its loss at the steps that were measured. */
export interface ArmResult {
  records: StepRecord[];
  /** Mean accuracy since the record before, where there are classes. */
  accuracies: number[];
  /** The step at which the loss was no longer finite. */
  diverged: number | null;
}

/** The net: linear layers without bias, with an arm's normalisation behind all but the last. */
export function linearNet(arm: Arm, seed: number): Sequential {
  const { depth, width } = LINEAR_NET;
  const rng = new Random(`${seed}: weights`);
  const normalise = normaliser(arm, new Random(`${seed}: noise`), 'float64');
  const layers = Array.from({ length: depth }, (_, i) => {
    const linear = new Linear(width, width, { bias: false, init: 'xavier', rng, dtype: 'float64' });
    return i < depth - 1 ? [linear, ...normalise(width)] : [linear];
  });
  return new Sequential(...layers.flat());
}

/** Samples x, Gaussian, and what is wanted of them: Ax, with a Gaussian A. */
export function linearData(seed: number): { x: NdArray; targets: NdArray } {
  const { width, samples } = LINEAR_NET;
  const rng = new Random(`${seed}: data`);
  const x = rng.normal([samples, width], { dtype: 'float64' });
  const A = rng.normal([width, width], { dtype: 'float64' });
  return { x, targets: matmul(x, transpose(A)) };
}

/** A part for each arm and seed. */
export function linearParts(seeds: readonly number[], quick: boolean): Part<ArmResult>[] {
  const { steps, every, ...rest } = LINEAR_NET;
  const settings = { ...rest, ...(quick ? { steps: 4, every: 2 } : { steps, every }) };
  return ARMS.flatMap((arm) =>
    seeds.map((seed) => ({
      name: `linear-${arm}-seed${seed}`,
      settings: { net: 'linear', arm, seed, ...settings },
      work: (arm === 'plain' ? 1 : arm === 'noisy' ? 8 : 7) * settings.steps,
      measure: (context: PartContext) => trainLinear(arm, seed, settings, context),
    })),
  );
}

async function trainLinear(
  arm: Arm,
  seed: number,
  { steps, every }: { steps: number; every: number },
  { onStep }: PartContext,
): Promise<ArmResult> {
  const { learningRate, reach, layers, width } = LINEAR_NET;
  const net = linearNet(arm, seed);
  const data = linearData(seed);
  const loss = new SquaredError();
  const objective = netObjective(net, loss, data.x, data.targets);
  const optimizer = new SGD(net.parameters(), { learningRate });
  const lookedAt = unitsAt(net, [0.25, 0.5, 0.75], width, seed);
  const plan = { learningRate, reach: spaced(reach[0], reach[1], 7), layers, units: lookedAt };
  const records: StepRecord[] = [];
  for (let step = 0; step <= steps; step++) {
    renewNoise(net.layers);
    if (step % every === 0) records.push(recordStep(step, net, loss, data, plan));
    else objective.evaluate();
    optimizer.step();
    if (step % 50 === 0) await onStep(step, steps);
  }
  return { records, accuracies: [], diverged: null };
}

/** A unit drawn at random behind what follows the linear layers at some depths of a net. */
export function unitsAt(net: Sequential, depths: readonly number[], width: number, seed: number) {
  const rng = new Random(`${seed}: units`);
  const linears = net.layers.flatMap((layer, i) => (layer instanceof Linear ? [i] : []));
  return depths.map((depth) => {
    const next = linears[Math.round(depth * (linears.length - 1)) + 1] ?? net.layers.length;
    return { layer: next - 1, unit: Math.floor(rng.next() * width) };
  });
}
