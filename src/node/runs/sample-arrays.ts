import { InputError, type NdArray, reshape, type Shape, shapeText, transpose } from '../../array/index.js';

/** Samples from an array of a user. */
export interface SampleArray {
  /** (N, …) in the shape of the samples. */
  x: NdArray;
  /** Whether the channels were the last axis and are the first now. */
  wasChannelsLast: boolean;
}

/**
 * The samples in an array: one sample or a batch, in the shape that a net takes. Images may also have their channels
 * last, (H, W, C), if this shape cannot mean anything else, and gray images may have no axis for them.
 *
 * @param sample the shape of one sample
 * @param name what the array is called in an error message
 * @throws InputError for another shape
 */
export function samplesIn(x: NdArray, sample: Shape, name: string): SampleArray {
  const batch = (array: NdArray) => reshape(array, [-1, ...sample]);
  const [C, H, W] = sample;
  const forms: readonly { sample: Shape; last: boolean }[] = [
    { sample, last: false },
    ...(sample.length === 3 && C === 1 ? [{ sample: [H, W], last: false }] : []),
    ...(sample.length === 3 ? [{ sample: [H, W, C], last: true }] : []),
  ];
  const form = forms.find(
    ({ sample }) => x.size > 0 && [x.shape, x.shape.slice(1)].some((s) => String(s) === String(sample)),
  );
  if (!form) {
    const wanted = `${shapeText(sample)} or ${shapeText(['N', ...sample])}`;
    throw new InputError(`${name} has shape ${shapeText(x.shape)}, and the net takes ${wanted}`);
  }
  if (!form.last) return { x: batch(x), wasChannelsLast: false };
  return { x: transpose(reshape(x, [-1, H, W, C]), [0, 3, 1, 2]), wasChannelsLast: true };
}
