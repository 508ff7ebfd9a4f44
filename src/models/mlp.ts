import { assertNoMoreOptions, type Dtype, Random } from '../array/index.js';
import { BatchNorm1d } from '../layers/batch-norm.js';
import { Dropout } from '../layers/dropout.js';
import { ELU } from '../layers/elu.js';
import { GELU } from '../layers/gelu.js';
import { GroupNorm } from '../layers/group-norm.js';
import type { Init } from '../layers/init.js';
import type { Layer } from '../layers/layer.js';
import { LayerNorm } from '../layers/layer-norm.js';
import { Linear } from '../layers/linear.js';
import { ReLU } from '../layers/relu.js';
import { Residual } from '../layers/residual.js';
import { Sequential } from '../layers/sequential.js';
import { Softmax } from '../layers/softmax.js';
import { Tanh } from '../layers/tanh.js';
import { CrossEntropy } from '../losses/cross-entropy.js';
import type { Loss } from '../losses/loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';

/** The activations that an MLP can have between its linear layers, by name. */
export const ACTIVATIONS = {
  elu: () => new ELU(),
  gelu: () => new GELU(),
  relu: () => new ReLU(),
  tanh: () => new Tanh(),
} satisfies Record<string, () => Layer>;

/** The normalisations that an MLP can have, by name. */
export const NORMS = {
  none: () => [],
  layer: (features: number, dtype: Dtype) => [new LayerNorm(features, { dtype })],
  batch: (features: number, dtype: Dtype) => [new BatchNorm1d(features, { dtype })],
  group: (features: number, dtype: Dtype) => [new GroupNorm(groupsFor(features), features, { dtype })],
} satisfies Record<string, (features: number, dtype: Dtype) => Layer[]>;

/** Where it stands: between a hidden linear layer and its activation, or before every linear layer, the first and the last too. */
export const NORM_POSITIONS = { 'before-activation': false, 'before-linear': true };

/** The shape of an MLP, and how its weights begin. */
export interface MLPOptions {
  /** D, the number of inputs. */
  inputs: number;
  /** The widths of the hidden layers; `[]` makes a linear classifier. */
  hidden: readonly number[];
  /** C, the number of outputs. */
  classes: number;
  /** What follows each hidden linear layer; `'elu'` without. */
  activation?: keyof typeof ACTIVATIONS;
  /** What normalises; `'none'` without. `'group'` takes as many groups as divide a width, up to 32, of 16 features at least. */
  norm?: keyof typeof NORMS;
  /**
   * Where it does: between each hidden linear layer and its activation, or before every linear layer, the first and the last
   * included; `'before-activation'` without.
   */
  normPosition?: keyof typeof NORM_POSITIONS;
  /** Add its input to the output of every hidden layer that is as wide as its input; false without. */
  residual?: boolean;
  /** The probability with which outputs of an activation are dropped in training; 0 without. */
  dropout?: number;
  /** End at the last linear layer, for `SoftmaxCrossEntropy`, instead of at a softmax, for `CrossEntropy`; false without. */
  logits?: boolean;
  /** How the weights are drawn; `'normal:1e-4'`, the course's, without. */
  init?: Init;
  /** Where they are drawn from, and after them dropout's masks; `new Random(0)` without. */
  rng?: Random;
  /** The dtype of parameters and inputs, `'float32'` without. */
  dtype?: Dtype;
}

/**
 * The multi-layer perceptron: linear layers with an activation between each two, and a softmax at the end.
 * `inputs → Linear → activation → … → Linear → Softmax → class probabilities`, with a normalisation before each linear
 * layer or before each activation, dropout after each activation, and residual connections around hidden layers (with their
 * norm, activation and dropout), where they are asked for. The output is (N, C):
 * probabilities, or with `logits` the scores before the softmax.
 */
export class MLP extends Sequential {
  /** D: `forward` takes (N, D). */
  readonly inputs: number;
  /** C: `forward` returns (N, C). */
  readonly classes: number;
  /** What drew the weights and draws the masks: a run that is to go on elsewhere saves its state. */
  readonly rng: Random;
  private readonly logits: boolean;

  /** @throws RangeError for a width that is not a whole number from 1 up, a name that is unknown, a dropout outside [0, 1) */
  constructor(options: MLPOptions) {
    const { inputs, hidden, classes, logits = false, rng = new Random(0), ...rest } = options;
    if (!Array.isArray(hidden))
      throw new RangeError(`MLP: expected hidden to be a list of widths, got ${String(hidden)}`);
    super(...layersOf([inputs, ...hidden, classes], rng, rest), ...(logits ? [] : [new Softmax()]));
    this.inputs = inputs;
    this.classes = classes;
    this.logits = logits;
    this.rng = rng;
  }

  /** A new loss of the kind that this net's outputs go with. */
  loss(): Loss {
    return this.logits ? new SoftmaxCrossEntropy() : new CrossEntropy();
  }
}

type LayerOptions = Omit<MLPOptions, 'inputs' | 'hidden' | 'classes' | 'logits' | 'rng'>;

/** The layers from the inputs to the logits. */
function layersOf(widths: readonly number[], rng: Random, options: LayerOptions): Layer[] {
  const { activation = 'elu', norm = 'none', normPosition = 'before-activation', dropout = 0, ...others } = options;
  const { residual = false, init = 'normal:1e-4', dtype = 'float32', ...rest } = others;
  assertNoMoreOptions('MLP', rest);
  const makeActivation: () => Layer = named('activation', ACTIVATIONS, activation);
  const makeNorm: (features: number, dtype: Dtype) => Layer[] = named('norm', NORMS, norm);
  const beforeLinear = named('normPosition', NORM_POSITIONS, normPosition);
  if (!(dropout >= 0 && dropout < 1)) {
    throw new RangeError(`MLP: expected a dropout from 0 up and below 1, got ${dropout}`);
  }
  return widths.slice(1).flatMap((width, i) => {
    const before = beforeLinear ? makeNorm(widths[i], dtype) : [];
    const linear = new Linear(widths[i], width, { init, rng, dtype });
    if (i === widths.length - 2) return [...before, linear]; // the logits
    const after = beforeLinear ? [] : makeNorm(width, dtype);
    const drop = dropout > 0 ? [new Dropout(dropout, { rng })] : [];
    const hidden = [...before, linear, ...after, makeActivation(), ...drop];
    return residual && width === widths[i] ? [new Residual(new Sequential(...hidden))] : hidden;
  });
}

/** The most groups, up to 32, of 16 features or more: both numbers are those that Wu and He 2018 found good. */
function groupsFor(features: number): number {
  const counts = Array.from({ length: 32 }, (_, i) => 32 - i);
  return counts.find((groups) => features % groups === 0 && features / groups >= 16) ?? 1;
}

function named<T extends object, K extends keyof T>(what: string, table: T, name: K): T[K] {
  if (!Object.hasOwn(table, name)) {
    throw new RangeError(`MLP: expected ${what} to be one of ${Object.keys(table).join(', ')}, got '${String(name)}'`);
  }
  return table[name];
}
