import { type NdArray, NonFiniteError, Random } from '../../../array/index.js';
import type { BatchSource } from '../../../data/batch-source.js';
import { flattened } from '../../../data/batch-source.js';
import { PIXELS, preprocessed } from '../../../data/pixel-scale.js';
import { Linear } from '../../../layers/linear.js';
import { ReLU } from '../../../layers/relu.js';
import { Sequential } from '../../../layers/sequential.js';
import { SoftmaxCrossEntropy } from '../../../losses/softmax-cross-entropy.js';
import { SGD } from '../../../optim/sgd.js';
import { accuracy } from '../../../training/metrics.js';
import { EpochSampler } from '../../../training/sampler.js';
import { Measurement, type MeasurementContext } from '../measurement.js';
import { average } from '../statistics.js';
import { randomUnits, type VariantResult } from './linear-network.js';
import { NORM_VARIANTS, type NormVariant, renewNoise, variantLayers } from './norm-variants.js';
import { geometricSeries, measureStep, type StepPlan } from './step-measures.js';

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
  /** The layers whose covariate shift is measured, counted from 0. */
  layers: [2, 4, 6, 8],
} as const;

/**
 * The step sizes for all variants: a small one, that of the paper, and the largest of the sweep at which the plain
 * net trains.
 */
export const MLP_RATES: readonly number[] = [0.01, 0.1, 0.3];

/** The sweep that found them, on the plain net and on the net with batch norm. */
export const SWEEP = { rates: [0.003, 0.01, 0.03, 0.1, 0.3, 1], steps: 300, arms: ['plain', 'batch'] } as const;

/** Blocks of a linear layer, the norm of a variant and ReLU, and a last linear layer. */
export function deepMlp(variant: NormVariant, seed: number): Sequential {
  const { inputs, hidden, width, classes } = DEEP_MLP;
  const rng = new Random(`${seed}: weights`);
  const norm = variantLayers(variant, new Random(`${seed}: noise`), 'float32');
  const layers = Array.from({ length: hidden }, (_, i) => [
    new Linear(i === 0 ? inputs : width, width, { init: 'kaiming', rng }),
    ...norm(width),
    new ReLU(),
  ]);
  return new Sequential(...layers.flat(), new Linear(width, classes, { init: 'kaiming', rng }));
}

/** The result of the sweep with one variant. Its files use these names. */
export interface SweepResult {
  /** For each step size, the mean loss of the last tenth of the steps; null if the loss was not finite. */
  losses: (number | null)[];
}

/** One measurement for each variant, step size and seed. */
export function mlpMeasurements(seeds: readonly number[], quick: boolean): Measurement<VariantResult>[] {
  const { steps, every, ...rest } = DEEP_MLP;
  const settings = { ...rest, ...(quick ? { steps: 2, every: 1 } : { steps, every }) };
  return NORM_VARIANTS.flatMap((variant) =>
    MLP_RATES.flatMap((rate) =>
      seeds.map(
        (seed) =>
          new Measurement({
            name: `mlp-${variant}-rate${rate}-seed${seed}`,
            settings: { net: 'mlp', arm: variant, rate, seed, ...settings },
            cost: 10 * settings.steps,
            measure: async (context) =>
              new MlpTraining(variant, rate, seed, await trainingImages(context)).measure(settings, context),
          }),
      ),
    ),
  );
}

/** One measurement for each variant of the sweep. */
export function sweepMeasurements(quick: boolean): Measurement<SweepResult>[] {
  const settings = { ...DEEP_MLP, ...SWEEP, steps: quick ? 2 : SWEEP.steps };
  const { steps, rates } = settings;
  return SWEEP.arms.map(
    (variant) =>
      new Measurement({
        name: `sweep-${variant}`,
        settings: { net: 'mlp sweep', arm: variant, ...settings },
        cost: 5 * steps * rates.length,
        measure: async (context) => {
          const source = await trainingImages(context);
          const losses: (number | null)[] = [];
          for (const [i, rate] of rates.entries()) {
            const onStep = (step: number) => context.onStep(i * steps + step, rates.length * steps);
            losses.push(await new MlpTraining(variant, rate, 42, source).lastLoss(steps, onStep));
          }
          return { losses };
        },
      }),
  );
}

async function trainingImages({ cifar10 }: MeasurementContext): Promise<BatchSource> {
  const { train } = await cifar10();
  return flattened(preprocessed(train, PIXELS.symmetric(train)));
}

/** The training of one deep MLP. */
class MlpTraining {
  private readonly net: Sequential;
  private readonly optimizer: SGD;
  private readonly loss = new SoftmaxCrossEntropy();
  private readonly sampler: EpochSampler;
  private readonly losses: number[] = [];
  /** Since the last record. */
  private readonly accuracies: number[] = [];

  constructor(
    variant: NormVariant,
    private readonly learningRate: number,
    private readonly seed: number,
    private readonly source: BatchSource,
  ) {
    this.net = deepMlp(variant, seed);
    this.optimizer = new SGD(this.net.parameters(), { learningRate });
    this.sampler = new EpochSampler(source.count, DEEP_MLP.batchSize, new Random(`${seed}: batches`));
  }

  /** Trains, and takes all measures at regular intervals, on the batch of the step. */
  async measure(
    { steps, every }: { steps: number; every: number },
    { onStep }: MeasurementContext,
  ): Promise<VariantResult> {
    const result: VariantResult = { records: [], accuracies: [], diverged: null };
    const plan = this.stepPlan();
    for (let step = 0; step <= steps; step++) {
      const batch = this.source.batch(this.sampler.next());
      renewNoise(this.net.layers);
      try {
        const isRecorded = step % every === 0;
        if (isRecorded) result.records.push(measureStep(step, this.net, this.loss, batch, plan));
        this.step(batch);
        if (isRecorded) result.accuracies.push(average(this.accuracies.splice(0)));
      } catch (error) {
        if (!(error instanceof NonFiniteError)) throw error;
        return { ...result, diverged: step };
      }
      await onStep(step, steps);
    }
    return result;
  }

  private stepPlan(): StepPlan {
    const { width, layers, reach } = DEEP_MLP;
    const units = randomUnits(this.net, [1 / 8, 0.5, 7 / 8], width, this.seed).map(({ layer, unit }) => ({
      layer: layer - 1, // the input of the ReLU
      unit,
    }));
    return { learningRate: this.learningRate, reach: geometricSeries(reach[0], reach[1], 6), layers, units };
  }

  /** Trains, and returns the mean loss of the last tenth of the steps; null if it is not finite. */
  async lastLoss(steps: number, onStep: (step: number) => Promise<void>): Promise<number | null> {
    try {
      for (let step = 0; step < steps; step++) {
        this.step(this.source.batch(this.sampler.next()));
        await onStep(step);
      }
    } catch (error) {
      if (error instanceof NonFiniteError) return null;
      throw error;
    }
    return average(this.losses.slice(-Math.ceil(steps / 10)));
  }

  private step({ x, targets }: { x: NdArray; targets: NdArray }): void {
    this.optimizer.zeroGrad();
    const outputs = this.net.forward(x);
    this.losses.push(this.loss.forward(outputs, targets));
    this.accuracies.push(accuracy(outputs, targets));
    this.net.accumulateGradients(this.loss.backward());
    this.optimizer.step();
  }
}
