import {
  assertDtype,
  assertFilled,
  assertShape,
  mean,
  multiply,
  type NdArray,
  square,
  subtract,
} from '../array/index.js';
import type { Loss } from './loss.js';
import { finiteLoss } from './loss-checks.js';

/**
 * The mean squared error of outputs and numeric targets, for regression. It is the mean over all elements, as PyTorch's
 * `MSELoss` computes it.
 *
 * **Forward.** With $K$ elements in all, outputs $X$ (`outputs`) and targets $T$ (`targets`):
 *
 * $$ L = \frac1K \sum_k (X_k - T_k)^2 . $$
 *
 * **Backward.** Each output occurs in one term, whose derivative is $2 (X_k - T_k)$:
 *
 * $$ \frac{\partial L}{\partial X_k} = \frac2K (X_k - T_k)
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac2K (X - T) . $$
 *
 * The gradient grows with the error. So targets in large units, such as prices in cents, give large gradients: scale
 * them to a standard deviation of about 1 first.
 */
export class MSELoss implements Loss {
  /** The name in reports. A minified bundle keeps it. */
  static readonly name: string = 'MSELoss';

  readonly task = 'regression';
  private difference: NdArray | undefined;

  /**
   * Computes the mean squared error.
   *
   * @param outputs (N, M), one row per sample, or any other shape
   * @param targets the desired outputs, of the shape and dtype of `outputs`
   * @returns the mean over all elements, in the squared unit of the targets
   * @throws ShapeError or DtypeError if the arrays do not match, NonFiniteError if the loss is not finite
   */
  forward(outputs: NdArray, targets: NdArray): number {
    assertFilled('MSELoss.forward', 'outputs', outputs);
    assertShape('MSELoss.forward', 'targets', targets, outputs.shape);
    assertDtype('MSELoss.forward', 'targets', targets, outputs.dtype);
    this.difference = subtract(outputs, targets); // the shape of outputs
    return finiteLoss('MSELoss.forward', mean(square(this.difference)));
  }

  backward(): NdArray {
    if (!this.difference) throw new Error('MSELoss.backward: call forward first');
    return multiply(this.difference, 2 / this.difference.size); // the shape of outputs
  }
}
