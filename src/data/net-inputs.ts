import {
  abs,
  astype,
  decodeNpz,
  encodeNpz,
  full,
  InputError,
  multiply,
  type NdArray,
  reshape,
  type Shape,
  shapeText,
  subtract,
  sum,
} from '../array/index.js';

/**
 * How a sample becomes the input of a net: a mean is subtracted, and the rest is multiplied by a factor. A net is of
 * no use without these numbers, so a run saves them beside its weights.
 */
export interface NetInputs {
  /** In the shape of a sample: (C, H, W) for images. On the scale of the samples, 0 to 255 for images. */
  mean: NdArray;
  /** 1 keeps the scale of the samples. */
  factor: number;
}

/** The bytes of a run's `inputs.npz`: `mean`, in the shape of a sample, and `factor`, of shape (1,). */
export function encodeInputs({ mean, factor }: NetInputs): Uint8Array {
  return encodeNpz({ mean, factor: full([1], factor, 'float64') });
}

/**
 * Reads an `inputs.npz`.
 *
 * @param name the name of the file in an error message
 * @throws InputError for bytes that are not such a file, are damaged, or hold a number that is not finite
 */
export function decodeInputs(bytes: Uint8Array, name = 'inputs.npz'): NetInputs {
  const { mean, factor } = decodeNpz(bytes, name);
  if (!mean || !factor) throw new InputError(`${name} is not the inputs.npz of a run: it has no mean and factor`);
  if (factor.size !== 1) throw new InputError(`${name} has a factor of shape ${shapeText(factor.shape)}, not (1,)`);
  const value = reshape(factor, [1]).get(0);
  if (!Number.isFinite(value) || value === 0 || !Number.isFinite(sum(abs(mean)))) {
    throw new InputError(`${name} holds numbers that are not finite, or a factor of 0`);
  }
  return { mean, factor: value };
}

/**
 * Samples as the inputs of a net, computed in the same way as in training.
 *
 * @param x (N, …) in the shape and on the scale of the samples
 * @returns (N, …) float32
 */
export function inputsOf(x: NdArray, { mean, factor }: NetInputs): NdArray {
  const centered = astype(subtract(astype(x, 'float64'), astype(mean, 'float64')), 'float32'); // (N, …)
  return factor === 1 ? centered : multiply(centered, factor); // (N, …)
}

/** Checks that a mean has the shape of a sample. */
export function assertMeanShape({ mean }: NetInputs, sample: Shape, name: string): void {
  if (String(mean.shape) === String(sample)) return;
  throw new InputError(
    `${name} has a mean of shape ${shapeText(mean.shape)}, and the net takes samples of shape ${shapeText(sample)}`,
  );
}
