import { Random } from '../../../array/index.js';
import { flattened } from '../../../data/batch-source.js';
import { PIXELS, preprocessed } from '../../../data/pixel-scale.js';
import { MLP } from '../../../models/mlp.js';
import { SGD } from '../../../optim/sgd.js';
import { Trainer } from '../../../training/trainer.js';
import { Measurement, type MeasurementContext } from '../measurement.js';
import { median } from '../statistics.js';

/** The large batch, the net that is trained with it, and the sizes of the micro-batches. */
export const MEMORY = {
  hidden: [1024, 1024, 1024, 1024],
  norm: 'layer',
  batch: 4096,
  sizes: [32, 128, 512, 1024, 2048, 4096],
  steps: 3,
} as const;

/** The cost of steps with micro-batches of one size. */
export interface MemoryUse {
  /** The median time of a step, in seconds. */
  step: number;
  /** The peak memory of the process in MiB, before training and at the end. */
  before: number;
  peak: number;
}

/** One measurement per size. Memory can only be measured in a process of its own. */
export function memoryMeasurements(quick: boolean): Measurement<MemoryUse>[] {
  const { batch, sizes, steps } = quick ? { batch: 256, sizes: [64, 256], steps: 1 } : MEMORY;
  return sizes.map(
    (size) =>
      new Measurement({
        name: `micro-batch-${size}`,
        settings: { ...MEMORY, batch, sizes: undefined, size, steps },
        cost: size,
        measure: (context) => measureMemory(size, batch / size, steps, context),
      }),
  );
}

async function measureMemory(
  batchSize: number,
  accumulate: number,
  maxSteps: number,
  { cifar10, onStep }: MeasurementContext,
): Promise<MemoryUse> {
  const { train } = await cifar10();
  const source = flattened(preprocessed(train, PIXELS.symmetric(train)));
  const { hidden, norm } = MEMORY;
  const rng = new Random('weights');
  const model = new MLP({ inputs: train.width, hidden, classes: 10, norm, init: 'pytorch', logits: true, rng });
  const before = peakMemory();
  const times: number[] = [];
  let last = performance.now();
  const trainer = new Trainer({
    model,
    loss: model.loss(),
    optimizer: new SGD(model.parameters(), { learningRate: 1e-3 }),
    train: source,
    test: { count: 32, batch: source.batch },
    batchSize,
    accumulate,
    maxSteps,
    evalEvery: maxSteps,
    rng: new Random('batches'),
    onStep: () => {
      times.push((performance.now() - last) / 1000);
      last = performance.now();
    },
    betweenSteps: (step) => onStep(step, maxSteps),
  });
  await trainer.fit();
  return { step: median(times), before, peak: peakMemory() };
}

function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}
