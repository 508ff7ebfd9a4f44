import {
  Adam,
  asArray,
  assign,
  astype,
  BatchNorm2d,
  Conv2d,
  concatenate,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  type Dtype,
  GlobalAvgPool2d,
  type Layer,
  Linear,
  MaxPool2d,
  type NdArray,
  type Optimizer,
  ReLU,
  Residual,
  Sequential,
  Softmax,
  SoftmaxCrossEntropy,
} from '../../lib/index.js';
import { type LayerSpec, samePadding } from '../image-nets.js';
import { samplesOfEach } from '../protocol.js';
import type { ConvolutionTask, ImageTask } from '../tasks.js';
import type { Data, Numbers, Run } from './peer.js';

/** The tasks of handgrad with convolutions, and the training and inference of any of its nets. */
export function openImageTask(task: ImageTask, data: Data, dtype: Dtype): Run {
  if (task.kind === 'convolution') return convolution(task, data, dtype);
  const model = imageModel(task.net.layers, data.imageParameters(task.net), dtype);
  if (task.kind === 'infer-images') return inference(model, data.imageBatches(task), dtype);
  const optimizer = new Adam(model.parameters(), { learningRate: task.net.learningRate });
  return training(model, optimizer, data.imageBatch(task), dtype);
}

/** A net with the given parameters, up to the logits. */
export function imageModel(layers: readonly LayerSpec[], given: readonly Numbers[], dtype: Dtype): Sequential {
  const model = new Sequential(...layers.map((spec) => layerOf(spec, dtype)));
  for (const [i, { value }] of model.parameters().entries()) assign(value, load(given[i], dtype));
  return model;
}

function layerOf(spec: LayerSpec, dtype: Dtype): Layer {
  switch (spec.layer) {
    case 'conv':
      return new Conv2d(spec.inputs, spec.outputs, spec.kernel, { padding: samePadding(spec.kernel), dtype });
    case 'norm':
      return new BatchNorm2d(spec.channels, { dtype });
    case 'relu':
      return new ReLU();
    case 'pool':
      return new MaxPool2d(spec.kernel, { stride: spec.stride, padding: spec.padding });
    case 'residual':
      return new Residual(new Sequential(...spec.layers.map((inner) => layerOf(inner, dtype))));
    case 'mean':
      return new GlobalAvgPool2d();
    case 'linear':
      return new Linear(spec.inputs, spec.outputs, { dtype });
  }
}

export function training(
  model: Sequential,
  optimizer: Optimizer,
  batch: { x: Numbers; targets: Numbers },
  dtype: Dtype,
): Run {
  const loss = new SoftmaxCrossEntropy();
  const [x, targets] = [load(batch.x, dtype), load(batch.targets, dtype)];
  let last = Number.NaN;
  return {
    run: () => {
      last = loss.forward(model.forward(x), targets);
      optimizer.zeroGrad();
      model.accumulateGradients(loss.backward());
      optimizer.step();
    },
    answer: () => [last],
  };
}

/** The probabilities of all batches, in evaluation mode. */
export function inference(net: Sequential, images: readonly Numbers[], dtype: Dtype): Run {
  const model = new Sequential(net, new Softmax());
  model.eval();
  const batches = images.map((x) => load(x, dtype));
  let probs: NdArray[] = [];
  return {
    run: () => {
      probs = batches.map((x) => model.forward(x));
    },
    answer: () => concatenate(probs).data,
  };
}

function convolution(task: ConvolutionTask, data: Data, dtype: Dtype): Run {
  const given = data.convolution(task);
  const [x, weight, dout] = [given.x, given.weight, given.dout].map((one) => load(one, dtype));
  const { size, kernel } = task;
  const options = { padding: samePadding(kernel) };
  let results: NdArray[] = [];
  return {
    run: () => {
      results = [
        conv2d(x, weight, options),
        conv2dInputGradient(weight, dout, [size, size], options),
        conv2dWeightGradient(x, dout, [kernel, kernel], options),
      ];
    },
    answer: () => samplesOfEach(results.map((result) => result.data)),
  };
}

export function load({ data, shape }: Numbers, dtype: Dtype): NdArray {
  return astype(asArray(data, shape), dtype);
}
