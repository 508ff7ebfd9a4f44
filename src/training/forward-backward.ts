import { multiply, type NdArray } from '../array/index.js';
import type { Batch } from '../data/sample-set.js';
import type { Module } from '../layers/module.js';
import type { Loss } from '../losses/loss.js';

/**
 * The mean loss of a batch, and its gradient, added into the `grad` of each parameter.
 *
 * @param weight multiplies the gradient: the share of this batch in a larger one
 * @returns the loss, not multiplied, and the outputs of the net
 */
export function forwardBackward(
  model: Module,
  loss: Loss,
  { x, targets }: Batch,
  weight: number,
): { value: number; outputs: NdArray } {
  const outputs = model.forward(x); // (N, C)
  const value = loss.forward(outputs, targets);
  model.accumulateGradients(multiply(loss.backward(), weight));
  return { value, outputs };
}
