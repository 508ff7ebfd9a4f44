import { Random } from '../../../array/index.js';
import type { PIXELS } from '../../../data/pixel-scale.js';
import { MLP } from '../../../models/mlp.js';

/** The activations that are compared, with their names in reports. */
export const ACTIVATION_LABELS = { elu: 'ELU', relu: 'ReLU', tanh: 'tanh' } as const;

export type ComparedActivation = keyof typeof ACTIVATION_LABELS;

export const COMPARED_ACTIVATIONS: readonly ComparedActivation[] = ['elu', 'relu', 'tanh'];

/** A net whose gradients are measured, and how it is trained. */
export interface TrackedNet {
  name: 'deep' | 'table1';
  hidden: readonly number[];
  norm: 'none' | 'batch';
  pixels: keyof typeof PIXELS;
  optimizer: 'sgd' | 'adam';
  learningRate: number;
  batchSize: number;
  steps: number;
  /** Steps between two measurements of the gradients, and between two evaluations. */
  every: number;
  testEvery: number;
}

/**
 * A deep net in which gradients can vanish, and the net of setups 6 (ELU), 8 (ReLU) and 9 (tanh) of Table 1, each
 * with 5,000 steps.
 */
export const TRACKED_NETS: readonly TrackedNet[] = [
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

/** The net, with PyTorch's initial weights. A norm stands before each linear layer, as in Table 1. */
export function trackedMlp({ hidden, norm }: TrackedNet, activation: ComparedActivation, seed: number): MLP {
  const rng = new Random(`${seed}: weights`);
  const shape = { inputs: 3072, hidden, classes: 10, activation, norm };
  return new MLP({ ...shape, normPosition: 'before-linear', init: 'pytorch', logits: true, rng });
}
