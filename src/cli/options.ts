import { InvalidArgumentError } from 'commander';
import { messageOf } from '../array/index.js';
import { parseAugmentation } from '../data/augment/parse-augmentation.js';
import { IMAGE_SHAPE } from '../data/cifar10-facts.js';
import type { Init } from '../layers/init.js';
import { type CheckpointEvery, isCheckpointEvery } from '../node/runs/checkpointer.js';
import { isSchedule } from '../node/runs/schedule-setting.js';
import { isCount, isFromZero, isPositive, isShare, isWhole } from '../node/runs/setting-values.js';
import { isInit } from '../node/runs/train-config.js';

/** How the texts of flags become values. Commander puts the flag's name and the text before each sentence. */

/** A whole number from 1 up. */
export function count(text: string): number {
  return checked(text, isCount, 'Expected a whole number from 1 up.');
}

/** A finite number above 0. */
export function positive(text: string): number {
  return checked(text, isPositive, 'Expected a number above 0, such as 1e-3.');
}

/** A finite number from 0 up. */
export function fromZero(text: string): number {
  return checked(text, isFromZero, 'Expected a number from 0 up, such as 1e-2.');
}

/** A number from 0 to below 1. */
export function share(text: string): number {
  return checked(text, isShare, 'Expected a number from 0 to below 1, such as 0.9.');
}

/** A probability below 1. */
export function dropout(text: string): number {
  return checked(text, isShare, 'Expected a probability from 0 up and below 1, such as 0.1.');
}

/** A whole number from 0 up. */
export function whole(text: string): number {
  return checked(text, isWhole, 'Expected a whole number from 0 up.');
}

/** Widths with commas between them, or `none`. */
export function widths(text: string): number[] {
  if (text === 'none') return [];
  return text
    .split(',')
    .map((part) => checked(part, isCount, 'Expected widths from 1 up with commas between, such as 512,128; or none.'));
}

/** How weights are drawn. */
export function init(text: string): Init & string {
  if (!isInit(text))
    throw new InvalidArgumentError(
      'Expected normal:STD with a standard deviation, such as normal:1e-4; or pytorch, xavier, kaiming, zeros.',
    );
  return text;
}

/** How the learning rate changes. */
export function schedule(text: string): string {
  if (!isSchedule(text))
    throw new InvalidArgumentError(
      'Expected constant, step:EVERY:FACTOR such as step:4000:0.1, cosine or cosine:LAST.',
    );
  return text;
}

/** How training images are changed. */
export function augmentation(text: string): string {
  try {
    parseAugmentation(text, Math.min(IMAGE_SHAPE.height, IMAGE_SHAPE.width));
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}.`.replace(/^e/, 'E'));
  }
  return text;
}

/** When checkpoints are written. */
export function checkpointEvery(text: string): CheckpointEvery {
  const every = text === 'minute' || text === 'none' ? text : Number(text.trim() || Number.NaN);
  if (!isCheckpointEvery(every))
    throw new InvalidArgumentError('Expected a whole number of steps from 1 up, minute or none.');
  return every;
}

/** The name of a folder. */
export function folder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected the name of a folder.');
  return text;
}

function checked(text: string, valid: (value: unknown) => value is number, sentence: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!valid(value)) throw new InvalidArgumentError(sentence);
  return value;
}

/** The names that the course's own program gives its flags, and ours. */
const ALIASES: Readonly<Record<string, string>> = {
  '--dnn_hidden_units': '--hidden',
  '--learning_rate': '--learning-rate',
  '--max_steps': '--max-steps',
  '--batch_size': '--batch-size',
  '--eval_freq': '--eval-every',
  '--data_dir': '--data-dir',
};

/** The arguments with the course's names replaced, as `--name value` or `--name=value`. */
export function withoutAliases(args: readonly string[]): string[] {
  return args.map((arg) => {
    const [name, ...value] = arg.split('=');
    return Object.hasOwn(ALIASES, name) ? [ALIASES[name], ...value].join('=') : arg;
  });
}
