import { multiply, type NdArray } from '../array/index.js';
import type { Batch } from '../data/image-set.js';
import type { Layer } from '../layers/layer.js';
import { Module } from '../layers/module.js';
import type { Loss } from '../losses/loss.js';
import type { Optimizer } from '../optim/optimizer.js';

/**
 * One step of training: the mean loss of a mini-batch, its gradient, and one update of the parameters. `Trainer` makes many of these. It
 * also cuts large batches, clips gradients and changes the learning rate.
 *
 * @param model in training mode, if it has layers with a mode
 * @param optimizer of the model's parameters
 * @param x (N, …) the inputs of the batch
 * @param targets (N, C) one-hot
 * @returns the loss before the update
 */
export function trainStep(model: Layer, loss: Loss, optimizer: Optimizer, x: NdArray, targets: NdArray): number {
  optimizer.zeroGrad();
  const { value } = forwardBackward(model, loss, { x, targets });
  optimizer.step();
  return value;
}

/**
 * The mean loss of a batch, and its gradient, added into the `grad` of each parameter.
 *
 * @param weight multiplies the gradient: the share of this batch in a larger one. Default: 1.
 * @returns the loss, not multiplied, and the outputs of the net
 */
export function forwardBackward(
  model: Layer,
  loss: Loss,
  { x, targets }: Batch,
  weight = 1,
): { value: number; outputs: NdArray } {
  const outputs = model.forward(x); // (N, C)
  const value = loss.forward(outputs, targets);
  const dout = multiply(loss.backward(), weight); // (N, C)
  if (model instanceof Module) model.accumulateGradients(dout);
  else model.backward(dout);
  return { value, outputs };
}
