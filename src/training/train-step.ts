import { assertArray, type NdArray } from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import { assertLayer, Module } from '../layers/module.js';
import type { Loss } from '../losses/loss.js';
import { assertLoss } from '../losses/loss-checks.js';
import { assertOptimizer, type Optimizer } from '../optim/optimizer.js';

/**
 * One step of training: the mean loss of a mini-batch, its gradient, and one update of the parameters. `Trainer`
 * makes many of these steps. It also cuts large batches, clips gradients and changes the learning rate.
 *
 * @param model in training mode, if it has layers with a mode
 * @param optimizer of the model's parameters
 * @param x (N, …) the inputs of the batch
 * @param targets (N, C) one-hot
 * @returns the loss before the update
 */
export function trainStep(model: Layer, loss: Loss, optimizer: Optimizer, x: NdArray, targets: NdArray): number {
  assertLayer('trainStep', model);
  assertLoss('trainStep', loss);
  assertOptimizer('trainStep', optimizer);
  assertArray('trainStep', 'x', x);
  assertArray('trainStep', 'targets', targets);
  optimizer.zeroGrad();
  const value = loss.forward(model.forward(x), targets);
  const dout = loss.backward();
  if (model instanceof Module) model.accumulateGradients(dout);
  else model.backward(dout); // a class of your own that has no accumulateGradients
  optimizer.step();
  return value;
}
