import {
  assertFlag,
  assertNoMoreOptions,
  assertNumber,
  assertRandom,
  checkedDtype,
  checkedOptions,
  type Dtype,
  inWords,
  type NdArray,
  Random,
} from '../array/index.js';
import { BatchNorm1d } from '../layers/batch-norm.js';
import { Dropout } from '../layers/dropout.js';
import { ELU } from '../layers/elu.js';
import { GELU } from '../layers/gelu.js';
import { GroupNorm } from '../layers/group-norm.js';
import type { Init } from '../layers/init.js';
import { initializer } from '../layers/init.js';
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
import { autoInit } from './auto-init.js';

/** The activations that an MLP can have, by name. */
export const ACTIVATIONS = {
  elu: () => new ELU(),
  gelu: () => new GELU(),
  relu: () => new ReLU(),
  tanh: () => new Tanh(),
} satisfies Record<string, () => Layer>;

/** The norms that an MLP can have, by name. */
export const NORMS = {
  none: () => [],
  layer: (features: number, dtype: Dtype) => [new LayerNorm(features, { dtype })],
  batch: (features: number, dtype: Dtype) => [new BatchNorm1d(features, { dtype })],
  group: (features: number, dtype: Dtype) => [new GroupNorm(groupsFor(features), features, { dtype })],
} satisfies Record<string, (features: number, dtype: Dtype) => Layer[]>;

type Activation = keyof typeof ACTIVATIONS;
type Norm = keyof typeof NORMS;

/**
 * Where the norm is: between each hidden linear layer and its activation, or before every linear layer, the first and
 * the last included.
 */
export const NORM_POSITIONS = ['before-activation', 'before-linear'] as const;

/** The options of an MLP. */
export interface MLPOptions {
  /** D, the number of inputs. */
  inputs: number;
  /** The widths of the hidden layers. `[]` makes a linear classifier. */
  hidden: readonly number[];
  /** C, the number of outputs. */
  classes: number;
  /** What follows each hidden linear layer. Default: `'elu'`. */
  activation?: Activation;
  /**
   * Default: `'none'`. `'group'` uses the largest number of groups up to 32 that divides the width and leaves at
   * least 16 features each.
   */
  norm?: Norm;
  /**
   * Where the norm is: between each hidden linear layer and its activation, or before every linear layer, the first
   * and the last included. Default: `'before-activation'`.
   */
  normPosition?: (typeof NORM_POSITIONS)[number];
  /** Adds its input to the output of every hidden layer that is as wide as its input. Default: false. */
  residual?: boolean;
  /** The probability with which outputs of an activation are dropped in training. Default: 0. */
  dropout?: number;
  /**
   * Ends at the last linear layer, for `SoftmaxCrossEntropy`, instead of at a softmax, for `CrossEntropy`. Default:
   * false.
   */
  logits?: boolean;
  /**
   * How the weights are initialized. Default: `'auto'`, which is `'normal:1e-4'`, the course's, where a net learns with
   * it, and a larger one elsewhere: see `autoInit`.
   */
  init?: Init | 'auto';
  /** Draws the weights and then the masks of dropout. Default: `new Random(0)`. */
  rng?: Random;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * The multi-layer perceptron: linear layers with an activation between each two, and a softmax at the end,
 * `inputs → Linear → activation → … → Linear → Softmax → class probabilities`. Options add norms, dropout after each
 * activation, and residual connections around hidden layers. `forward` takes (N, D). It returns (N, C):
 * probabilities, or with `logits` the scores before the softmax.
 */
export class MLP extends Sequential {
  /** D: `forward` takes (N, D). */
  readonly inputs: number;
  /** C: `forward` returns (N, C). */
  readonly classes: number;
  /** Draws the weights and then the masks of dropout. */
  readonly rng: Random;
  private readonly logits: boolean;

  /**
   * @throws RangeError for a width that is not a whole number from 1 up, an unknown name, or a dropout outside [0, 1)
   */
  constructor(options: MLPOptions) {
    const { inputs, hidden, classes, logits = false, rng = new Random(0), ...rest } = checkedOptions('MLP', options);
    if (!Array.isArray(hidden))
      throw new RangeError(`MLP: expected hidden to be a list of widths, got ${inWords(hidden)}`);
    if (![inputs, ...hidden, classes].every((width) => Number.isSafeInteger(width) && width >= 1)) {
      const got = [inputs, ...hidden, classes].map(inWords).join(', ');
      throw new RangeError(`MLP: expected inputs, hidden and classes to be whole numbers from 1 up, got ${got}`);
    }
    assertFlag('MLP', 'logits', logits);
    assertRandom('MLP', rng);
    super(...layersOf([inputs, ...hidden, classes], rng, rest), ...(logits ? [] : [new Softmax()]));
    this.inputs = inputs;
    this.classes = classes;
    this.logits = logits;
    this.rng = rng;
  }

  /** A new loss of the kind that fits the outputs of this net. */
  loss(): Loss {
    return this.logits ? new SoftmaxCrossEntropy() : new CrossEntropy();
  }

  /** The class probabilities, (N, C), in the outputs of this net. */
  probabilities(outputs: NdArray): NdArray {
    return this.logits ? new Softmax().forward(outputs) : outputs; // (N, C)
  }
}

const BEFORE_LINEAR = { 'before-activation': false, 'before-linear': true };

type LayerOptions = Omit<MLPOptions, 'inputs' | 'hidden' | 'classes' | 'logits' | 'rng'>;

/** The layers from the inputs to the logits. */
function layersOf(widths: readonly number[], rng: Random, options: LayerOptions): Layer[] {
  const { activation = 'elu', norm = 'none', normPosition = 'before-activation', dropout = 0, ...others } = options;
  const { residual = false, init: wanted = 'auto', dtype = 'float32', ...rest } = others;
  assertNoMoreOptions('MLP', rest);
  const makeActivation: () => Layer = named('activation', ACTIVATIONS, activation);
  const makeNorm: (features: number, dtype: Dtype) => Layer[] = named('norm', NORMS, norm);
  const beforeLinear = named('normPosition', BEFORE_LINEAR, normPosition);
  assertFlag('MLP', 'residual', residual);
  checkedDtype('MLP', dtype);
  if (wanted !== 'auto') initializer(wanted, 'MLP');
  assertNumber('MLP', 'dropout', dropout);
  if (!(dropout >= 0 && dropout < 1)) {
    throw new RangeError(`MLP: expected a dropout from 0 up and below 1, got ${dropout}`);
  }
  const [inputs, ...hidden] = widths.slice(0, -1);
  const init = wanted === 'auto' ? autoInit({ inputs, hidden, normalized: norm !== 'none', residual }) : wanted;
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

/** The largest number of groups, up to 32, with 16 features or more each. Wu and He 2018 found both numbers good. */
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
