import type { NdArray } from '../array/index.js';
import * as np from '../array/index.js';
import { AvgPool2d } from '../layers/avg-pool2d.js';
import { BatchNorm1d } from '../layers/batch-norm.js';
import { Concat } from '../layers/concat.js';
import { Conv2d } from '../layers/conv2d.js';
import { Dropout } from '../layers/dropout.js';
import { ELU } from '../layers/elu.js';
import { Flatten } from '../layers/flatten.js';
import { GELU } from '../layers/gelu.js';
import { GlobalAvgPool2d } from '../layers/global-avg-pool2d.js';
import { GroupNorm } from '../layers/group-norm.js';
import { InstanceNorm } from '../layers/instance-norm.js';
import type { Layer } from '../layers/layer.js';
import { LayerNorm } from '../layers/layer-norm.js';
import { Linear } from '../layers/linear.js';
import { MaxPool2d } from '../layers/max-pool2d.js';
import type { Parameter } from '../layers/parameter.js';
import { ReLU } from '../layers/relu.js';
import { Residual } from '../layers/residual.js';
import { Sequential } from '../layers/sequential.js';
import { Softmax } from '../layers/softmax.js';
import { Tanh } from '../layers/tanh.js';
import { CrossEntropy } from '../losses/cross-entropy.js';
import type { Loss } from '../losses/loss.js';
import { MSELoss } from '../losses/mse-loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import * as tape from './tape.js';
import {
  add,
  divide,
  exp,
  log,
  matmul,
  maximum,
  multiply,
  reshape,
  sqrt,
  subtract,
  transpose,
  type Variable,
} from './tape.js';

/**
 * Every layer and loss of this library once more, as its forward alone, on the tape. They share the equations, the
 * parameters and the options with the layers, and no line of code. The tape gives them their gradients.
 */

/**
 * A layer's forward on the tape.
 *
 * @param x its input
 * @param layer the layer, whose options and mode count
 * @param on a parameter of the layer, as a variable
 * @returns its output
 */
export type TapeForward<L extends Layer = Layer> = (
  x: Variable,
  layer: L,
  on: (parameter: Parameter) => Variable,
) => Variable;

const LAST = { axis: -1, keepDims: true };

/** By class. A class that extends one of these has its forward. */
const FORWARDS = [
  forwardOf(Linear, (x, { weight, bias }, on) => {
    const product = matmul(x, transpose(on(weight))); // (N, M)
    return bias ? add(product, on(bias)) : product; // (N, M)
  }),

  // Activations. min(x, 0) is x − max(x, 0).
  forwardOf(ReLU, (x) => maximum(x, 0)),
  forwardOf(ELU, (x, { alpha }) => {
    const positive = maximum(x, 0);
    return add(positive, multiply(alpha, subtract(exp(subtract(x, positive)), 1)));
  }),
  forwardOf(Tanh, (x) => tape.tanh(x)),
  forwardOf(GELU, (x) => {
    const cube = multiply(x, multiply(x, x));
    const gate = tape.tanh(multiply(Math.sqrt(2 / Math.PI), add(x, multiply(0.044715, cube))));
    return multiply(multiply(0.5, x), add(1, gate));
  }),
  forwardOf(Softmax, (x) => {
    const exponentials = exp(shifted(x)); // (N, C)
    return divide(exponentials, tape.sum(exponentials, LAST)); // (N, C)
  }),

  // Norms. They differ in the axes over which they standardize.
  forwardOf(LayerNorm, (x, { gamma, beta, eps }, on) => scaleAndShift(standardize(x, [-1], eps), on(gamma), on(beta))),
  forwardOf(BatchNorm1d, (x, { gamma, beta, eps, training, runningMean, runningVar }, on) => {
    if (training) return scaleAndShift(standardize(x, [0, ...positions(x)], eps), on(gamma), on(beta));
    const centered = subtract(x, alongFeatures(runningMean, x));
    const xHat = divide(centered, sqrt(add(alongFeatures(runningVar, x), eps)));
    return scaleAndShift(xHat, on(gamma), on(beta));
  }),
  forwardOf(GroupNorm, (x, { gamma, beta, eps, groups }, on) => {
    const grouped = reshape(x, [x.value.shape[0], groups, -1]); // (N, G, K)
    return scaleAndShift(reshape(standardize(grouped, [-1], eps), x.value.shape), on(gamma), on(beta));
  }),
  forwardOf(InstanceNorm, (x, { gamma, beta, eps }, on) =>
    scaleAndShift(standardize(x, positions(x), eps), on(gamma), on(beta)),
  ),

  // A mask that is drawn anew, from the same random numbers.
  forwardOf(Dropout, (x, { p, rng, training }) => {
    const { shape, dtype } = x.value;
    return training ? divide(multiply(x, rng.bernoulli(shape, { p: 1 - p, dtype })), 1 - p) : x;
  }),

  // Images.
  forwardOf(Conv2d, (x, { weight, bias, kernelSize, windows }, on) => {
    const [N] = x.value.shape;
    const [O] = weight.value.shape;
    const [OH, OW] = np.windowsOn('the tape', x.value.shape, kernelSize, windows).count;
    const columns = transpose(tape.unfold(x, kernelSize, windows), [1, 0, 2]); // (C · KH · KW, N, OH · OW)
    const kernels = reshape(on(weight), [O, -1]); // (O, C · KH · KW)
    const products = matmul(kernels, reshape(columns, [columns.value.shape[0], -1])); // (O, N · OH · OW)
    const out = transpose(reshape(products, [O, N, OH, OW]), [1, 0, 2, 3]); // (N, O, OH, OW)
    return bias ? add(out, alongFeatures(on(bias), out)) : out; // (N, O, OH, OW)
  }),
  forwardOf(MaxPool2d, (x, { pooling }) => {
    const inside = windowsOf(np.ones(x.value.shape, x.value.dtype), pooling).value; // 0 in the padding
    const padding = np.map(inside, (one) => (one === 1 ? 0 : Number.NEGATIVE_INFINITY)); // (N, C, K, OH · OW)
    return asImages(tape.max(add(windowsOf(x, pooling), padding), { axis: 2 }), x, pooling); // (N, C, OH, OW)
  }),
  forwardOf(AvgPool2d, (x, { pooling }) => asImages(tape.mean(windowsOf(x, pooling), { axis: 2 }), x, pooling)),
  forwardOf(GlobalAvgPool2d, (x) => tape.mean(x, { axis: [2, 3] })), // (N, C)
  forwardOf(Flatten, (x) => reshape(x, [x.value.shape[0], -1])), // (N, D)

  // Containers.
  forwardOf(Sequential, (x, { layers }, on) => layers.reduce((out, layer) => forwardOnTape(out, layer, on), x)),
  forwardOf(Residual, (x, { inner, shortcut }, on) =>
    add(shortcut ? forwardOnTape(x, shortcut, on) : x, forwardOnTape(x, inner, on)),
  ),
  forwardOf(Concat, (x, { inner }, on) => tape.concatenate([x, forwardOnTape(x, inner, on)], 1)),
];

/** The losses, from the outputs of a net and the targets. */
const LOSSES = [
  lossOf(CrossEntropy, (probs, targets) => {
    const tiny = targets.dtype === 'float64' ? 2 ** -1022 : 2 ** -126;
    return crossEntropy(log(maximum(probs, tiny)), targets);
  }),
  lossOf(SoftmaxCrossEntropy, (logits, targets) => {
    const safe = shifted(logits); // (N, C)
    return crossEntropy(subtract(safe, log(tape.sum(exp(safe), LAST))), targets);
  }),
  lossOf(MSELoss, (outputs, targets) => {
    const difference = subtract(outputs, targets);
    return tape.mean(multiply(difference, difference));
  }),
];

/** Minus the largest number of each row, as a constant: it changes neither a softmax nor its gradient. */
function shifted(x: Variable): Variable {
  return subtract(x, np.max(x.value, LAST));
}

function crossEntropy(logProbs: Variable, targets: NdArray): Variable {
  return multiply(tape.sum(multiply(targets, logProbs)), -1 / targets.shape[0]);
}

/** Mean 0 and variance 1 along some axes. */
function standardize(x: Variable, axis: readonly number[], eps: number): Variable {
  const centered = subtract(x, tape.mean(x, { axis, keepDims: true }));
  const variance = tape.mean(multiply(centered, centered), { axis, keepDims: true });
  return divide(centered, sqrt(add(variance, eps)));
}

function scaleAndShift(xHat: Variable, gamma: Variable, beta: Variable): Variable {
  return add(multiply(xHat, alongFeatures(gamma, xHat)), alongFeatures(beta, xHat));
}

/** One number per feature, in a shape that broadcasts along axis 1 of x. */
function alongFeatures(numbers: Variable | NdArray, x: Variable): Variable {
  return reshape(numbers, [-1, ...positions(x).map(() => 1)]);
}

/** The axes after that of the features: none, L, or H and W. */
function positions(x: Variable): number[] {
  return [...x.value.shape.keys()].slice(2);
}

/** The windows of each channel as columns, (N, C, K, OH · OW) for K pixels in a window. */
function windowsOf(x: Variable | NdArray, { kernelSize, stride, padding }: np.Pooling): Variable {
  const [N, C] = ('value' in x ? x.value : x).shape;
  return reshape(tape.unfold(x, kernelSize, { stride, padding }), [N, C, kernelSize[0] * kernelSize[1], -1]);
}

/** One number per window, (N, C, OH · OW), as images, (N, C, OH, OW). */
function asImages(numbers: Variable, x: Variable, { kernelSize, stride, padding }: np.Pooling): Variable {
  const [N, C] = x.value.shape;
  return reshape(numbers, [N, C, ...np.windowsOn('the tape', x.value.shape, kernelSize, { stride, padding }).count]);
}

/**
 * The forward of a layer of this library, and of all layers inside it, on the tape.
 *
 * @param x its input
 * @param layer a layer of this library, a model, or a container of them
 * @param on a parameter as a variable, the same one each time
 * @returns its output
 * @throws TypeError for a layer of a class that has no forward on the tape
 */
export function forwardOnTape(x: Variable, layer: Layer, on: (parameter: Parameter) => Variable): Variable {
  for (const forward of FORWARDS) {
    const out = forward(x, layer, on);
    if (out) return out;
  }
  throw new TypeError(`the tape has no forward for ${layer.constructor.name}: write it in src/autodiff/forwards.ts`);
}

/**
 * The value of a loss of this library on the tape.
 *
 * @param outputs the outputs of a net
 * @param loss a loss of this library
 * @param targets as the loss takes them
 * @returns a variable with one element
 * @throws TypeError for a loss of a class that has no forward on the tape
 */
export function lossOnTape(outputs: Variable, loss: Loss, targets: NdArray): Variable {
  for (const forward of LOSSES) {
    const value = forward(outputs, loss, targets);
    if (value) return value;
  }
  throw new TypeError(`the tape has no forward for ${loss.constructor.name}: write it in src/autodiff/forwards.ts`);
}

/** A forward that is undefined for layers of other classes. */
function forwardOf<L extends Layer>(kind: abstract new (...args: never[]) => L, forward: TapeForward<L>) {
  return (x: Variable, layer: Layer, on: (parameter: Parameter) => Variable): Variable | undefined =>
    layer instanceof kind ? forward(x, layer, on) : undefined;
}

/** A value that is undefined for losses of other classes. */
function lossOf<L extends Loss>(
  kind: abstract new (...args: never[]) => L,
  forward: (outputs: Variable, targets: NdArray) => Variable,
) {
  return (outputs: Variable, loss: Loss, targets: NdArray): Variable | undefined =>
    loss instanceof kind ? forward(outputs, targets) : undefined;
}
