import { InvalidArgumentError } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { COUNT, WHOLE } from '../models/setting.js';
import { type CheckpointEvery, isCheckpointEvery } from '../node/runs/checkpointer.js';
import { settingValue } from '../node/runs/run-flags.js';

/** Parsers of flag values. Commander prints the name of the flag and its text before each message. */

/** A whole number from 1 up. */
export function count(text: string): number {
  return numberOf(COUNT, text);
}

/** A whole number from 0 up. */
export function whole(text: string): number {
  return numberOf(WHOLE, text);
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

/** The name of a file. */
export function file(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected the name of a file.');
  return text;
}

/** Names of files or folders. */
export function paths(text: string, before: string[] = []): string[] {
  if (text.trim() === '') throw new InvalidArgumentError('Expected the name of a file or a folder.');
  return [...before, text];
}

function numberOf(kind: typeof COUNT, text: string): number {
  try {
    return Number(settingValue({ ...kind, default: 0, help: '' }, text));
  } catch (error) {
    throw error instanceof InputError ? new InvalidArgumentError(messageOf(error)) : error;
  }
}

/** The names of flags in the course's own program, and ours. */
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
