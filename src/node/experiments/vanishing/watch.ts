import { type NdArray, Random, sumOfSquares, toNested } from '../../../array/index.js';
import { PIXELS } from '../../../data/pixel-scale.js';
import { ELU } from '../../../layers/elu.js';
import type { Layer } from '../../../layers/layer.js';
import { ReLU } from '../../../layers/relu.js';
import { Tanh } from '../../../layers/tanh.js';
import { evaluate } from '../../../training/evaluate.js';
import { accuracy } from '../../../training/metrics.js';
import { EpochSampler } from '../../../training/sampler.js';
import { testSource } from '../../runs/run-sources.js';
import type { Part, PartContext } from '../parts.js';
import {
  COMPARED_ACTIVATIONS,
  type ComparedActivation,
  linearsOf,
  optimizerOf,
  WATCHED,
  type WatchedNet,
  watchedMlp,
} from './nets.js';

/** The gradients of a net at one step. */
export interface GradientLook {
  step: number;
  /** The length of the gradient of each linear layer's weights. */
  lengths: number[];
  /** The share of units at which each activation's slope is below 0.1: where hardly any gradient comes through. */
  flat: number[];
}

/** What became of one net. */
export interface WatchResult {
  looks: GradientLook[];
  /** Accuracy on the training batches since the test before, and on the test set. */
  tests: { step: number; trainAccuracy: number; testAccuracy: number }[];
}

/** A part for each net, activation and seed; of the net of Table 1, which takes longer, one seed. */
export function vanishingParts(seeds: readonly number[], quick: boolean): Part<WatchResult>[] {
  return WATCHED.flatMap((net) => {
    const plan = quick ? { ...net, steps: 4, every: 1, testEvery: 4 } : net;
    return COMPARED_ACTIVATIONS.flatMap((activation) =>
      (net.name === 'deep' ? seeds : seeds.slice(0, 1)).map((seed) => ({
        name: `${net.name}-${activation}-seed${seed}`,
        settings: { net: net.name, activation, seed, ...plan, name: undefined },
        work: plan.steps * (net.name === 'deep' ? 1 : 3),
        measure: (context: PartContext) => watched(plan, activation, seed, context),
      })),
    );
  });
}

async function watched(
  plan: WatchedNet,
  activation: ComparedActivation,
  seed: number,
  { cifar10, onStep }: PartContext,
): Promise<WatchResult> {
  const { train, test } = await cifar10();
  const scale = PIXELS[plan.pixels](train);
  const source = testSource(train, scale);
  const net = watchedMlp(plan, activation, seed);
  const loss = net.loss();
  const optimizer = optimizerOf(plan, net);
  const sampler = new EpochSampler(source.count, plan.batchSize, new Random(`${seed}: batches`));
  const result: WatchResult = { looks: [], tests: [] };
  let right: number[] = [];
  for (let step = 1; step <= plan.steps; step++) {
    const { x, targets } = source.batch(sampler.next());
    optimizer.zeroGrad();
    const outputs = net.forward(x);
    loss.forward(outputs, targets);
    right.push(accuracy(outputs, targets));
    net.accumulateGradients(loss.backward());
    if (step % plan.every === 0 || step === 1)
      result.looks.push({ step, lengths: gradientLengths(linearsOf(net)), flat: flatShares(net.layers, x) });
    optimizer.step();
    if (step % plan.testEvery === 0) {
      const trainAccuracy = right.reduce((total, share) => total + share, 0) / right.length;
      right = [];
      const { accuracy: testAccuracy } = await evaluate(net, net.loss(), testSource(test, scale));
      result.tests.push({ step, trainAccuracy, testAccuracy });
    }
    await onStep(step, plan.steps);
  }
  return result;
}

/** The length of the gradient of each layer's first parameter, its weights. */
export function gradientLengths(layers: readonly Layer[]): number[] {
  return layers.map((layer) => Math.sqrt(sumOfSquares(layer.parameters()[0].grad)));
}

/** The share of an activation's units and samples at which its slope is below 0.1, for each activation of a net on a batch. */
export function flatShares(layers: readonly Layer[], x: NdArray): number[] {
  const shares: number[] = [];
  let out = x;
  for (const layer of layers) {
    out = layer.forward(out);
    const isFlat = FLAT.find(([kind]) => layer instanceof kind)?.[1];
    if (!isFlat) continue;
    const values = [toNested(out)].flat(2).map(Number);
    shares.push(values.filter(isFlat).length / values.length);
  }
  return shares;
}

/** Slopes by outputs: 1 − y² of tanh, y + 1 of ELU below 0, 0 of ReLU at 0. */
const FLAT: readonly (readonly [new () => Layer, (y: number) => boolean])[] = [
  [Tanh, (y) => 1 - y * y < 0.1],
  [ELU, (y) => y < 0 && y + 1 < 0.1],
  [ReLU, (y) => y === 0],
];
