import { assertLike, multiply, type NdArray, subtract, sumOfSquares } from '../../../array/index.js';
import type { Loss } from '../../../losses/loss.js';
import { finiteLoss } from '../../../losses/loss-checks.js';

/**
 * The squared distance of outputs and targets, summed over the samples: $L = \sum_n \|X_n - T_n\|^2$ with
 * $\partial L/\partial X = 2 (X - T)$. It is a sum, not a mean, because the published step size of 1e-6 is for a sum.
 */
export class SquaredError implements Loss {
  private difference: NdArray | undefined;

  /** @param outputs (N, D) */
  forward(outputs: NdArray, targets: NdArray): number {
    assertLike('SquaredError.forward', 'outputs', outputs, targets);
    this.difference = subtract(outputs, targets); // (N, D)
    return finiteLoss('SquaredError.forward', sumOfSquares(this.difference));
  }

  backward(): NdArray {
    if (!this.difference) throw new Error('SquaredError.backward: call forward first');
    return multiply(this.difference, 2); // (N, D)
  }
}
