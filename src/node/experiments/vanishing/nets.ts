import { Random } from '../../../array/index.js';
import type { PIXELS } from '../../../data/pixel-scale.js';
import { Linear } from '../../../layers/linear.js';
import { type ACTIVATIONS, MLP } from '../../../models/mlp.js';
import { Adam } from '../../../optim/adam.js';
import type { Optimizer } from '../../../optim/optimizer.js';
import { SGD } from '../../../optim/sgd.js';

/** The activations that are compared. */
export const COMPARED_ACTIVATIONS = ['elu', 'relu', 'tanh'] as const;

export type ComparedActivation = (typeof COMPARED_ACTIVATIONS)[number];

/** A net whose gradients are watched, and how it is trained. */
export interface WatchedNet {
  name: string;
  hidden: readonly number[];
  norm: 'none' | 'batch';
  pixels: keyof typeof PIXELS;
  optimizer: 'sgd' | 'adam';
  learningRate: number;
  batchSize: number;
  steps: number;
  /** Steps between two looks at the gradients, and between two tests; none without. */
  every: number;
  testEvery: number;
}

/** A net deep enough for gradients to vanish, and that of setups 6 (ELU), 8 (ReLU) and 9 (tanh) of Table 1, each 5,000 steps long. */
export const WATCHED: readonly WatchedNet[] = [
  {
    name: 'deep',
    hidden: Array(16).fill(128),
    norm: 'none',
    pixels: 'symmetric',
    optimizer: 'sgd',
    learningRate: 0.1,
    batchSize: 128,
    steps: 1000,
    every: 20,
    testEvery: 1000,
  },
  {
    name: 'table1',
    hidden: [1024, 512, 256, 64],
    norm: 'batch',
    pixels: 'mean-image',
    optimizer: 'adam',
    learningRate: 1e-3,
    batchSize: 128,
    steps: 5000,
    every: 50,
    testEvery: 500,
  },
];

/** The net, with PyTorch's first weights; of Table 1 with its norms before each linear layer. */
export function watchedMlp({ hidden, norm }: WatchedNet, activation: keyof typeof ACTIVATIONS, seed: number): MLP {
  const rng = new Random(`${seed}: weights`);
  const shape = { inputs: 3072, hidden, classes: 10, activation, norm };
  return new MLP({ ...shape, normPosition: 'before-linear', init: 'pytorch', logits: true, rng });
}

/** Its optimiser. */
export function optimizerOf({ optimizer, learningRate }: WatchedNet, net: MLP): Optimizer {
  const parameters = net.parameters();
  return optimizer === 'adam' ? new Adam(parameters, { learningRate }) : new SGD(parameters, { learningRate });
}

/** Its linear layers, the first one first. */
export function linearsOf(net: MLP): Linear[] {
  return net.layers.filter((layer) => layer instanceof Linear);
}
