import { assertNoMoreOptions, type Dtype, Random } from '../array/index.js';
import { ELU } from '../layers/elu.js';
import type { Init } from '../layers/init.js';
import type { Layer } from '../layers/layer.js';
import { LayerNorm } from '../layers/layer-norm.js';
import { Linear } from '../layers/linear.js';
import { Sequential } from '../layers/sequential.js';
import { Softmax } from '../layers/softmax.js';
import { CrossEntropy } from '../losses/cross-entropy.js';
import type { Loss } from '../losses/loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';

/** The activations that an MLP can have between its linear layers, by name. */
export const ACTIVATIONS = { elu: () => new ELU() } satisfies Record<string, () => Layer>;

/** The normalisations that an MLP can have between a linear layer and its activation, by name. */
export const NORMS = {
  none: () => [],
  layer: (features: number, dtype: Dtype) => [new LayerNorm(features, { dtype })],
} satisfies Record<string, (features: number, dtype: Dtype) => Layer[]>;

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
  /** What stands between each hidden linear layer and its activation; `'none'` without. */
  norm?: keyof typeof NORMS;
  /** End at the last linear layer, for `SoftmaxCrossEntropy`, instead of at a softmax, for `CrossEntropy`. */
  logits?: boolean;
  /** How the weights are drawn; `'normal:1e-4'`, the course's, without. */
  init?: Init;
  /** Where they are drawn from; `new Random(0)` without. */
  rng?: Random;
  /** `'float32'` without. */
  dtype?: Dtype;
}

/**
 * The multi-layer perceptron: linear layers with an activation between each two, and a softmax at the end.
 * `inputs → Linear → activation → … → Linear → Softmax → class probabilities`. The output is (N, C): probabilities,
 * or with `logits` the scores before the softmax.
 */
export class MLP extends Sequential {
  readonly inputs: number;
  readonly classes: number;
  private readonly logits: boolean;

  /** @throws RangeError for a width that is not a whole number from 1 up, or a name that is unknown */
  constructor({
    inputs,
    hidden,
    classes,
    activation = 'elu',
    norm = 'none',
    logits = false,
    init = 'normal:1e-4',
    rng = new Random(0),
    dtype = 'float32',
    ...rest
  }: MLPOptions) {
    assertNoMoreOptions('MLP', rest);
    if (!Array.isArray(hidden))
      throw new RangeError(`MLP: expected hidden to be a list of widths, got ${String(hidden)}`);
    const makeActivation = named('activation', ACTIVATIONS, activation);
    const makeNorm: (features: number, dtype: Dtype) => Layer[] = named('norm', NORMS, norm);
    const widths = [inputs, ...hidden];
    const blocks = hidden.flatMap((width, i) => [
      new Linear(widths[i], width, { init, rng, dtype }),
      ...makeNorm(width, dtype),
      makeActivation(),
    ]);
    const last = new Linear(widths[widths.length - 1], classes, { init, rng, dtype });
    super(...blocks, last, ...(logits ? [] : [new Softmax()]));
    this.inputs = inputs;
    this.classes = classes;
    this.logits = logits;
  }

  /** A new loss of the kind that this net's outputs go with. */
  loss(): Loss {
    return this.logits ? new SoftmaxCrossEntropy() : new CrossEntropy();
  }
}

function named<T extends object, K extends keyof T>(what: string, table: T, name: K): T[K] {
  if (!Object.hasOwn(table, name)) {
    throw new RangeError(`MLP: expected ${what} to be one of ${Object.keys(table).join(', ')}, got '${String(name)}'`);
  }
  return table[name];
}
