import {
  addInPlace,
  addMatmulInPlace,
  assertDtype,
  assertFlag,
  assertNoMoreOptions,
  assertRandom,
  assertShape,
  checkedDtype,
  checkedOptions,
  type Dtype,
  matmul,
  type NdArray,
  Random,
  sum,
  transpose,
} from '../array/index.js';
import { type Init, initialBias, initializer } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `Linear` layer. */
export interface LinearOptions {
  /** Whether to add b. Default: true. */
  bias?: boolean;
  /** How the weights are initialized. Default: `'normal:1e-4'`. The bias starts at 0, except with `'pytorch'`. */
  init?: Init;
  /** Draws the weights. Layers that share one get different weights. Default: `new Random(0)`. */
  rng?: Random;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * The linear (fully connected) layer: every output is a weighted sum of all inputs, plus a bias. A multi-layer
 * perceptron alternates linear layers with activations. Most of what it learns is in the weights of its linear
 * layers.
 *
 * **Forward.** The N samples are the rows of $X$ (`x`). With weights $W$ of shape $(M, D)$ (`weight`) and biases $b$
 * (`bias`):
 *
 * $$ Y = X W^\top + b, \qquad Y_{nm} = \sum_d X_{nd} W_{md} + b_m . $$
 *
 * **Backward, input.** Given $\partial L/\partial Y_{nm}$ (`dout`), the chain rule sums over every path from a
 * variable to the loss $L$. An input $X_{nd}$ reaches the loss through all outputs of its own sample and of no other
 * sample $k$, with $\partial Y_{km}/\partial X_{nd} = \delta_{kn} W_{md}$:
 *
 * $$ \frac{\partial L}{\partial X_{nd}} = \sum_{k,m} \frac{\partial L}{\partial Y_{km}} \delta_{kn} W_{md}
 *    = \sum_m \frac{\partial L}{\partial Y_{nm}} W_{md}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} W . $$
 *
 * **Backward, parameters.** A weight $W_{md}$ reaches the loss through output $m$ of every sample, and through no
 * other output $j$: $\partial Y_{nj}/\partial W_{md} = \delta_{jm} X_{nd}$. So
 *
 * $$ \frac{\partial L}{\partial W_{md}} = \sum_{n,j} \frac{\partial L}{\partial Y_{nj}} \delta_{jm} X_{nd}
 *    = \sum_n \frac{\partial L}{\partial Y_{nm}} X_{nd} , $$
 *
 * which is a product of two matrices, summed over the samples:
 *
 * $$ \frac{\partial L}{\partial W} = \Big(\frac{\partial L}{\partial Y}\Big)^{\!\top} X . $$
 *
 * In the same way $\partial Y_{nj}/\partial b_m = \delta_{jm}$, and the gradient of the bias is the sum of the rows
 * of `dout`:
 *
 * $$ \frac{\partial L}{\partial b_m} = \sum_{n,j} \frac{\partial L}{\partial Y_{nj}} \delta_{jm}
 *    = \sum_n \frac{\partial L}{\partial Y_{nm}} . $$
 *
 * Both are added to what `grad` already holds.
 */
export class Linear extends Module {
  /** (M, D) */
  readonly weight: Parameter;
  /** (M,), or undefined without a bias */
  readonly bias: Parameter | undefined;
  private x: NdArray | undefined;

  /**
   * @param inFeatures D, the width of the input
   * @param outFeatures M, the width of the output
   * @param options bias, initialization and dtype
   * @throws RangeError unless both widths are positive whole numbers, or for an unknown `init`
   */
  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    const { bias = true, init = 'normal:1e-4', rng = new Random(0), ...others } = checkedOptions('Linear', options);
    const { dtype = 'float32', ...rest } = others;
    assertNoMoreOptions('Linear', rest);
    assertFlag('Linear', 'bias', bias);
    assertRandom('Linear', rng);
    checkedDtype('Linear', dtype);
    if (!isWidth(inFeatures) || !isWidth(outFeatures)) {
      throw new RangeError(`Linear: expected positive whole numbers of features, got ${inFeatures} and ${outFeatures}`);
    }
    const weight = initializer(init, 'Linear')([outFeatures, inFeatures], rng, dtype); // (M, D)
    assertShape('Linear', 'the weights that init drew', weight, [outFeatures, inFeatures]);
    assertDtype('Linear', 'the weights that init drew', weight, dtype);
    this.weight = new Parameter('weight', weight);
    this.bias = bias ? new Parameter('bias', initialBias(init, weight.shape, rng, dtype)) : undefined; // (M,)
  }

  /**
   * Computes X Wᵀ + b. Do not change `x` before `backward`.
   *
   * @param x (N, D)
   * @returns (N, M), a fresh array
   */
  forward(x: NdArray): NdArray {
    assertShape('Linear.forward', 'x', x, ['N', this.inFeatures]);
    assertDtype('Linear.forward', 'x', x, this.weight.value.dtype);
    this.x = x;
    const out = matmul(x, transpose(this.weight.value)); // (N, M)
    if (this.bias) addInPlace(out, this.bias.value); // (N, M)
    return out;
  }

  /**
   * Adds dL/dW and dL/db into the `grad` of `weight` and `bias`, and returns dL/dx.
   *
   * @param dout (N, M)
   * @returns dL/dx, (N, D)
   */
  backward(dout: NdArray): NdArray {
    this.accumulateGradients(dout);
    return matmul(dout, this.weight.value); // (N, D)
  }

  /**
   * The half of `backward` that fills `grad`. The first layer of a net needs only this half.
   *
   * @param dout (N, M)
   */
  override accumulateGradients(dout: NdArray): void {
    const x = this.cached(this.x, dout, ({ shape: [N], dtype }) => ({ shape: [N, this.outFeatures], dtype })); // (N, D)
    addMatmulInPlace(this.weight.grad, transpose(dout), x); // (M, D)
    if (this.bias) addInPlace(this.bias.grad, sum(dout, { axis: 0 })); // (M,)
  }

  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }
}

function isWidth(features: number): boolean {
  return Number.isSafeInteger(features) && features >= 1;
}
