import { decodeNpz, encodeNpz, InputError, Random } from '../../../array/index.js';
import type { ImageSet } from '../../../data/image-set.js';
import { PIXELS, preprocessed } from '../../../data/pixel-scale.js';
import type { Parameter } from '../../../layers/parameter.js';
import type { ConvNet } from '../../../models/convnet.js';
import { freezeFeatures } from '../../../models/freeze.js';
import { classifierOf, loadWeights } from '../../../models/load-weights.js';
import { Adam } from '../../../optim/adam.js';
import { evaluate } from '../../../training/evaluate.js';
import { forwardBackward } from '../../../training/forward-backward.js';
import { EpochSampler } from '../../../training/sampler.js';
import { Measurement, type MeasurementContext } from '../measurement.js';
import { classImages } from './class-images.js';
import {
  QUICK_TRANSFER_PLAN,
  SOURCE_CLASSES,
  STARTS,
  type Start,
  TARGET_CLASSES,
  TRANSFER_PLAN,
  type TransferPlan,
  type TransferTraining,
  transferNet,
} from './transfer-plan.js';

/** What was measured while one net trained. */
export interface TransferHistory {
  tests: { step: number; accuracy: number; loss: number }[];
  /** Of a net that was trained on the source classes: its arrays without those of its classifier, as base64 of an `.npz`. */
  features?: string;
}

/** For each seed a net that learns the source classes, and one for each start and number of images of the target classes. */
export function transferMeasurements(seeds: readonly number[], quick: boolean): Measurement<TransferHistory>[] {
  const plan = quick ? QUICK_TRANSFER_PLAN : TRANSFER_PLAN;
  return seeds.flatMap((seed) => {
    const source = sourceMeasurement(plan, seed);
    const targets = plan.sizes.flatMap((size) =>
      STARTS.map((start) => targetMeasurement(plan, seed, size, start, source)),
    );
    return [source, ...targets];
  });
}

function sourceMeasurement({ widths, source }: TransferPlan, seed: number): Measurement<TransferHistory> {
  return new Measurement({
    name: `source-seed${seed}`,
    settings: { seed, widths, classes: SOURCE_CLASSES, ...source },
    cost: costOf(source, 3),
    async measure(context) {
      const { train, test } = await context.cifar10();
      const net = transferNet(widths, `${seed}: source weights`);
      const images = { train: classImages(train, SOURCE_CLASSES), test: classImages(test, SOURCE_CLASSES) };
      const tests = await trained(net, net.parameters(), images, source, `${seed}: source batches`, context);
      return { tests, features: featuresOf(net) };
    },
  });
}

function targetMeasurement(
  { widths, source, target }: TransferPlan,
  seed: number,
  size: number,
  start: Start,
  after: Measurement<TransferHistory>,
): Measurement<TransferHistory> {
  const scratch = start === 'scratch';
  return new Measurement({
    name: `${start}-${size}-seed${seed}`,
    settings: { seed, start, size, widths, classes: TARGET_CLASSES, ...target, ...(scratch ? {} : { source }) },
    cost: costOf(target, start === 'frozen' ? 1 : 3),
    ...(scratch ? {} : { after }),
    async measure(context, before) {
      const { train, test } = await context.cifar10();
      const net = transferNet(widths, `${seed}: weights`);
      if (!scratch) loadFeatures(net, before?.features);
      const parameters = start === 'frozen' ? freezeFeatures(net) : net.parameters();
      // All starts get the same images in the same order.
      const order = new Random(`${seed}: images`).permutation(train.count);
      const images = {
        train: classImages(train, TARGET_CLASSES, size, order),
        test: classImages(test, TARGET_CLASSES),
      };
      return { tests: await trained(net, parameters, images, target, `${seed}: batches`, context) };
    },
  });
}

/** The estimated cost of a training, in the unit of one image forward. */
function costOf({ batchSize, evaluations, ...images }: TransferTraining, perImage: number): number {
  const tested = (evaluations.length - 1) * images.testImages + images.lastTestImages;
  return evaluations[evaluations.length - 1] * batchSize * perImage + TARGET_CLASSES.length * tested;
}

/** Trains a net, and evaluates it after some of the steps. */
async function trained(
  net: ConvNet,
  parameters: readonly Parameter[],
  images: { train: ImageSet; test: ImageSet },
  { learningRate, batchSize, evaluations, testImages, lastTestImages }: TransferTraining,
  batches: string,
  { onStep }: MeasurementContext,
): Promise<TransferHistory['tests']> {
  const scale = PIXELS.symmetric(images.train);
  const source = preprocessed(images.train, scale);
  const classes = images.test.classNames.map((_, label) => label);
  const [some, all] = [testImages, lastTestImages].map((count) =>
    preprocessed(classImages(images.test, classes, count), scale),
  );
  const optimizer = new Adam([...parameters], { learningRate });
  const sampler = new EpochSampler(source.count, batchSize, new Random(batches));
  const loss = net.loss();
  const tests: TransferHistory['tests'] = [];
  const last = evaluations[evaluations.length - 1];
  net.train();
  for (let step = 1; step <= last; step++) {
    optimizer.zeroGrad();
    forwardBackward(net, loss, source.batch(sampler.next()), 1);
    optimizer.step();
    if (evaluations.includes(step)) {
      const { accuracy, loss: testLoss } = await evaluate(net, net.loss(), step === last ? all : some);
      tests.push({ step, accuracy, loss: testLoss });
    }
    await onStep(step, last);
  }
  return tests;
}

/** The arrays of a net without those of its classifier. */
export function featuresOf(net: ConvNet): string {
  const [classifier] = classifierOf(net);
  const arrays = Object.entries(net.stateDict()).filter(([path]) => !path.startsWith(`${classifier}.`));
  return Buffer.from(encodeNpz(Object.fromEntries(arrays))).toString('base64');
}

/** Copies such arrays into a net, which keeps its classifier. */
export function loadFeatures(net: ConvNet, features: string | undefined): void {
  if (features === undefined) throw new InputError('the net that learned the source classes has no features');
  loadWeights(net, decodeNpz(Buffer.from(features, 'base64'), 'the features'), 'the features');
}
