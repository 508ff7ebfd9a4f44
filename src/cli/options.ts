import { InvalidArgumentError } from 'commander';
import type { Init } from '../layers/init.js';
import { isCount, isDropout, isInit, isPositive, isSeed } from '../training/config.js';

/** How the texts of flags become values. Commander puts the flag's name and the text before each sentence. */

/** A whole number from 1 up. */
export function count(text: string): number {
  return checked(text, isCount, 'Expected a whole number from 1 up.');
}

/** A finite number above 0. */
export function positive(text: string): number {
  return checked(text, isPositive, 'Expected a number above 0, such as 1e-3.');
}

/** A probability below 1. */
export function dropout(text: string): number {
  return checked(text, isDropout, 'Expected a probability from 0 up and below 1, such as 0.1.');
}

/** A whole number from 0 up. */
export function seed(text: string): number {
  return checked(text, isSeed, 'Expected a whole number from 0 up.');
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
