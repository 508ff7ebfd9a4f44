import {
  addInPlace,
  addMatmulInPlace,
  assertDtype,
  assertShape,
  type Dtype,
  matmul,
  type NdArray,
  Random,
  sum,
  transpose,
} from '../array/index.js';
import { type Init, initialBias, initializer } from './init.js';
import { Module, remembered } from './module.js';
import { Parameter } from './parameter.js';

/** The options of a `Linear` layer. */
export interface LinearOptions {
  /** Whether b is added; true without. */
  bias?: boolean;
  /** How the weights are drawn, `'normal:1e-4'` without; the bias starts at 0, but for `'pytorch'`. */
  init?: Init;
  /** Where the weights are drawn from. Layers that share one draw different weights; without, `new Random(0)`. */
  rng?: Random;
  /** The dtype of parameters and inputs, `'float32'` without. */
  dtype?: Dtype;
}

/**
 * The linear (fully connected) layer: every output is a weighted sum of all inputs, plus a bias. A net is
 * linear layers with a non-linearity between each two; all that it learns sits here, in the weights.
 *
 * **Forward.** With $S$ samples (the N of the shapes in the code) as the rows of $X$ (`x`), weights $W$ of shape
 * $(M, D)$ (`weight`) and biases $b$ (`bias`):
 *
 * $$ Y = X W^\top + b, \qquad Y_{sm} = \sum_d X_{sd} W_{md} + b_m . $$
 *
 * **Backward, input.** Given $\partial L/\partial Y_{sm}$ (`dout`), the chain rule sums over every path from a
 * variable to the loss $L$. An input $X_{sd}$ reaches it through all outputs of its own sample and of no other, with
 * $\partial Y_{tm}/\partial X_{sd} = \delta_{ts} W_{md}$:
 *
 * $$ \frac{\partial L}{\partial X_{sd}} = \sum_{t,m} \frac{\partial L}{\partial Y_{tm}} \delta_{ts} W_{md}
 *    = \sum_m \frac{\partial L}{\partial Y_{sm}} W_{md}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} W . $$
 *
 * **Backward, parameters.** A weight $W_{md}$ reaches the loss through output $m$ of every sample, and
 * $\partial Y_{sn}/\partial W_{md} = \delta_{nm} X_{sd}$, so
 *
 * $$ \frac{\partial L}{\partial W_{md}} = \sum_{s,n} \frac{\partial L}{\partial Y_{sn}} \delta_{nm} X_{sd}
 *    = \sum_s \frac{\partial L}{\partial Y_{sm}} X_{sd} , $$
 *
 * which is a product of two matrices, summed over the samples:
 *
 * $$ \frac{\partial L}{\partial W} = \Big(\frac{\partial L}{\partial Y}\Big)^{\!\top} X . $$
 *
 * A bias reaches it likewise, with $\partial Y_{sn}/\partial b_m = \delta_{nm}$: the rows of `dout` are summed,
 *
 * $$ \frac{\partial L}{\partial b_m} = \sum_{s,n} \frac{\partial L}{\partial Y_{sn}} \delta_{nm}
 *    = \sum_s \frac{\partial L}{\partial Y_{sm}} . $$
 *
 * Both are added to what `grad` holds already.
 */
export class Linear extends Module {
  /** (M, D) */
  readonly weight: Parameter;
  /** (M,), or undefined in a layer without bias */
  readonly bias: Parameter | undefined;
  private x: NdArray | undefined;

  /**
   * @param inFeatures D, the width of the input
   * @param outFeatures M, the width of the output
   * @param options whether there is a bias, how the first weights are drawn and from where, and the dtype
   * @throws RangeError unless both widths are whole numbers from 1 up, or for an `init` that names none
   */
  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    { bias = true, init = 'normal:1e-4', rng = new Random(0), dtype = 'float32' }: LinearOptions = {},
  ) {
    super();
    if (!isWidth(inFeatures) || !isWidth(outFeatures)) {
      throw new RangeError(
        `Linear: expected whole numbers of features from 1 up, got ${inFeatures} and ${outFeatures}`,
      );
    }
    const weight = initializer(init)([outFeatures, inFeatures], rng, dtype); // (M, D)
    assertShape('Linear', 'the weights that init drew', weight, [outFeatures, inFeatures]);
    assertDtype('Linear', 'the weights that init drew', weight, dtype);
    this.weight = new Parameter('weight', weight);
    this.bias = bias ? new Parameter('bias', initialBias(init, weight.shape, rng, dtype)) : undefined; // (M,)
  }

  /**
   * X Wᵀ + b. `x` must not be changed before `backward`.
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
   * The parameters' half of `backward`; the first layer of a net needs no more.
   *
   * @param dout (N, M)
   */
  override accumulateGradients(dout: NdArray): void {
    const x = remembered('Linear', this.x); // (N, D)
    assertShape('Linear.backward', 'dout', dout, [x.shape[0], this.outFeatures]);
    assertDtype('Linear.backward', 'dout', dout, x.dtype);
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
