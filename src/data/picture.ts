import {
  assertBytes,
  assertImageShape,
  assertMethods,
  assertWhole,
  checkedOptions,
  InputError,
} from '../array/index.js';
import type { ImageShape } from './augment/augmentation.js';

/** A picture in memory, in the layout of an image of an `ImageSet`. */
export interface Picture extends ImageShape {
  /** Values from 0 to 255, channel by channel, row by row: channels · height · width bytes. */
  bytes: Uint8Array;
}

/**
 * The picture in gray or in color. Gray is 0.299 R + 0.587 G + 0.114 B (Rec. 601), as PIL's `convert('L')` computes
 * it. Three channels of a gray picture are equal.
 *
 * @param channels 1 for gray, 3 for red, green and blue
 * @returns the same picture if it already has these channels
 * @throws InputError for any other number of channels
 */
export function withChannels(picture: Picture, channels: number): Picture {
  assertPicture('withChannels', picture);
  assertWhole('withChannels', 'channels', channels, 1);
  const { height, width, bytes } = picture;
  if (picture.channels === channels) return picture;
  const size = height * width;
  if (picture.channels === 1 && channels === 3) {
    const color = new Uint8Array(3 * size);
    for (let c = 0; c < 3; c++) color.set(bytes, c * size);
    return { channels, height, width, bytes: color };
  }
  if (picture.channels === 3 && channels === 1) {
    const gray = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      gray[i] = (RED * bytes[i] + GREEN * bytes[size + i] + BLUE * bytes[2 * size + i] + 0.5) >> 0;
    }
    return { channels, height, width, bytes: gray };
  }
  throw new InputError(`a picture with ${picture.channels} channels cannot become one with ${channels}`);
}

/** The weights of PIL: those of Rec. 601 in 16 bits. They add up to 1. */
const [RED, GREEN, BLUE] = [19595 / 65536, 38470 / 65536, 7471 / 65536];

/**
 * The picture in another size, as PIL's `resize(…, BILINEAR)` draws it. Each new pixel is a weighted mean of the old
 * pixels around its position. The weights fall linearly to 0 at the distance of one pixel, of the larger of the two
 * pixels. So a smaller picture averages all pixels that it covers, and fine patterns do not turn into false ones. The
 * sides are scaled separately: a picture of other proportions is stretched, and nothing is cut off.
 *
 * @param size the new height and width, whole numbers from 1 up
 * @returns the same picture if it already has this size
 */
export function resizePicture(picture: Picture, size: Pick<ImageShape, 'height' | 'width'>): Picture {
  const { height, width } = checkedOptions('resizePicture', size);
  assertPicture('resizePicture', picture);
  assertWhole('resizePicture', 'height', height, 1);
  assertWhole('resizePicture', 'width', width, 1);
  const { channels } = picture;
  const wide =
    picture.width === width
      ? picture
      : { ...picture, width, bytes: resampled(picture.bytes, channels * picture.height, picture.width, width, 1) };
  if (wide.height === height) return wide;
  return { channels, height, width, bytes: resampled(wide.bytes, channels, wide.height, height, width) };
}

/**
 * Resamples one axis of an array (outer, from, inner) to (outer, to, inner).
 */
function resampled(bytes: Uint8Array, outer: number, from: number, to: number, inner: number): Uint8Array {
  const out = new Uint8Array(outer * to * inner);
  for (let position = 0; position < to; position++) {
    const { first, weights } = windowOf(position, from, to);
    for (let o = 0; o < outer; o++) {
      const [start, target] = [(o * from + first) * inner, (o * to + position) * inner];
      for (let i = 0; i < inner; i++) {
        let total = 0.5; // rounds to the nearest whole number
        for (let k = 0; k < weights.length; k++) total += weights[k] * bytes[start + k * inner + i];
        out[target + i] = total;
      }
    }
  }
  return out;
}

/** The old pixels that make up the new one at a position: the first of them, and the weight of each. */
function windowOf(position: number, from: number, to: number): { first: number; weights: Float64Array } {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  const center = (position + 0.5) * scale;
  const first = Math.max(0, Math.trunc(center - reach + 0.5));
  const end = Math.min(from, Math.trunc(center + reach + 0.5));
  const weights = Float64Array.from({ length: end - first }, (_, k) =>
    Math.max(0, 1 - Math.abs((first + k + 0.5 - center) / reach)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { first, weights: weights.map((weight) => weight / total) };
}

/** The picture in the shape that a net takes: its channels and its size. */
export function fitPicture(picture: Picture, shape: ImageShape): Picture {
  assertPicture('fitPicture', picture);
  assertImageShape('fitPicture', 'shape', shape);
  return resizePicture(withChannels(picture, shape.channels), shape);
}

/**
 * Throws unless a value is a picture with as many bytes as its shape has.
 *
 * @throws DtypeError or RangeError that names the call
 */
export function assertPicture(call: string, picture: Picture): void {
  assertMethods(call, 'picture', picture, [], 'a picture, such as readPicture gives');
  assertImageShape(call, 'picture', picture);
  assertBytes(call, 'picture.bytes', picture.bytes);
  const { channels, height, width, bytes } = picture;
  if (bytes.length !== channels * height * width) {
    throw new RangeError(`${call}: a picture of ${channels} × ${height} × ${width} has ${bytes.length} bytes`);
  }
}
