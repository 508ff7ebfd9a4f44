import type { PartialModelConfig } from '../../../models/model-table.js';
import { runConfig } from '../../runs/read-config.js';
import type { PartialRunConfig, RunConfig } from '../../runs/run-config.js';
import { shortened, TrainJob } from '../train-job.js';

/** One row of the course's Table 1. */
export interface Setup {
  id: number;
  /** The test accuracy in the course's report. */
  published: number;
  config: RunConfig;
}

const WIDE = [1024, 512, 256, 64];
const ADAM = { optimizer: 'adam', learningRate: 1e-3, batchSize: 128, maxSteps: 2000 } as const;

/**
 * The ten multi-layer perceptrons that the course's report compares on CIFAR-10. Setup 0 is its NumPy net, with
 * softmax and cross-entropy as separate layers. The others are its PyTorch nets, whose loss combines the two. The net
 * is evaluated every 100 steps, as in the course.
 */
export const SETUPS: readonly Setup[] = [
  { id: 0, published: 0.491, config: runConfig({ model: { name: 'mlp', init: 'normal:1e-4' } }) },
  setup(1, 0.464, pytorchNet('none', [100])),
  setup(2, 0.529, pytorchNet('batch', [100]), { learningRate: 1e-2, maxSteps: 10_000 }),
  setup(3, 0.524, pytorchNet('batch', [100, 100]), { learningRate: 1e-2, maxSteps: 10_000 }),
  setup(4, 0.539, pytorchNet('batch', [1024, 512]), { learningRate: 1e-2, maxSteps: 10_000 }),
  setup(5, 0.557, pytorchNet('batch', WIDE), { learningRate: 1e-2, batchSize: 128, maxSteps: 10_000 }),
  setup(6, 0.56, pytorchNet('batch', WIDE), ADAM),
  setup(7, 0.54, pytorchNet('layer', WIDE), ADAM),
  setup(8, 0.552, { ...pytorchNet('batch', WIDE), activation: 'relu' }, ADAM),
  setup(9, 0.501, { ...pytorchNet('batch', WIDE), activation: 'tanh' }, { ...ADAM, maxSteps: 5000 }),
];

type Net = Extract<PartialModelConfig, { name: 'mlp' }>;

/**
 * A net with PyTorch's initial weights, a loss on logits, and a norm before every linear layer, including the first.
 */
function pytorchNet(norm: Net['norm'], hidden: number[]): Net {
  const position = norm === 'none' ? {} : { normPosition: 'before-linear' as const };
  return { name: 'mlp', hidden, init: 'pytorch', logits: true, norm, ...position };
}

function setup(id: number, published: number, model: Net, settings: PartialRunConfig = {}): Setup {
  return { id, published, config: runConfig({ ...settings, model }) };
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
