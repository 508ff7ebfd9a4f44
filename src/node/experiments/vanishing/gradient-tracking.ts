import { type NdArray, Random, sumOfSquares, toNested } from '../../../array/index.js';
import { flattened } from '../../../data/batch-source.js';
import { PIXELS, preprocessed } from '../../../data/pixel-scale.js';
import { ELU } from '../../../layers/elu.js';
import type { Layer } from '../../../layers/layer.js';
import { Linear } from '../../../layers/linear.js';
import { ReLU } from '../../../layers/relu.js';
import { Tanh } from '../../../layers/tanh.js';
import { Adam } from '../../../optim/adam.js';
import { SGD } from '../../../optim/sgd.js';
import { evaluate } from '../../../training/evaluate.js';
import { accuracy } from '../../../training/metrics.js';
import { EpochSampler } from '../../../training/sampler.js';
import { Measurement, type MeasurementContext } from '../measurement.js';
import { average } from '../statistics.js';
import {
  COMPARED_ACTIVATIONS,
  type ComparedActivation,
  TRACKED_NETS,
  type TrackedNet,
  trackedMlp,
} from './vanishing-plan.js';

/** The gradients of a net at one step. */
export interface GradientSnapshot {
  step: number;
  /** The length of the gradient of each linear layer's weight. */
  lengths: number[];
  /**
   * For each activation layer, the fraction of units whose slope is below 0.1, so that hardly any gradient passes.
   */
  flat: number[];
}

/** What was measured while one net trained. Its files use these names. */
export interface GradientHistory {
  looks: GradientSnapshot[];
  /** Accuracy on the training batches since the evaluation before, and on the test set. */
  tests: { step: number; trainAccuracy: number; testAccuracy: number }[];
}

/** One measurement for each net, activation and seed. The net of Table 1 takes longer and has one seed. */
export function gradientMeasurements(seeds: readonly number[], quick: boolean): Measurement<GradientHistory>[] {
  return TRACKED_NETS.flatMap((net) => {
    const plan = quick ? { ...net, steps: 4, every: 1, testEvery: 4 } : net;
    const deep = net.name === 'deep';
    return COMPARED_ACTIVATIONS.flatMap((activation) =>
      (deep ? seeds : seeds.slice(0, 1)).map(
        (seed) =>
          new Measurement({
            name: `${net.name}-${activation}-seed${seed}`,
            settings: { net: net.name, activation, seed, ...plan, name: undefined },
            cost: plan.steps * (deep ? 1 : 3),
            measure: (context) => trackGradients(plan, activation, seed, context),
          }),
      ),
    );
  });
}

async function trackGradients(
  plan: TrackedNet,
  activation: ComparedActivation,
  seed: number,
  { cifar10, onStep }: MeasurementContext,
): Promise<GradientHistory> {
  const { train, test } = await cifar10();
  const scale = PIXELS[plan.pixels](train);
  const source = flattened(preprocessed(train, scale));
  const net = trackedMlp(plan, activation, seed);
  const loss = net.loss();
  const { learningRate } = plan;
  const optimizer = new (plan.optimizer === 'adam' ? Adam : SGD)(net.parameters(), { learningRate });
  const sampler = new EpochSampler(source.count, plan.batchSize, new Random(`${seed}: batches`));
  const linears = net.layers.filter((layer) => layer instanceof Linear);
  const result: GradientHistory = { looks: [], tests: [] };
  let accuracies: number[] = [];
  for (let step = 1; step <= plan.steps; step++) {
    const { x, targets } = source.batch(sampler.next());
    optimizer.zeroGrad();
    const outputs = net.forward(x);
    loss.forward(outputs, targets);
    accuracies.push(accuracy(outputs, targets));
    net.accumulateGradients(loss.backward());
    if (step % plan.every === 0 || step === 1)
      result.looks.push({ step, lengths: gradientLengths(linears), flat: flatFractions(net.layers, x) });
    optimizer.step();
    if (step % plan.testEvery === 0) {
      const { accuracy: testAccuracy } = await evaluate(net, net.loss(), flattened(preprocessed(test, scale)));
      result.tests.push({ step, trainAccuracy: average(accuracies), testAccuracy });
      accuracies = [];
    }
    await onStep(step, plan.steps);
  }
  return result;
}

/** The length of the gradient of each layer's first parameter, its weight. */
export function gradientLengths(layers: readonly Layer[]): number[] {
  return layers.map((layer) => Math.sqrt(sumOfSquares(layer.parameters()[0].grad)));
}

/** For each activation layer of a net, the fraction of units and samples whose slope is below 0.1 on a batch. */
export function flatFractions(layers: readonly Layer[], x: NdArray): number[] {
  const fractions: number[] = [];
  let out = x;
  for (const layer of layers) {
    out = layer.forward(out);
    const isFlat = FLAT.find(([kind]) => layer instanceof kind)?.[1];
    if (!isFlat) continue;
    const values = [toNested(out)].flat(2).map(Number);
    fractions.push(values.filter(isFlat).length / values.length);
  }
  return fractions;
}

/** The slope as a function of the output y: 1 − y² for tanh, y + 1 for ELU below 0, and 0 for ReLU at 0. */
const FLAT: readonly (readonly [new () => Layer, (y: number) => boolean])[] = [
  [Tanh, (y) => 1 - y * y < 0.1],
  [ELU, (y) => y < 0 && y + 1 < 0.1],
  [ReLU, (y) => y === 0],
];
