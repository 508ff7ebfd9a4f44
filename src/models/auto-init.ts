import { assertFlag, assertList, assertWhole, checkedOptions } from '../array/index.js';
import type { InitName } from '../layers/init.js';

/** What decides the initialization of an MLP whose `init` is `'auto'`. */
export interface AutoInitOptions {
  /** D, the number of inputs. */
  inputs: number;
  /** The widths of the hidden layers. */
  hidden: readonly number[];
  /** Whether norms rescale the activations. */
  normalized: boolean;
  /** Whether hidden layers as wide as their input have a residual connection. */
  residual: boolean;
  /** Whether the inputs are of the order of 1. Default: only if there are fewer than 256, too few for an image. */
  unitInputs?: boolean;
}

/** An image of 16 × 16 pixels. */
const IMAGE_INPUTS = 256;

/**
 * The initialization that `'auto'` stands for. The rule never changes, so a run of an earlier version keeps its net.
 *
 * The course's $N(0, 10^{-8})$ suits one hidden layer on pixels from 0 to 255. The outputs of a layer with $D$ inputs
 * of standard deviation $s$ have the standard deviation $10^{-4} s \sqrt D$. That is 0.35 for CIFAR-10, with
 * $s = 64$ and $D = 3072$, but 0.001 for the next layer, with $s \approx 1$ and $D = 100$. A second hidden layer, or
 * inputs of the order of 1, leave signals and gradients too small to learn from. Norms rescale them, and residual
 * connections pass them on.
 *
 * - `'normal:1e-4'`, the course's: with a norm; without hidden layers, except those with a residual connection; with
 *   one of them on pixels from 0 to 255
 * - `'pytorch'` for other nets on pixels from 0 to 255: its weights are smaller than the next one's by √3 or more,
 *   which suits large inputs
 * - `'xavier'` for other nets on inputs of the order of 1
 */
export function autoInit(options: AutoInitOptions): InitName {
  const { inputs, hidden, normalized, residual } = checkedOptions('autoInit', options);
  const { unitInputs = inputs < IMAGE_INPUTS } = options;
  assertList('autoInit', 'hidden', hidden, '[100]');
  for (const width of [inputs, ...hidden]) assertWhole('autoInit', 'inputs and hidden', width, 1);
  for (const [name, flag] of Object.entries({ normalized, residual, unitInputs })) assertFlag('autoInit', name, flag);
  const widths = [inputs, ...hidden];
  const plain = hidden.filter((width, i) => !(residual && width === widths[i])).length;
  if (normalized || plain === 0 || (plain === 1 && !unitInputs)) return 'normal:1e-4';
  return unitInputs ? 'xavier' : 'pytorch';
}
