import {
  abs,
  add,
  astype,
  decodeNpz,
  encodeNpz,
  full,
  InputError,
  min,
  multiply,
  type NdArray,
  reshape,
  type Shape,
  shapeText,
  subtract,
  sum,
} from '../array/index.js';
import type { ColumnStatistics } from './standardize.js';

/**
 * How a sample becomes the input of a net: a mean is subtracted, and the rest is multiplied by a factor. A net is of
 * no use without these numbers, so a run saves them beside its weights.
 */
export interface NetInputs {
  /** In the shape of a sample: (C, H, W) for images. On the scale of the samples, 0 to 255 for images. */
  mean: NdArray;
  /** A number, where 1 keeps the scale of the samples; or one per feature, in the shape of a sample. */
  factor: number | NdArray;
  /**
   * For a net that predicts numbers: the mean and the standard deviation of each in the training samples, (M,). The net
   * learns them with mean 0 and standard deviation 1.
   */
  targets?: ColumnStatistics;
}

/**
 * The bytes of a run's `inputs.npz`: `mean`, in the shape of a sample, and `factor`, of shape (1,) or in the shape of a
 * sample. For a net that predicts numbers, also `target_mean` and `target_deviation`, of shape (M,).
 */
export function encodeInputs({ mean, factor, targets }: NetInputs): Uint8Array {
  return encodeNpz({
    mean,
    factor: typeof factor === 'number' ? full([1], factor, 'float64') : factor,
    ...(targets && { target_mean: targets.mean, target_deviation: targets.deviation }),
  });
}

/**
 * Reads an `inputs.npz`.
 *
 * @param name the name of the file in an error message
 * @throws InputError for bytes that are not such a file, are damaged, or hold a number that is not finite
 */
export function decodeInputs(bytes: Uint8Array, name = 'inputs.npz'): NetInputs {
  const { mean, factor, target_mean, target_deviation } = decodeNpz(bytes, name);
  if (!mean || !factor) throw new InputError(`${name} is not the inputs.npz of a run: it has no mean and factor`);
  if (factor.size !== 1 && String(factor.shape) !== String(mean.shape)) {
    const wanted = `(1,) or ${shapeText(mean.shape)}`;
    throw new InputError(`${name} has a factor of shape ${shapeText(factor.shape)}, not ${wanted}`);
  }
  if (!areFinite(mean) || !areScales(factor))
    throw new InputError(`${name} holds numbers that are not finite, or a factor of 0`);
  const scale = factor.size === 1 ? reshape(factor, [1]).get(0) : factor;
  if (!target_mean && !target_deviation) return { mean, factor: scale };
  if (!target_mean || String(target_mean.shape) !== String(target_deviation?.shape) || target_mean.shape.length !== 1)
    throw new InputError(`${name} has no target_mean and target_deviation of one shape (M,)`);
  if (!areFinite(target_mean) || !areScales(target_deviation))
    throw new InputError(`${name} holds targets that are not finite, or a deviation of 0`);
  return { mean, factor: scale, targets: { mean: target_mean, deviation: target_deviation } };
}

function areFinite(x: NdArray): boolean {
  return Number.isFinite(sum(abs(x)));
}

function areScales(x: NdArray): boolean {
  return areFinite(x) && min(abs(x)) > 0;
}

/**
 * Samples as the inputs of a net, computed in the same way as in training.
 *
 * @param x (N, …) in the shape and on the scale of the samples
 * @returns (N, …) float32
 */
export function inputsOf(x: NdArray, { mean, factor }: NetInputs): NdArray {
  const centered = astype(subtract(astype(x, 'float64'), astype(mean, 'float64')), 'float32'); // (N, …)
  return factor === 1 ? centered : multiply(centered, sameDtype(factor)); // (N, …)
}

/** A factor for inputs, which are float32. */
export function sameDtype(factor: number | NdArray): number | NdArray {
  return typeof factor === 'number' ? factor : astype(factor, 'float32');
}

/**
 * The outputs of a net in the units of the targets.
 *
 * @param outputs (N, M)
 * @returns (N, M) float64
 */
export function targetValues(outputs: NdArray, { targets }: NetInputs): NdArray {
  const exact = astype(outputs, 'float64');
  return targets ? add(targets.mean, multiply(targets.deviation, exact)) : exact; // (N, M)
}

/** Checks that a mean has the shape of a sample, and that there is a scale for each number that a net predicts. */
export function assertInputsFit(
  { mean, targets }: NetInputs,
  net: { sample: Shape; targets?: readonly string[] },
  name: string,
): void {
  if (String(mean.shape) !== String(net.sample)) {
    throw new InputError(
      `${name} has a mean of shape ${shapeText(mean.shape)}, and the net takes samples of shape ${shapeText(net.sample)}`,
    );
  }
  const [found, wanted] = [targets?.mean.size ?? 0, net.targets?.length ?? 0];
  if (found !== wanted)
    throw new InputError(`${name} has the scale of ${found} targets, and the net predicts ${wanted}`);
}
