import { type NdArray, NonFiniteError, Random } from '../../../array/index.js';
import { PIXELS, preprocessed } from '../../../data/pixel-scale.js';
import { Sequential } from '../../../layers/sequential.js';
import { SoftmaxCrossEntropy } from '../../../losses/softmax-cross-entropy.js';
import { Adam } from '../../../optim/adam.js';
import { SGD } from '../../../optim/sgd.js';
import { accuracy } from '../../../training/metrics.js';
import { EpochSampler } from '../../../training/sampler.js';
import { renewNoise } from '../bn-optimization/norm-variants.js';
import { geometricSeries } from '../bn-optimization/step-measures.js';
import { Measurement, type MeasurementContext } from '../measurement.js';
import { type CovariateShift, covariateShift, parametersByLayer } from '../measures/covariate-shift.js';
import { gradientLine } from '../measures/gradient-line.js';
import { effectiveSmoothness, gradientPredictiveness, lossRange, type Range } from '../measures/landscape.js';
import { netObjective, type Objective } from '../measures/objective.js';
import { gradientOf, pointAlong, valuesOf } from '../measures/parameter-vectors.js';
import { average } from '../statistics.js';
import {
  START_STEPS,
  VGG_ARMS,
  VGG_QUICK,
  VGG_RATES,
  VGG_STARTS,
  VGG_STUDY,
  type VGGArm,
  type VGGPlan,
  type VGGRecipe,
  vggStudyNet,
} from './vgg-study-plan.js';

/** The measures along the gradient of some parameters. */
export interface LineMeasures {
  loss: number;
  landscape: Range;
  predictiveness: Range;
  smoothness: number;
}

/** What is recorded of some steps. The files use these names. */
export interface VGGRecord {
  step: number;
  /** Means over the training batches since the record before. */
  loss: number;
  accuracy: number;
  /** Undefined for a start. */
  measures?: { all: LineMeasures; last: LineMeasures; shifts: CovariateShift[] };
}

/** The training of one net. */
export interface VGGResult {
  records: VGGRecord[];
  /** The mean loss of the last tenth of the steps; null if the loss was not finite at some step. */
  lastLoss: number | null;
  /** That step. */
  diverged: number | null;
}

/** The arms at each step size with all measures, and the starts at 1e-3 with and without batch norm. */
export function vggMeasurements(seeds: readonly number[], quick: boolean): Measurement<VGGResult>[] {
  const plan: VGGPlan = quick ? VGG_QUICK : VGG_STUDY;
  const start: VGGPlan = quick ? plan : { ...plan, steps: START_STEPS };
  const measured = VGG_RATES.flatMap((rate) =>
    VGG_ARMS.map((arm) => ({ part: 'measured', arm, optimizer: 'sgd', init: 'kaiming', rate, plan }) as const),
  );
  const starts = VGG_STARTS.flatMap((recipe) =>
    (['plain', 'batch'] as const).map((arm) => ({ part: 'start', arm, ...recipe, plan: start }) as const),
  );
  return [...measured, ...starts].flatMap(({ part, arm, optimizer, init, rate, plan }) =>
    seeds.map((seed) => {
      const recipe = part === 'start' ? `${optimizer}-${init}-` : '';
      return new Measurement({
        name: `${part}-${arm}-${recipe}rate${rate}-seed${seed}`,
        settings: { part, arm, optimizer, init, rate, seed, ...plan },
        cost: (part === 'start' ? 1 : 1.4) * plan.steps,
        measure: (context) => trainStudyNet(arm, { optimizer, init, rate }, seed, plan, part === 'measured', context),
      });
    }),
  );
}

async function trainStudyNet(
  arm: VGGArm,
  { optimizer: kind, init, rate }: VGGRecipe,
  seed: number,
  plan: VGGPlan,
  isMeasured: boolean,
  { cifar10, onStep }: MeasurementContext,
): Promise<VGGResult> {
  const { train } = await cifar10();
  const source = preprocessed(train, PIXELS.symmetric(train));
  const net = vggStudyNet(arm, init, seed, plan);
  const loss = new SoftmaxCrossEntropy();
  const optimizer = new (kind === 'adam' ? Adam : SGD)(net.parameters(), { learningRate: rate });
  const sampler = new EpochSampler(source.count, plan.batchSize, new Random(`${seed}: batches`));
  const records: VGGRecord[] = [];
  const [losses, accuracies]: number[][] = [[], []];
  for (let step = 1; step <= plan.steps; step++) {
    const batch = source.batch(sampler.next());
    renewNoise(net.layers);
    const isRecorded = step % plan.every === 0;
    try {
      const measures = isRecorded && isMeasured ? measureNet(net, batch, rate, plan) : undefined;
      optimizer.zeroGrad();
      const outputs = net.forward(batch.x);
      losses.push(loss.forward(outputs, batch.targets));
      accuracies.push(accuracy(outputs, batch.targets));
      net.accumulateGradients(loss.backward());
      optimizer.step();
      if (isRecorded) {
        const mean = average(losses.slice(-plan.every));
        records.push({ step, loss: mean, accuracy: average(accuracies.splice(0)), ...(measures && { measures }) });
      }
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      return { records, lastLoss: null, diverged: step };
    }
    await onStep(step, plan.steps);
  }
  return { records, lastLoss: average(losses.slice(-Math.ceil(plan.steps / 10))), diverged: null };
}

/**
 * All measures of a net on one batch. Along the gradient of the last layer's parameters, the layers before it compute the same
 * features everywhere, so that they are computed once.
 */
export function measureNet(
  net: Sequential,
  { x, targets }: { x: NdArray; targets: NdArray },
  rate: number,
  { reach, layers }: Pick<VGGPlan, 'reach' | 'layers'>,
): NonNullable<VGGRecord['measures']> {
  const loss = new SoftmaxCrossEntropy();
  const objective = netObjective(net, loss, x, targets);
  const steps = geometricSeries(reach[0], reach[1], 6).map((factor) => factor * rate);
  const all = lineMeasures(objective, steps);
  const next = pointAlong(valuesOf(objective.parameters), gradientOf(objective.parameters), -rate);
  const shifts = covariateShift(objective, parametersByLayer(net.layers), next, layers);
  const features = net.layers.slice(0, -1).reduce((out, layer) => layer.forward(out), x);
  const head = new Sequential(...net.layers.slice(-1));
  return { all, last: lineMeasures(netObjective(head, loss, features, targets), steps), shifts };
}

function lineMeasures(objective: Objective, steps: readonly number[]): LineMeasures {
  const line = gradientLine(objective, steps);
  return {
    loss: line.loss,
    landscape: lossRange(line),
    predictiveness: gradientPredictiveness(line),
    smoothness: effectiveSmoothness(line),
  };
}
