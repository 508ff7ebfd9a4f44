import { type NdArray, NonFiniteError, Random } from '../../../array/index.js';
import type { BatchSource } from '../../../data/batch-source.js';
import { PIXELS } from '../../../data/pixel-scale.js';
import { Linear } from '../../../layers/linear.js';
import { ReLU } from '../../../layers/relu.js';
import { Sequential } from '../../../layers/sequential.js';
import { SoftmaxCrossEntropy } from '../../../losses/softmax-cross-entropy.js';
import { SGD } from '../../../optim/sgd.js';
import { accuracy } from '../../../training/metrics.js';
import { EpochSampler } from '../../../training/sampler.js';
import { testSource } from '../../runs/run-sources.js';
import type { Part, PartContext } from '../parts.js';
import { ARMS, type Arm, normaliser, renewNoise } from './arms.js';
import { type ArmResult, unitsAt } from './linear-net.js';
import { recordStep, type StepRecord, spaced } from './record.js';

/** The deep MLP on CIFAR-10, and how it is trained. */
export const DEEP_MLP = {
  inputs: 3072,
  hidden: 8,
  width: 256,
  classes: 10,
  batchSize: 128,
  steps: 1000,
  every: 25,
  /** Distances along the gradient, as multiples of the step size. */
  reach: [1 / 2, 4],
  /** The layers whose covariate shift is taken, counted from 0. */
  layers: [2, 4, 6, 8],
} as const;

/** The step sizes at which all arms are trained: a small one, the one of the paper, and the highest of those tried at which the plain net trains. */
export const MLP_RATES: readonly number[] = [0.01, 0.1, 0.3];

/** The step sizes that were tried to find those, on the plain net and on that with batch norm. */
export const SWEEP = { rates: [0.003, 0.01, 0.03, 0.1, 0.3, 1], steps: 300, arms: ['plain', 'batch'] } as const;

/** Linear, an arm's normalisation and ReLU, so many times over, and a last linear layer. */
export function deepMlp(arm: Arm, seed: number): Sequential {
  const { inputs, hidden, width, classes } = DEEP_MLP;
  const rng = new Random(`${seed}: weights`);
  const normalise = normaliser(arm, new Random(`${seed}: noise`), 'float32');
  const layers = Array.from({ length: hidden }, (_, i) => [
    new Linear(i === 0 ? inputs : width, width, { init: 'kaiming', rng }),
    ...normalise(width),
    new ReLU(),
  ]);
  return new Sequential(...layers.flat(), new Linear(width, classes, { init: 'kaiming', rng }));
}

/** What the sweep of one arm came to. */
export interface SweepResult {
  /** For each rate the mean loss of the last tenth of the steps; null where it was no longer finite. */
  losses: (number | null)[];
}

/** A part for each arm, rate and seed. */
export function mlpParts(seeds: readonly number[], quick: boolean): Part<ArmResult>[] {
  const { steps, every, ...rest } = DEEP_MLP;
  const settings = { ...rest, ...(quick ? { steps: 2, every: 1 } : { steps, every }) };
  return ARMS.flatMap((arm) =>
    MLP_RATES.flatMap((rate) =>
      seeds.map((seed) => ({
        name: `mlp-${arm}-rate${rate}-seed${seed}`,
        settings: { net: 'mlp', arm, rate, seed, ...settings },
        work: 10 * settings.steps,
        measure: async (context: PartContext) => {
          const { train } = await context.cifar10();
          const source = testSource(train, PIXELS.symmetric(train));
          return new MlpRun(arm, rate, seed, source).measured(settings, context);
        },
      })),
    ),
  );
}

/** A part for each arm whose step sizes are swept. */
export function sweepParts(quick: boolean): Part<SweepResult>[] {
  const settings = { ...DEEP_MLP, ...SWEEP, steps: quick ? 2 : SWEEP.steps };
  return SWEEP.arms.map((arm) => ({
    name: `sweep-${arm}`,
    settings: { net: 'mlp sweep', arm, ...settings },
    work: 5 * settings.steps * SWEEP.rates.length,
    measure: async (context: PartContext) => {
      const { train } = await context.cifar10();
      const source = testSource(train, PIXELS.symmetric(train));
      const losses: (number | null)[] = [];
      for (const [i, rate] of SWEEP.rates.entries()) {
        const onStep = (step: number) => context.onStep(i * settings.steps + step, SWEEP.rates.length * settings.steps);
        losses.push(await new MlpRun(arm, rate, 42, source).lastLoss(settings.steps, { ...context, onStep }));
      }
      return { losses };
    },
  }));
}

/** One training of the deep MLP. */
class MlpRun {
  private readonly net: Sequential;
  private readonly optimizer: SGD;
  private readonly loss = new SoftmaxCrossEntropy();
  private readonly sampler: EpochSampler;
  private readonly recent: { loss: number; accuracy: number }[] = [];

  constructor(
    arm: Arm,
    private readonly learningRate: number,
    private readonly seed: number,
    private readonly source: BatchSource,
  ) {
    this.net = deepMlp(arm, seed);
    this.optimizer = new SGD(this.net.parameters(), { learningRate });
    this.sampler = new EpochSampler(source.count, DEEP_MLP.batchSize, new Random(`${seed}: batches`));
  }

  /** Trains, and takes all measures every so many steps, on the step's own batch. */
  async measured({ steps, every }: { steps: number; every: number }, { onStep }: PartContext): Promise<ArmResult> {
    const { width, layers, reach } = DEEP_MLP;
    const units = unitsAt(this.net, [1 / 8, 0.5, 7 / 8], width, this.seed).map(({ layer, unit }) => ({
      layer: layer - 1, // what goes into the ReLU
      unit,
    }));
    const plan = { learningRate: this.learningRate, reach: spaced(reach[0], reach[1], 6), layers, units };
    const records: StepRecord[] = [];
    const accuracies: number[] = [];
    for (let step = 0; step <= steps; step++) {
      const batch = this.source.batch(this.sampler.next());
      renewNoise(this.net.layers);
      try {
        if (step % every === 0) {
          records.push(recordStep(step, this.net, this.loss, batch, plan));
          this.step(batch);
          accuracies.push(this.recent.reduce((total, { accuracy }) => total + accuracy, 0) / this.recent.length);
          this.recent.length = 0;
        } else this.step(batch);
      } catch (error) {
        if (!(error instanceof NonFiniteError)) throw error;
        return { records, accuracies, diverged: step };
      }
      await onStep(step, steps);
    }
    return { records, accuracies, diverged: null };
  }

  /** Trains, and gives the mean loss of the last tenth of the steps; null when it is not finite. */
  async lastLoss(steps: number, { onStep }: PartContext): Promise<number | null> {
    try {
      for (let step = 0; step < steps; step++) {
        this.step(this.source.batch(this.sampler.next()));
        await onStep(step, steps);
      }
    } catch (error) {
      if (error instanceof NonFiniteError) return null;
      throw error;
    }
    const last = this.recent.slice(-Math.ceil(steps / 10));
    return last.reduce((total, { loss }) => total + loss, 0) / last.length;
  }

  private step({ x, targets }: { x: NdArray; targets: NdArray }): void {
    this.optimizer.zeroGrad();
    const outputs = this.net.forward(x);
    const loss = this.loss.forward(outputs, targets);
    this.recent.push({ loss, accuracy: accuracy(outputs, targets) });
    this.net.accumulateGradients(this.loss.backward());
    this.optimizer.step();
  }
}
