import * as tf from '@tensorflow/tfjs-core';
import { type LayerSpec, samePadding } from '../image-nets.js';
import { samplesOfEach } from '../protocol.js';
import type { ConvolutionTask, ImageTask, InferImagesTask, TrainImagesTask } from '../tasks.js';
import { Cannot, type Data, type Numbers, type Run } from './peer.js';

/**
 * The tasks of TensorFlow.js with convolutions. Its images are (N, H, W, C) and its kernels (KH, KW, I, O); they are
 * transposed when they are read, and results when they are compared, not in a run. Forward and Adam are its own. The
 * backward pass calls its kernels by name, because its package for Node registers no gradients.
 */
export function openImageTask(task: ImageTask, data: Data): Run {
  if (task.kind === 'infer-images') return infer(task, data);
  needKernels('Conv2DBackpropFilter', 'Conv2DBackpropInput');
  return task.kind === 'convolution' ? convolution(task, data) : train(task, data);
}

const NORM = { eps: 1e-5, momentum: 0.1 };

/** Throws `Cannot` if the back end, which was set at the start, lacks one of these kernels. */
function needKernels(...names: string[]): void {
  const missing = names.find((name) => !tf.getKernel(name, tf.getBackend()));
  if (missing !== undefined) throw new Cannot(`has no kernel ${missing}`);
}

/** The mean and variance of a batch norm. */
interface Statistics {
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

/** What a net reads as its layers run: the next parameter, and the statistics for the next norm. */
interface Source {
  parameter(): tf.Tensor;
  statistics(x: tf.Tensor4D): Statistics;
}

/** The output of a layer, and its backward pass, which returns dx and the gradients of the parameters in order. */
interface Pass {
  out: tf.Tensor;
  backward(dout: tf.Tensor): { dx: tf.Tensor; gradients: tf.Tensor[] };
}

/** All layers, one after the other. */
function passThrough(layers: readonly LayerSpec[], x: tf.Tensor, source: Source): Pass {
  const passes: Pass[] = [];
  let out = x;
  for (const spec of layers) {
    const pass = passOf(spec, out as tf.Tensor4D, source);
    passes.push(pass);
    out = pass.out;
  }
  return {
    out,
    backward: (dout) => {
      let dx = dout;
      const gradients: tf.Tensor[] = [];
      for (const pass of [...passes].reverse()) {
        const back = pass.backward(dx);
        dx = back.dx;
        gradients.unshift(...back.gradients);
      }
      return { dx, gradients };
    },
  };
}

function passOf(spec: LayerSpec, x: tf.Tensor4D, source: Source): Pass {
  switch (spec.layer) {
    case 'conv': {
      const [weight, bias] = [source.parameter() as tf.Tensor4D, source.parameter()];
      return {
        out: tf.add(tf.conv2d(x, weight, 1, 'same'), bias),
        backward: (dout) => {
          const { dx, dWeight } = convolutionGradients(x, weight, dout as tf.Tensor4D);
          return { dx, gradients: [dWeight, tf.sum(dout, [0, 1, 2])] };
        },
      };
    }
    case 'norm':
      return normPass(x, source);
    case 'relu':
      return { out: tf.relu(x), backward: (dout) => ({ dx: tf.mul(dout, tf.step(x)), gradients: [] }) };
    case 'pool':
      return poolPass(spec, x);
    case 'residual': {
      const inner = passThrough(spec.layers, x, source);
      return {
        out: tf.add(x, inner.out),
        backward: (dout) => {
          const { dx, gradients } = inner.backward(dout);
          return { dx: tf.add(dout, dx), gradients };
        },
      };
    }
    case 'mean': {
      const [batch, height, width, channels] = x.shape;
      const spread = (dout: tf.Tensor) => tf.reshape(tf.div(dout, height * width), [batch, 1, 1, channels]);
      return {
        out: tf.mean(x, [1, 2]),
        backward: (dout) => ({ dx: tf.mul(spread(dout), tf.onesLike(x)), gradients: [] }),
      };
    }
    case 'linear': {
      const [weight, bias] = [source.parameter() as tf.Tensor2D, source.parameter()];
      const input = x as tf.Tensor as tf.Tensor2D;
      return {
        out: tf.add(tf.matMul(input, weight), bias),
        backward: (dout) => ({
          dx: tf.matMul(dout, tf.transpose(weight)),
          gradients: [tf.matMul(tf.transpose(input), dout), tf.sum(dout, 0)],
        }),
      };
    }
  }
}

function normPass(x: tf.Tensor4D, source: Source): Pass {
  const { mean, variance } = source.statistics(x);
  const [gamma, beta] = [source.parameter() as tf.Tensor1D, source.parameter() as tf.Tensor1D];
  return {
    out: tf.batchNorm(x, mean, variance, beta, gamma, NORM.eps),
    backward: (dout) => {
      const rstd = tf.rsqrt(tf.add(variance, NORM.eps));
      const xHat = tf.mul(tf.sub(x, mean), rstd);
      const [dGamma, dBeta] = [tf.sum(tf.mul(dout, xHat), [0, 1, 2]), tf.sum(dout, [0, 1, 2])];
      const means = tf.div(tf.add(tf.mul(xHat, dGamma), dBeta), x.size / x.shape[3]);
      return { dx: tf.mul(tf.sub(dout, means), tf.mul(gamma, rstd)), gradients: [dGamma, dBeta] };
    },
  };
}

function poolPass({ kernel, stride, padding }: Extract<LayerSpec, { layer: 'pool' }>, x: tf.Tensor4D): Pass {
  const attributes = { filterSize: kernel, strides: stride, pad: padding, dimRoundingMode: 'floor' as const };
  const out = tf.maxPool(x, kernel, stride, padding, attributes.dimRoundingMode);
  return {
    out,
    backward: (dout) => ({
      dx: runKernel('MaxPoolGrad', { dy: dout, input: x, output: out }, attributes),
      gradients: [],
    }),
  };
}

function convolutionGradients(x: tf.Tensor4D, weight: tf.Tensor4D, dy: tf.Tensor4D) {
  const attributes = { strides: 1, pad: samePadding(weight.shape[0]), dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  return {
    dx: runKernel('Conv2DBackpropInput', { dy, filter: weight }, { ...attributes, inputShape: x.shape }),
    dWeight: runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: weight.shape }),
  };
}

function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes) as tf.Tensor;
}

function train(task: TrainImagesTask, data: Data): Run {
  const { net, batch } = task;
  const given = data.imageBatch(task);
  const [x, targets] = [channelsLast(given.x), tf.tensor2d(given.targets.data as Float32Array, [batch, 10])];
  const parameters = data.imageParameters(net).map((one) => tf.variable(parameter(one)));
  const running = normChannels(net.layers).map(initialStatistics);
  const optimizer = tf.train.adam(net.learningRate, 0.9, 0.999, 1e-8);
  let loss = Number.NaN;
  const step = () => {
    let norms = 0;
    const pass = passThrough(net.layers, x, {
      ...inOrder(parameters),
      statistics: (z) => {
        const { mean, variance } = tf.moments(z, [0, 1, 2]) as Statistics;
        const values = z.size / z.shape[3];
        const old = running[norms++];
        old.mean.assign(blend(old.mean, mean));
        old.variance.assign(blend(old.variance, tf.mul(variance, values / (values - 1))));
        return { mean, variance };
      },
    });
    const probs = tf.softmax(pass.out);
    loss = -tf.sum(tf.mul(targets, tf.log(probs))).dataSync()[0] / batch;
    const { gradients } = pass.backward(tf.div(tf.sub(probs, targets), batch));
    optimizer.applyGradients(gradients.map((tensor, i) => ({ name: parameters[i].name, tensor })));
  };
  return {
    run: () => void tf.tidy(step),
    answer: () => [loss],
    close: () => {
      optimizer.dispose();
      tf.disposeVariables();
      tf.dispose([x, targets]);
    },
  };
}

function infer(task: InferImagesTask, data: Data): Run {
  const { layers } = task.net;
  const batches = data.imageBatches(task).map(channelsLast);
  const parameters = data.imageParameters(task.net).map(parameter);
  const running = normChannels(layers).map(initialStatistics);
  let probs: tf.Tensor2D[] = [];
  return {
    run: () => {
      tf.dispose(probs);
      probs = batches.map((x) =>
        tf.tidy(() => {
          let norms = 0;
          const source = { ...inOrder(parameters), statistics: () => running[norms++] };
          return tf.softmax(passThrough(layers, x, source).out as tf.Tensor2D);
        }),
      );
    },
    answer: () => probs.flatMap((p) => Array.from(p.dataSync())),
    close: () => {
      tf.disposeVariables();
      tf.dispose([...batches, ...parameters, ...probs]);
    },
  };
}

function convolution(task: ConvolutionTask, data: Data): Run {
  const given = data.convolution(task);
  const [x, dout] = [channelsLast(given.x), channelsLast(given.dout)];
  const weight = parameter(given.weight) as tf.Tensor4D;
  let results: tf.Tensor[] = [];
  return {
    run: () => {
      tf.dispose(results);
      results = tf.tidy(() => {
        const { dx, dWeight } = convolutionGradients(x, weight, dout);
        return [tf.conv2d(x, weight, 1, 'same'), dx, dWeight];
      });
    },
    answer: () =>
      tf.tidy(() => {
        const [out, dx, dWeight] = results;
        const ordered = [tf.transpose(out, [0, 3, 1, 2]), tf.transpose(dx, [0, 3, 1, 2])];
        return samplesOfEach([...ordered, tf.transpose(dWeight, [3, 2, 0, 1])].map((result) => result.dataSync()));
      }),
    close: () => tf.dispose([x, dout, weight, ...results]),
  };
}

/** The parameters one after the other. */
function inOrder(parameters: readonly tf.Tensor[]): Pick<Source, 'parameter'> {
  let used = 0;
  return { parameter: () => parameters[used++] };
}

function blend(old: tf.Tensor1D, fresh: tf.Tensor1D): tf.Tensor1D {
  return tf.add(tf.mul(old, 1 - NORM.momentum), tf.mul(fresh, NORM.momentum));
}

/** The channels of the batch norms in order. */
function normChannels(layers: readonly LayerSpec[]): number[] {
  return layers.flatMap((spec) => {
    if (spec.layer === 'residual') return normChannels(spec.layers);
    return spec.layer === 'norm' ? [spec.channels] : [];
  });
}

function initialStatistics(channels: number) {
  return {
    mean: tf.variable(tf.zeros<tf.Rank.R1>([channels])),
    variance: tf.variable(tf.ones<tf.Rank.R1>([channels])),
  };
}

/** (N, C, H, W) as (N, H, W, C). */
function channelsLast({ data, shape }: Numbers): tf.Tensor4D {
  return tf.tidy(() =>
    tf.transpose(tf.tensor<tf.Rank.R4>(data as Float32Array, [...shape] as tf.Tensor4D['shape']), [0, 2, 3, 1]),
  );
}

/** A parameter in TensorFlow's layout: (O, I, KH, KW) as (KH, KW, I, O), (O, I) as (I, O), and a vector as it is. */
function parameter({ data, shape }: Numbers): tf.Tensor {
  return tf.tidy(() => {
    const given = tf.tensor(data as Float32Array, [...shape]);
    if (shape.length === 1) return tf.clone(given);
    return tf.transpose(given, shape.length === 4 ? [2, 3, 1, 0] : [1, 0]);
  });
}
