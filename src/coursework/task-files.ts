import { InputError } from '../array/index.js';
import type { TaskFile } from './task.js';

/** A layer with the tasks `forward` and `backward`. */
function layer(
  id: string,
  source: string,
  exports: string,
  [forward, forwardText]: [points: number, text: string],
  [backward, backwardText]: [points: number, text: string],
  more: Partial<TaskFile> = {},
): TaskFile {
  const tasks = [
    { id: `${id}.forward`, title: `${exports}.forward`, points: forward, statement: forwardText },
    { id: `${id}.backward`, title: `${exports}.backward`, points: backward, statement: backwardText },
  ];
  return { id, source, exports, tasks, without: ['accumulateGradients'], ...more };
}

const ELEMENTWISE = 'Return dL/dx, with the shape of x, for dL/dout = dout. Each output depends only on its own input.';
const NORM_BACKWARD =
  'Add dL/dgamma and dL/dbeta to their `grad`, and return dL/dx. Mean and variance also depend on x.';

/** Each one could do the work of another on rearranged axes. */
const NORM_SOURCES = ['layer-norm', 'batch-norm', 'batch-norm2d', 'group-norm', 'instance-norm'].map(
  (name) => `layers/${name}.ts`,
);

const WINDOWS_BACKWARD =
  'Return dL/dx (N, C, H, W) for dL/dout = dout (N, C, OH, OW). Windows may overlap, and a pixel may be in no window.';

/** Every file that can be part of an assignment, in teaching order. */
export const TASK_FILES: readonly TaskFile[] = [
  layer(
    'linear',
    'layers/linear.ts',
    'Linear',
    [5, 'Return x Wᵀ + b of shape (N, M), or x Wᵀ if there is no bias. Keep what backward needs.'],
    [15, 'Add dL/dW (M, D) and dL/db (M,) to their `grad`, and return dL/dx (N, D), for dL/dout = dout (N, M).'],
    { relatives: ['layers/conv2d.ts'] }, // with images of one pixel
  ),
  layer(
    'elu',
    'layers/elu.ts',
    'ELU',
    [5, 'Return h(x) for each element. It must be finite for every finite x, but eˣ overflows at x = 710.'],
    [10, ELEMENTWISE],
  ),
  layer('relu', 'layers/relu.ts', 'ReLU', [5, 'Return max(x, 0) for each element.'], [5, ELEMENTWISE], {
    relatives: ['layers/elu.ts'],
  }),
  layer('tanh', 'layers/tanh.ts', 'Tanh', [5, 'Return tanh x for each element.'], [5, ELEMENTWISE]),
  layer(
    'softmax',
    'layers/softmax.ts',
    'Softmax',
    [5, 'Return the probabilities along the last axis. They must be finite, also for logits of ±1000.'],
    [15, 'Return dL/dx (N, C). Each output of a row depends on every input of that row.'],
    { relatives: ['losses/softmax-cross-entropy.ts'] },
  ),
  layer(
    'layernorm',
    'layers/layer-norm.ts',
    'LayerNorm',
    [10, 'Normalize each row to mean 0 and variance 1 (biased variance, eps inside the root), then scale and shift.'],
    [20, NORM_BACKWARD],
    { relatives: NORM_SOURCES },
  ),
  layer(
    'batchnorm',
    'layers/batch-norm.ts',
    'BatchNorm1d',
    [
      15,
      'In training, normalize each feature over the batch and update the running statistics with the momentum and the ' +
        'unbiased variance. In evaluation, normalize with the running statistics.',
    ],
    [20, `${NORM_BACKWARD} In evaluation they do not depend on x.`],
    { relatives: NORM_SOURCES },
  ),
  // BatchNorm2d is BatchNorm1d for another shape, so students get it whole.
  { id: 'batchnorm2d', source: 'layers/batch-norm2d.ts', exports: 'BatchNorm2d', tasks: [], uses: ['batchnorm'] },
  layer(
    'groupnorm',
    'layers/group-norm.ts',
    'GroupNorm',
    [
      10,
      'Normalize each group of features of each sample to mean 0 and variance 1. Then scale and shift each feature.',
    ],
    [20, NORM_BACKWARD],
    { relatives: NORM_SOURCES },
  ),
  layer(
    'instancenorm',
    'layers/instance-norm.ts',
    'InstanceNorm',
    [10, 'Normalize each feature of each sample over its positions. Then scale and shift each feature.'],
    [20, NORM_BACKWARD],
    { relatives: NORM_SOURCES },
  ),
  layer(
    'dropout',
    'layers/dropout.ts',
    'Dropout',
    [
      10,
      'In training, set each value to 0 with probability p, and scale the others so that the mean stays the same. In evaluation, return x.',
    ],
    [10, 'Return dL/dx. Use the mask of the last forward.'],
  ),
  layer(
    'conv2d',
    'layers/conv2d.ts',
    'Conv2d',
    [
      10,
      'Return the convolution (N, O, OH, OW) of x (N, C, H, W) with every kernel, plus b if there is a bias. `this.windows` ' +
        'has stride and padding; `windowsOn` of `handgrad/validation` gives OH and OW as `count`.',
    ],
    [
      30,
      'Add dL/dW (O, C, KH, KW) and dL/db (O,) to their `grad`, and return dL/dx (N, C, H, W), for dL/dout = dout ' +
        '(N, O, OH, OW). Loops over at and setAt are fast enough; so are unfold, matmul and fold.',
    ],
    {
      relatives: ['array/convolution.ts'],
      plain: {
        source: 'coursework/assignment/plain/plain-convolution.ts',
        names: { conv2d: 'convolve', conv2dWeightGradient: 'kernelGradient', conv2dInputGradient: 'imageGradient' },
      },
    },
  ),
  layer(
    'maxpool2d',
    'layers/max-pool2d.ts',
    'MaxPool2d',
    [10, 'Return the maximum of every window of every channel, (N, C, OH, OW). Padding never wins.'],
    [20, `${WINDOWS_BACKWARD} Of equal values in a window, the first in row-major order is the maximum.`],
    {
      relatives: ['array/pooling.ts'],
      plain: {
        source: 'coursework/assignment/plain/plain-max-pool.ts',
        names: { maxPool2d: 'maximaOf', maxPool2dGradient: 'maximaGradient', IndexArray: 'NdArray' },
      },
    },
  ),
  layer(
    'avgpool2d',
    'layers/avg-pool2d.ts',
    'AvgPool2d',
    [
      10,
      'Return the average of every window of every channel, (N, C, OH, OW). Padding counts as 0; the divisor is always the ' +
        'size of a window.',
    ],
    [20, WINDOWS_BACKWARD],
    {
      relatives: ['layers/conv2d.ts', 'array/convolution.ts', 'array/pooling.ts'], // a convolution can average
      plain: {
        source: 'coursework/assignment/plain/plain-avg-pool.ts',
        names: { avgPool2d: 'averagesOf', avgPool2dGradient: 'averagesGradient' },
      },
    },
  ),
  layer(
    'globalavgpool2d',
    'layers/global-avg-pool2d.ts',
    'GlobalAvgPool2d',
    [5, 'Return the average of every channel, (N, C).'],
    [5, 'Return dL/dx (N, C, H, W) for dL/dout = dout (N, C).'],
    { relatives: ['layers/avg-pool2d.ts', 'layers/conv2d.ts'] },
  ),
  layer(
    'residual',
    'layers/residual.ts',
    'Residual',
    [5, 'Return g(x) + f(x), where f is `inner`, and g is `shortcut` if there is one, or else the identity.'],
    [
      10,
      'Return dL/dx for dL/dout = dout. x reaches the loss in two ways. The layers add to the `grad` of their parameters.',
    ],
    { uses: ['layernorm', 'tanh'] },
  ),
  layer(
    'cross-entropy',
    'losses/cross-entropy.ts',
    'CrossEntropy',
    [5, 'Return the mean over the batch of −Σ T ln X. It must be finite, also where a probability is 0.'],
    [10, 'Return dL/dprobs (N, C) of the last forward.'],
    { relatives: ['losses/softmax-cross-entropy.ts'] },
  ),
  layer(
    'softmax-cross-entropy',
    'losses/softmax-cross-entropy.ts',
    'SoftmaxCrossEntropy',
    [10, 'Return the mean cross-entropy of softmax(logits). It must be finite, also for logits of ±1000.'],
    [10, 'Return dL/dlogits (N, C) of the last forward.'],
    { relatives: ['layers/softmax.ts', 'losses/cross-entropy.ts'] },
  ),
  layer(
    'sequential',
    'layers/sequential.ts',
    'Sequential',
    [2, 'Pass x through the layers, from first to last.'],
    [3, 'Pass dout back through the layers, from last to first.'],
    { uses: ['layernorm', 'tanh'] },
  ),
  {
    id: 'mlp',
    source: 'models/mlp.ts',
    exports: 'MLP',
    tasks: [
      {
        id: 'mlp.layers',
        title: 'layersOf',
        points: 10,
        statement:
          'Return the layers from the inputs to the logits: a Linear for each pair of widths, and an activation after ' +
          'each Linear except the last. You may add norms and dropout, but you do not have to.',
      },
    ],
    uses: [
      ...['linear', 'elu', 'relu', 'tanh', 'dropout', 'layernorm', 'batchnorm', 'groupnorm', 'instancenorm'],
      ...['softmax', 'cross-entropy', 'softmax-cross-entropy', 'sequential'],
    ],
  },
  {
    id: 'convnet',
    source: 'models/convnet.ts',
    exports: 'ConvNet',
    tasks: [
      {
        id: 'convnet.layers',
        title: 'layersOf',
        points: 25,
        statement:
          'Return the layers from the image to the logits, in the order of the text above the class. Stage k has `BLOCKS[k]` blocks of ' +
          'widths[k] channels; write a function that makes one. Pass rng and dtype on, and choose the initialization of ' +
          'PyTorch for the linear layer, as convolutions have it.',
      },
    ],
    without: ['preAct'],
    uses: [
      ...[
        'linear',
        'relu',
        'softmax',
        'batchnorm',
        'batchnorm2d',
        'conv2d',
        'maxpool2d',
        'globalavgpool2d',
        'residual',
      ],
      ...['softmax-cross-entropy', 'sequential'],
    ],
  },
  {
    id: 'accuracy',
    source: 'training/metrics.ts',
    exports: 'accuracy',
    tasks: [
      {
        id: 'accuracy',
        title: 'accuracy',
        points: 5,
        statement: 'Return the fraction of rows, from 0 to 1, whose largest output is in the column of the target.',
      },
    ],
    without: ['confusionMatrix', 'countOnDiagonal'],
  },
  {
    id: 'train-step',
    source: 'training/train-step.ts',
    exports: 'trainStep',
    tasks: [
      {
        id: 'train-step',
        title: 'trainStep',
        points: 10,
        statement: 'Run forward, the loss, backward and the update. Gradients add up, so zero the old ones first.',
      },
    ],
    uses: ['layernorm', 'softmax-cross-entropy'],
  },
];

/** The assignments that have a name. */
export const ASSIGNMENTS: Readonly<Record<string, readonly string[]>> = {
  mlp: ['linear', 'elu', 'softmax', 'cross-entropy', 'sequential', 'mlp', 'accuracy', 'train-step'],
  activations: ['elu', 'relu', 'tanh', 'softmax'],
  layernorm: ['layernorm'],
  batchnorm: ['batchnorm'],
  norms: ['layernorm', 'batchnorm', 'groupnorm', 'instancenorm'],
  conv: ['conv2d', 'maxpool2d', 'avgpool2d'],
  convnet: ['relu', 'batchnorm', 'batchnorm2d', 'globalavgpool2d', 'residual', 'sequential', 'convnet'],
  losses: ['softmax', 'cross-entropy', 'softmax-cross-entropy'],
};

/**
 * The files of an assignment, in teaching order.
 *
 * @param name a name from `ASSIGNMENTS`, or a comma-separated list of files
 * @throws InputError for an unknown name
 */
export function filesOf(name: string): TaskFile[] {
  const ids = Object.hasOwn(ASSIGNMENTS, name) ? ASSIGNMENTS[name] : name.split(',').map((part) => part.trim());
  const known = TASK_FILES.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new InputError(
      `assignment: unknown name '${unknown}'; expected one of ${Object.keys(ASSIGNMENTS).join(', ')}, or a list of ` +
        `${known.filter((id) => !Object.hasOwn(ASSIGNMENTS, id)).join(', ')}`,
    );
  }
  return TASK_FILES.filter(({ id }) => ids.includes(id));
}
