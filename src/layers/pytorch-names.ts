import { assertText } from '../array/index.js';

/** What PyTorch calls the arrays of a norm. */
const NORM_ARRAYS: Readonly<Record<string, string>> = {
  gamma: 'weight',
  beta: 'bias',
  runningMean: 'running_mean',
  runningVar: 'running_var',
};

/**
 * The name that PyTorch gives to an array of the same net, built of `torch.nn.Sequential` where this library has a
 * `Sequential`: `layers.0.weight` is `0.weight`, and `features.norm0.gamma` is `features.norm0.weight`.
 *
 * @param path the dotted path of an array in a `stateDict`
 */
export function pytorchName(path: string): string {
  assertText('pytorchName', 'path', path);
  const parts = path.replace(/(^|\.)layers\.(?=\d)/g, '$1').split('.');
  const last = parts[parts.length - 1];
  return [...parts.slice(0, -1), NORM_ARRAYS[last] ?? last].join('.');
}
