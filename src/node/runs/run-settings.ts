import { isAbsolute, resolve } from 'node:path';
import { isAugmentation, parseAugmentation } from '../../data/augment/parse-augmentation.js';
import { CIFAR100_LABELS } from '../../data/cifar100-facts.js';
import { PIXELS } from '../../data/pixel-scale.js';
import {
  COUNT,
  choice,
  optional,
  POSITIVE,
  type Setting,
  type SettingKind,
  SHARE,
  setting,
  textKind,
  WHOLE,
} from '../../models/setting.js';
import { DATASETS, isDatasetName } from '../data/datasets.js';
import { isPretrained, PRETRAINED } from '../data/pretrained.js';
import { OPTIMIZER_SETTINGS, OPTIMIZERS, type OptimizerName } from './optimizer-kinds.js';
import { isSchedule } from './schedule-setting.js';

const NAMES = Object.keys(DATASETS).join(', ');

/** The name of a data set, or the absolute path of the user's own. A flag may give a path in any form. */
const DATASET: SettingKind<string> = {
  placeholder: '<name|path>',
  expected: `Expected ${NAMES}, or the path of a folder, an .npz or a CSV file.`,
  valid: (value): value is string => typeof value === 'string' && (isDatasetName(value) || isAbsolute(value)),
  parse: (text) => (text === '' || isDatasetName(text) ? text : resolve(text)),
};

/** Names of columns with commas between them. */
const TARGET: SettingKind<string> = {
  placeholder: '<columns>',
  expected: 'Expected the name of a column, or several with commas between them.',
  valid: (value): value is string => typeof value === 'string' && value.trim() !== '',
  parse: (text) => text,
};

/** The absolute path of a file with weights, or the name of weights in the cache. A flag may give a path in any form. */
const WEIGHTS: SettingKind<string> = {
  placeholder: '<file|name>',
  expected: `Expected the path of a file, or ${Object.keys(PRETRAINED).join(', ')}.`,
  valid: (value): value is string => typeof value === 'string' && (isPretrained(value) || isAbsolute(value)),
  parse: (text) => (text === '' || isPretrained(text) ? text : resolve(text)),
};

/**
 * The settings of a run, one row each, except for those of its model. The defaults are the course's; they reach a
 * test accuracy of about 0.49. A new setting is a row here.
 */
export const RUN_SETTINGS = {
  dataset: setting(DATASET, {
    default: 'cifar10',
    help: `the data set: ${NAMES}; or your own, a folder with one folder of pictures per class, an .npz or a CSV file`,
  }),
  labels: setting(optional(choice(CIFAR100_LABELS), null), {
    default: null,
    implied: null,
    help: 'for cifar100: its 100 fine classes, or its 20 coarse ones (default: fine)',
  }),
  target: setting(optional(TARGET, null), {
    default: null,
    implied: null,
    help:
      'the column of a CSV file that the net learns, by its name, or by its position from 1 if there are no names; with --loss mse ' +
      'also several, with commas between them (default: the one named label, class, target or y, or the only one of words)',
  }),
  loss: setting(choice(['cross-entropy', 'mse']), {
    default: 'cross-entropy',
    implied: 'cross-entropy',
    help: 'cross-entropy learns classes; mse, the mean squared error, learns numbers from your own CSV or .npz file',
  }),
  pixels: setting(choice(Object.keys(PIXELS) as (keyof typeof PIXELS)[], '<how>'), {
    default: 'mean-image',
    implied: 'mean-image',
    help: 'subtract the mean image, on the scale of 0 to 255; or scale to −1 to 1, symmetric about gray',
  }),
  learningRate: setting(POSITIVE, { default: 1e-3, help: 'step size of the optimizer' }),
  maxSteps: setting(COUNT, { default: 1400, help: 'number of training steps' }),
  batchSize: setting(COUNT, { default: 200, help: 'images per step' }),
  evalEvery: setting(COUNT, { default: 100, help: 'steps between two evaluations on the whole test set' }),
  validation: setting(WHOLE, {
    default: 0,
    implied: 0,
    help: 'hold out the last n training images and evaluate on them instead of the test set',
  }),
  seed: setting(WHOLE, { default: 42, help: 'determines initial weights, dropout masks and the order of the images' }),
  optimizer: setting(choice(Object.keys(OPTIMIZERS) as OptimizerName[]), {
    default: 'sgd',
    implied: 'sgd',
    help: 'how parameters are updated',
  }),
  ...OPTIMIZER_SETTINGS,
  weights: setting(optional(WEIGHTS, null), {
    default: null,
    implied: null,
    help:
      'start from the weights of this file: .pth or .safetensors of PyTorch, or the model.npz of a run; or densenet121, which handgrad data ' +
      'densenet121 fetches; the last layer starts anew if it has other classes (default: random weights)',
  }),
  freeze: setting(choice(['none', 'features'], '<what>'), {
    default: 'none',
    implied: 'none',
    help: 'features: only the last layer learns; all others keep their weights and running statistics',
  }),
  schedule: setting(textKind('<how>', isSchedule), {
    expected: 'Expected constant, step:EVERY:FACTOR such as step:4000:0.1, cosine or cosine:LAST.',
    default: 'constant',
    implied: 'constant',
    help: 'learning rate over the run: constant, step:EVERY:FACTOR, cosine (to 0) or cosine:LAST',
  }),
  warmup: setting(WHOLE, {
    default: 0,
    implied: 0,
    help: 'first steps, in which the learning rate grows to its full value',
  }),
  clipNorm: setting(optional(POSITIVE, null), {
    placeholder: '<length>',
    default: null,
    implied: null,
    help: 'scale longer gradients down to this length (default: never)',
  }),
  labelSmoothing: setting(SHARE, {
    default: 0,
    implied: 0,
    help: 'share of each training target that is spread over all classes',
  }),
  augment: setting(textKind('<how>', isAugmentation), {
    expected: 'Expected some of flip, shift:N, cutout:N, mixup:ALPHA, each once, or none.',
    // Throws with the reason, which says more than `expected`.
    parse: (text: string) => parseAugmentation(text) && text,
    default: 'none',
    implied: 'none',
    help: 'random changes of the training images, some of flip, shift:N and cutout:N (pixels), mixup:ALPHA: flip,shift:4,mixup:0.3',
  }),
  average: setting(SHARE, {
    placeholder: '<decay>',
    default: 0,
    implied: 0,
    help: 'evaluate and keep an exponential moving average of the weights with this decay per step, such as 0.999 (default: none)',
  }),
  accumulate: setting(COUNT, {
    default: 1,
    implied: 1,
    help:
      'batches per step: the gradient is that of one large batch, in the memory of a small one; except with batch norm, ' +
      'which uses the statistics of each batch',
  }),
} satisfies Record<string, Setting<unknown>>;
