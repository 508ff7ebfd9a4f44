import { assertDtype, assertMethods, assertShape, min, type NdArray, NonFiniteError, sum } from '../array/index.js';
import type { Loss } from './loss.js';

/**
 * Throws unless outputs and targets are two (N, C) arrays of the same dtype, and each row of targets is a
 * distribution.
 *
 * @param call what the message begins with, such as `CrossEntropy.forward`
 * @param name what the message calls `outputs`
 * @throws ShapeError, DtypeError, or RangeError for a target below 0 or a row whose sum differs from 1 by 1e-3 or
 * more
 */
export function assertBatch(call: string, name: string, outputs: NdArray, targets: NdArray): void {
  assertShape(call, name, outputs, ['N', 'C']);
  assertShape(call, 'targets', targets, outputs.shape);
  assertDtype(call, 'targets', targets, outputs.dtype);
  const lowest = min(targets);
  if (lowest < 0) throw new RangeError(`${call}: expected targets from 0 up (one-hot), but one is ${lowest}`);
  const totals = sum(targets, { axis: 1 }); // (N,)
  for (let n = 0; n < targets.shape[0]; n++) {
    const total = totals.get(n);
    if (!(Math.abs(total - 1) < 1e-3)) {
      throw new RangeError(`${call}: expected rows of targets that sum to 1 (one-hot), but row ${n} sums to ${total}`);
    }
  }
}

/**
 * Returns the loss, or throws unless it is a finite number.
 *
 * @param call what the message begins with, such as `CrossEntropy.forward`
 * @throws NonFiniteError for NaN and ±∞
 */
export function finiteLoss(call: string, loss: number): number {
  if (!Number.isFinite(loss)) {
    throw new NonFiniteError(`${call}: the loss is ${loss}; its inputs are not finite or far out of range`);
  }
  return loss;
}

/**
 * Throws unless a value is a loss.
 *
 * @throws DtypeError that names the call
 */
export function assertLoss(call: string, loss: Loss): void {
  assertMethods(call, 'loss', loss, ['forward', 'backward'], 'a loss, such as new SoftmaxCrossEntropy()');
}
