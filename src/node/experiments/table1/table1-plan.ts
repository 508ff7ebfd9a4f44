import { settingsOf } from '../../runs/optimizer-settings.js';
import { DEFAULTS, type TrainConfig } from '../../runs/train-config.js';
import { shortened, TrainJob } from '../train-job.js';

/** One row of the course's Table 1. */
export interface Setup {
  id: number;
  /** The test accuracy in the course's report. */
  published: number;
  config: TrainConfig;
}

const WIDE = [1024, 512, 256, 64];
const ADAM = { optimizer: 'adam', learningRate: 1e-3, batchSize: 128, maxSteps: 2000 } as const;

/**
 * The ten multi-layer perceptrons that the course's report compares on CIFAR-10. Setup 0 is its NumPy net, with softmax and
 * cross-entropy as separate layers. The others are its PyTorch nets, whose loss combines the two. The net is evaluated every 100 steps,
 * as in the course.
 */
export const SETUPS: readonly Setup[] = [
  setup(0, 0.491, {}),
  setup(1, 0.464, { ...asPyTorch('none') }),
  setup(2, 0.529, { ...asPyTorch('batch'), learningRate: 1e-2, maxSteps: 10_000 }),
  setup(3, 0.524, { ...asPyTorch('batch'), hidden: [100, 100], learningRate: 1e-2, maxSteps: 10_000 }),
  setup(4, 0.539, { ...asPyTorch('batch'), hidden: [1024, 512], learningRate: 1e-2, maxSteps: 10_000 }),
  setup(5, 0.557, { ...asPyTorch('batch'), hidden: WIDE, learningRate: 1e-2, batchSize: 128, maxSteps: 10_000 }),
  setup(6, 0.56, { ...asPyTorch('batch'), hidden: WIDE, ...ADAM }),
  setup(7, 0.54, { ...asPyTorch('layer'), hidden: WIDE, ...ADAM }),
  setup(8, 0.552, { ...asPyTorch('batch'), hidden: WIDE, ...ADAM, activation: 'relu' }),
  setup(9, 0.501, { ...asPyTorch('batch'), hidden: WIDE, ...ADAM, activation: 'tanh', maxSteps: 5000 }),
];

/** PyTorch's initial weights, a loss on logits, and a norm before every linear layer, including the first. */
function asPyTorch(norm: TrainConfig['norm']): Partial<TrainConfig> {
  return { init: 'pytorch', logits: true, norm, ...(norm === 'none' ? {} : { normPosition: 'before-linear' }) };
}

function setup(id: number, published: number, differing: Partial<TrainConfig>): Setup {
  const { momentum, nesterov, weightDecay, ...course } = DEFAULTS; // these depend on the optimizer
  const optimizer = differing.optimizer ?? course.optimizer;
  return { id, published, config: { ...course, ...differing, ...settingsOf(optimizer, differing) } };
}

/** The runs of some setups, each with every seed. */
export function table1Jobs(setups: readonly Setup[], seeds: readonly number[], quick = false): TrainJob[] {
  return setups.flatMap(({ id, config }) =>
    seeds.map((seed) => new TrainJob(table1RunName(id, seed), { ...(quick ? shortened(config) : config), seed })),
  );
}

/** The runs whose folders are among some names, with any setup and seed. */
export function table1JobsNamed(names: readonly string[], quick = false): TrainJob[] {
  const seeds = new Set(names.flatMap((name) => /^setup\d-seed(\d+)$/.exec(name)?.slice(1).map(Number) ?? []));
  return table1Jobs(SETUPS, [...seeds], quick).filter(({ name }) => names.includes(name));
}

/** The name of a run and of its folder. */
export function table1RunName(id: number, seed: number): string {
  return `setup${id}-seed${seed}`;
}
