import type { Net } from '../tasks.js';
import type { Operations } from './operations.js';
import { byLayer, type LayerParameters } from './peer.js';

/**
 * The nets written out by hand over `Operations`: forward, backward, SGD and Adam, for the libraries that have arrays
 * but no gradients, or whose own are slower. The equations are those of handgrad's layers, where they are derived,
 * but weights are (inputs, outputs), as in Keras, which leaves fewer transposed copies to make; with `outputsFirst`
 * they are PyTorch's.
 */

const NORM = { eps: 1e-5, momentum: 0.1 };
const ADAM = { beta1: 0.9, beta2: 0.999, eps: 1e-8 };

/** All arrays that a step replaces, in lists that run parallel; matrices (N, M) or rows (1, M). */
export interface State<A> {
  parameters: A[];
  /** Adam's moments of each parameter's gradient; empty for SGD. */
  means: A[];
  squares: A[];
  /** Running mean and variance of each batch norm. */
  running: A[];
}

/** What the backward pass of a layer needs from its forward pass. */
interface Cache<A> {
  input: A;
  /** What goes into the ELU. */
  z: A;
  xHat?: A;
  std?: A;
}

/** The probabilities in training mode, where batch norms use the batch's own statistics and move the running ones. */
export function forward<A>(ops: Operations<A>, net: Net, state: State<A>, x: A, batch: number) {
  const layers = byLayer(net, state.parameters);
  const caches: Cache<A>[] = [];
  const running: A[] = [];
  let out = x;
  for (const [i, layer] of layers.entries()) {
    const cache: Cache<A> = { input: out, z: linear(ops, out, layer) };
    if (layer.gamma !== undefined && layer.beta !== undefined) {
      const mean = ops.scale(ops.sumRows(cache.z), 1 / batch);
      const centered = ops.subtract(cache.z, mean);
      const variance = ops.scale(ops.sumRows(ops.multiply(centered, centered)), 1 / batch);
      cache.std = ops.sqrt(variance, NORM.eps);
      cache.xHat = ops.divide(centered, cache.std);
      cache.z = ops.add(ops.multiply(cache.xHat, layer.gamma), layer.beta);
      const unbiased = ops.scale(variance, batch / (batch - 1));
      running.push(
        blend(ops, state.running[2 * i], mean, 1 - NORM.momentum),
        blend(ops, state.running[2 * i + 1], unbiased, 1 - NORM.momentum),
      );
    }
    caches.push(cache);
    out = i < layers.length - 1 ? ops.elu(cache.z) : ops.softmax(cache.z);
  }
  return { probs: out, caches, running };
}

/** The probabilities in evaluation mode, where batch norms use the running statistics. */
export function evaluate<A>(ops: Operations<A>, net: Net, state: State<A>, x: A): A {
  const layers = byLayer(net, state.parameters);
  return layers.reduce((input, layer, i) => {
    let z = linear(ops, input, layer);
    if (layer.gamma !== undefined && layer.beta !== undefined) {
      const [mean, variance] = state.running.slice(2 * i, 2 * i + 2);
      const factor = ops.divide(layer.gamma, ops.sqrt(variance, NORM.eps));
      z = ops.add(ops.multiply(z, factor), ops.subtract(layer.beta, ops.multiply(mean, factor)));
    }
    return i < layers.length - 1 ? ops.elu(z) : ops.softmax(z);
  }, x);
}

/** The gradients of all parameters, from that of the logits; the first layer's dx is not asked for. */
export function backward<A>(
  ops: Operations<A>,
  net: Net,
  { parameters }: State<A>,
  caches: readonly Cache<A>[],
  dLogits: A,
  batch: number,
): A[] {
  const layers = byLayer(net, parameters);
  const gradients: A[][] = [];
  let dz = dLogits;
  for (let i = layers.length - 1; i >= 0; i--) {
    const { weight, gamma } = layers[i];
    const { input, xHat, std } = caches[i];
    const own: A[] = [];
    if (gamma !== undefined && xHat !== undefined && std !== undefined) {
      const dGamma = ops.sumRows(ops.multiply(dz, xHat));
      const dBeta = ops.sumRows(dz);
      const means = ops.scale(ops.add(ops.multiply(xHat, dGamma), dBeta), 1 / batch);
      dz = ops.multiply(ops.subtract(dz, means), ops.divide(gamma, std));
      own.push(dGamma, dBeta);
    }
    const dWeight = ops.outputsFirst ? ops.matmul(dz, input, 'a') : ops.matmul(input, dz, 'a');
    gradients.unshift([dWeight, ops.sumRows(dz), ...own]);
    if (i > 0) dz = ops.eluBackward(caches[i - 1].z, ops.matmul(dz, weight, ops.outputsFirst ? undefined : 'b'));
  }
  return gradients.flat();
}

/** The parameters after a step of the net's optimizer, and Adam's moments. */
export function update<A>(
  ops: Operations<A>,
  { optimizer, learningRate }: Net,
  { parameters, means, squares }: State<A>,
  gradients: readonly A[],
  step: number,
): Omit<State<A>, 'running'> {
  if (optimizer === 'sgd') {
    const descended = parameters.map((p, i) => ops.subtract(p, ops.scale(gradients[i], learningRate)));
    return { parameters: descended, means, squares };
  }
  const newMeans = means.map((mean, i) => blend(ops, mean, gradients[i], ADAM.beta1));
  const newSquares = squares.map((square, i) =>
    blend(ops, square, ops.multiply(gradients[i], gradients[i]), ADAM.beta2),
  );
  const rate = learningRate / (1 - ADAM.beta1 ** step);
  const correction = 1 / (1 - ADAM.beta2 ** step);
  const moved = parameters.map((p, i) => {
    const size = ops.shift(ops.sqrt(ops.scale(newSquares[i], correction), 0), ADAM.eps);
    return ops.subtract(p, ops.divide(ops.scale(newMeans[i], rate), size));
  });
  return { parameters: moved, means: newMeans, squares: newSquares };
}

function linear<A>(ops: Operations<A>, x: A, { weight, bias }: LayerParameters<A>): A {
  return ops.add(ops.matmul(x, weight, ops.outputsFirst ? 'b' : undefined), bias);
}

/** share · old + (1 − share) · fresh. */
function blend<A>(ops: Operations<A>, old: A, fresh: A, share: number): A {
  return ops.add(ops.scale(old, share), ops.scale(fresh, 1 - share));
}
