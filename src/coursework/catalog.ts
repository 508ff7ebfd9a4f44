import { InputError } from '../array/index.js';
import type { TaskFile } from './task.js';

/** A layer, `forward` and `backward`. */
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

const ELEMENTWISE = 'Return dL/dx, of the shape of x, for dL/dout = dout. Every output depends on its own input alone.';
const NORM_BACKWARD =
  'Add dL/dgamma and dL/dbeta into their `grad`, and return dL/dx. Mean and variance depend on x as well.';

/** Each normalises, so with axes moved one does the work of another. */
const NORM_SOURCES = ['layer', 'batch', 'group', 'instance'].map((name) => `layers/${name}-norm.ts`);

/** Every file that can be handed out, in teaching order. */
export const TASK_FILES: readonly TaskFile[] = [
  layer(
    'linear',
    'layers/linear.ts',
    'Linear',
    [5, 'Return x Wᵀ + b of shape (N, M), or x Wᵀ without a bias, and keep what backward needs.'],
    [15, 'Add dL/dW (M, D) and dL/db (M,) into their `grad`, and return dL/dx (N, D), for dL/dout = dout (N, M).'],
  ),
  layer(
    'elu',
    'layers/elu.ts',
    'ELU',
    [5, 'Return h(x) element by element, finite for every finite x: eˣ overflows at 710.'],
    [10, ELEMENTWISE],
  ),
  layer('relu', 'layers/relu.ts', 'ReLU', [5, 'Return max(x, 0) element by element.'], [5, ELEMENTWISE], {
    kin: ['layers/elu.ts'],
  }),
  layer('tanh', 'layers/tanh.ts', 'Tanh', [5, 'Return tanh x element by element.'], [5, ELEMENTWISE]),
  layer(
    'softmax',
    'layers/softmax.ts',
    'Softmax',
    [5, 'Return the probabilities along the last axis, finite for logits of ±1000 too.'],
    [15, 'Return dL/dx (N, C). Every output of a row depends on every input of that row.'],
    { kin: ['losses/softmax-cross-entropy.ts'] },
  ),
  layer(
    'layernorm',
    'layers/layer-norm.ts',
    'LayerNorm',
    [
      10,
      'Normalise each row to mean 0 and variance 1 (the biased variance, eps inside the root), then scale and shift.',
    ],
    [20, NORM_BACKWARD],
    { kin: NORM_SOURCES },
  ),
  layer(
    'batchnorm',
    'layers/batch-norm.ts',
    'BatchNorm1d',
    [
      15,
      'In training, normalise each feature over the batch and move the running statistics (by their momentum, with the ' +
        'unbiased variance); in evaluation, normalise with the running statistics.',
    ],
    [20, `${NORM_BACKWARD} In evaluation they do not.`],
    { kin: NORM_SOURCES },
  ),
  layer(
    'groupnorm',
    'layers/group-norm.ts',
    'GroupNorm',
    [
      10,
      'Normalise each group of features of each sample to mean 0 and variance 1, then scale and shift each feature.',
    ],
    [20, NORM_BACKWARD],
    { kin: NORM_SOURCES },
  ),
  layer(
    'instancenorm',
    'layers/instance-norm.ts',
    'InstanceNorm',
    [10, 'Normalise each feature of each sample over its positions, then scale and shift each feature.'],
    [20, NORM_BACKWARD],
    { kin: NORM_SOURCES },
  ),
  layer(
    'dropout',
    'layers/dropout.ts',
    'Dropout',
    [
      10,
      'In training, drop each number with probability p and scale the others so that the mean stays; else return x.',
    ],
    [10, 'Return dL/dx, through the mask of the last forward.'],
  ),
  layer(
    'cross-entropy',
    'losses/cross-entropy.ts',
    'CrossEntropy',
    [5, 'Return the mean over the batch of −Σ T ln X, finite where a probability is 0.'],
    [10, 'Return dL/dprobs (N, C) of the last forward.'],
    { kin: ['losses/softmax-cross-entropy.ts'] },
  ),
  layer(
    'softmax-cross-entropy',
    'losses/softmax-cross-entropy.ts',
    'SoftmaxCrossEntropy',
    [10, 'Return the mean cross-entropy of softmax(logits), finite for logits of ±1000 too.'],
    [10, 'Return dL/dlogits (N, C) of the last forward.'],
    { kin: ['layers/softmax.ts', 'losses/cross-entropy.ts'] },
  ),
  layer(
    'sequential',
    'layers/sequential.ts',
    'Sequential',
    [2, 'Hand x through the layers, first to last.'],
    [3, 'Hand dout back through them, last to first.'],
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
          'Return the layers from the inputs to the logits: a Linear for each pair of widths, and the activation after ' +
          'each but the last. Norms and dropout are yours to add or to leave.',
      },
    ],
    uses: ['linear', 'elu', 'relu', 'tanh', 'softmax', 'cross-entropy', 'softmax-cross-entropy', 'sequential'],
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
        statement: 'Return the share of rows, from 0 to 1, whose largest output stands in the column of the target.',
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
        statement: 'Forward, loss, backward, update; and gradients add up, so the old ones go first.',
      },
    ],
    uses: ['layernorm', 'softmax-cross-entropy'],
  },
];

/** Assignments that are known by name. */
export const ASSIGNMENTS: Readonly<Record<string, readonly string[]>> = {
  mlp: ['linear', 'elu', 'softmax', 'cross-entropy', 'sequential', 'mlp', 'accuracy', 'train-step'],
  activations: ['elu', 'relu', 'tanh', 'softmax'],
  layernorm: ['layernorm'],
  batchnorm: ['batchnorm'],
  norms: ['layernorm', 'batchnorm', 'groupnorm', 'instancenorm'],
  losses: ['softmax', 'cross-entropy', 'softmax-cross-entropy'],
};

/**
 * The files of an assignment, in teaching order.
 *
 * @param name a name of `ASSIGNMENTS`, or files with commas between them
 * @throws InputError for a name that there is not
 */
export function filesOf(name: string): TaskFile[] {
  const ids = Object.hasOwn(ASSIGNMENTS, name) ? ASSIGNMENTS[name] : name.split(',').map((part) => part.trim());
  const known = TASK_FILES.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new InputError(
      `assignment: there is none called '${unknown}'; there are ${Object.keys(ASSIGNMENTS).join(', ')}, and lists of ` +
        `${known.filter((id) => !Object.hasOwn(ASSIGNMENTS, id)).join(', ')}`,
    );
  }
  return TASK_FILES.filter(({ id }) => ids.includes(id));
}
