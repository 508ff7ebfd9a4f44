import {
  avgPool2d,
  avgPool2dGradient,
  map,
  maxPool2d,
  maxPool2dGradient,
  multiply,
  type NdArray,
  negative,
  ones,
  setAt,
  zeros,
} from '../../array/index.js';
import { hypothesesOf, type MistakeTable } from './hypothesis.js';
import { partOf, shared, type WindowParts, widened, windowPartsOf, windowsOf } from './window-parts.js';

/** Mistakes in max pooling and average pooling. */

const NONE = [0, 0] as const;

const twice = ([h, w]: readonly [number, number]) => [2 * h, 2 * w] as const;
const windowSize = ({ kernelSize: [KH, KW] }: WindowParts) => KH * KW;
/** The same windows, one pixel apart. */
const dense = (p: WindowParts): WindowParts => ({ ...p, stride: [1, 1] });

/** The position of the first maximum, as shares of the pixels of a window. */
function firstMaximum(values: number[]): number[] {
  const first = values.indexOf(Math.max(...values));
  return values.map((_, k) => (k === first ? 1 : 0));
}

const maxOut = (p: WindowParts, x: NdArray = p.x) =>
  maxPool2d(x, p.kernelSize, { stride: p.stride, padding: p.padding }).out;
const avgOut = (p: WindowParts) => avgPool2d(p.x, p.kernelSize, { stride: p.stride, padding: p.padding });
const avgDx = ({ dout, size, kernelSize, stride, padding }: WindowParts) =>
  avgPool2dGradient(dout, size, kernelSize, { stride, padding });

/**
 * Mistakes that do not depend on what is done with a window.
 *
 * @param outside the value of padding
 * @param sharesOf the share of each pixel of a window in its gradient
 * @param paddedDx dx of the padded images
 */
function positionMistakes(
  out: (
    x: NdArray,
    p: WindowParts,
    windows: { stride?: readonly [number, number]; padding?: readonly [number, number] },
  ) => NdArray,
  outside: number,
  sharesOf: (values: number[], p: WindowParts) => number[],
  paddedDx: (p: WindowParts) => NdArray,
): MistakeTable<WindowParts> {
  return {
    'out | stride ignored | The windows move by one pixel. Window i begins at pixel iS − P.': [
      (p) => out(p.x, p, { stride: [1, 1], padding: p.padding }),
      (p) => partOf(out(p.x, p, { stride: [1, 1], padding: p.padding }), NONE, p.count),
    ],
    'out | padding ignored | The padding above and to the left is missing. Window i begins at pixel iS − P.': [
      (p) => out(p.x, p, { stride: p.stride }),
      (p) => out(widened(p.x, NONE, twice(p.padding), outside), p, { stride: p.stride }),
    ],
    'dx | stride ignored | The windows are one pixel apart. Window i begins at pixel iS − P.': (p) =>
      shared(dense(p), sharesOf),
    'dx | overlaps overwritten | Each window overwrites what the windows before it gave to a pixel. Add instead.': (
      p,
    ) => shared(p, sharesOf, true),
    'dx | padding not cropped | This is the gradient of the padded image. Remove P rows and columns on each side.':
      paddedDx,
    'dx | padding cropped wrongly | This is the gradient of the padded image, cut in the wrong place. Remove P rows and columns on each side.':
      [(p) => partOf(paddedDx(p), NONE, p.size), (p) => partOf(paddedDx(p), twice(p.padding), p.size)],
  };
}

const equalTo = (most: number, values: number[]) => values.map((value) => (value === most ? 1 : 0));

/** Images with zeros around them. */
const zeroPadded = ({ x, padding }: WindowParts) => widened(x, padding, padding);

const MAX_POOL: MistakeTable<WindowParts> = {
  'out | padding wins | Padding wins where all pixels of a window are negative. Pad with −∞, or leave padding out.': (
    p,
  ) => maxPool2d(zeroPadded(p), p.kernelSize, { stride: p.stride }).out,
  'out | average | This is the average of each window, not the maximum.': avgOut,
  'out | minimum | This is the minimum of each window, not the maximum.': (p) => negative(maxOut(p, negative(p.x))),
  'dx | all maxima | Every pixel that equals the maximum gets the gradient. Only the first one should.': (p) =>
    shared(p, (values) => equalTo(Math.max(...values), values)),
  'dx | shared among maxima | Pixels that equal the maximum share the gradient. The first one should get all of it.': (
    p,
  ) =>
    shared(p, (values) => {
      const maxima = equalTo(Math.max(...values), values);
      const count = maxima.filter((one) => one === 1).length;
      return maxima.map((one) => one / count);
    }),
  'dx | last maximum | Of equal values, the last one gets the gradient. The first one in row-major order should.': (
    p,
  ) => shared(p, (values) => firstMaximum([...values].reverse()).reverse()),
  'dx | every pixel | Every pixel of a window gets the gradient. Only the maximum should.': (p) =>
    shared(p, (values) => values.map(() => 1)),
  'dx | average | This is the gradient of average pooling. The maximum of a window should get all of its gradient.':
    avgDx,
  'dx | padding wins | Padding takes the gradient where all pixels of a window are negative. Pad with −∞, or leave padding out.':
    (p) => {
      const { indices } = maxPool2d(zeroPadded(p), p.kernelSize, { stride: p.stride });
      const [H, W] = [p.size[0] + 2 * p.padding[0], p.size[1] + 2 * p.padding[1]];
      return partOf(maxPool2dGradient(p.dout, indices, [H, W]), p.padding, p.size);
    },
  'dx | dout forgotten | This counts the windows in which a pixel is the maximum. Multiply by dout.': (p) =>
    shared({ ...p, dout: ones(p.dout.shape, 'float64') }, firstMaximum),
  'dx | times the maximum | The gradient is multiplied by the maximum. The derivative of the maximum is 1.': (p) =>
    shared({ ...p, dout: multiply(p.dout, maxOut(p)) }, firstMaximum),
  ...positionMistakes(
    (x, p, windows) => maxPool2d(x, p.kernelSize, windows).out,
    -Infinity,
    firstMaximum,
    (p) => widened(p.want, p.padding, p.padding),
  ),
};

/** The number of pixels on the image in each window, in the shape of the output. */
function pixelCounts(p: WindowParts): NdArray {
  const counts = zeros([...p.x.shape.slice(0, 2), ...p.count], 'float64');
  for (const { output, pixels } of windowsOf(p)) setAt(counts, output, pixels.length);
  return counts;
}

const equalShares = (values: number[], p: WindowParts) => values.map(() => 1 / windowSize(p));

const AVG_POOL: MistakeTable<WindowParts> = {
  'out | divisor without padding | This is divided by the number of pixels on the image. Padding counts: divide by the size of the window.':
    (p) =>
      multiply(
        multiply(avgOut(p), windowSize(p)),
        map(pixelCounts(p), (count) => 1 / count),
      ),
  'out | not divided | This is the sum. Divide it by the size of the window.': (p) => multiply(p.want, windowSize(p)),
  'out | maximum | This is the maximum of each window, not the average.': (p) => maxOut(p),
  'dx | divisor without padding | The shares are divided by the number of pixels on the image. Padding counts: divide by the size of the window.':
    (p) => shared(p, (values) => values.map(() => 1 / values.length)),
  'dx | not divided | Every pixel gets the whole gradient. Its share is 1/K, with the size K of a window.': (p) =>
    multiply(p.want, windowSize(p)),
  'dx | divided twice | This is divided by the size of the window twice.': (p) => multiply(p.want, 1 / windowSize(p)),
  'dx | to the maximum | This is the gradient of max pooling. Every pixel of a window gets the same share.': (p) =>
    shared(p, firstMaximum),
  'dx | first pixel only | Only the first pixel of a window gets a share. Every pixel of it should.': (p) =>
    shared(p, (values) => values.map((_, k) => (k === 0 ? 1 / windowSize(p) : 0))),
  ...positionMistakes(
    (x, p, windows) => avgPool2d(x, p.kernelSize, windows),
    0,
    equalShares,
    (p) => {
      const [H, W] = [p.size[0] + 2 * p.padding[0], p.size[1] + 2 * p.padding[1]];
      return avgPool2dGradient(p.dout, [H, W], p.kernelSize, { stride: p.stride });
    },
  ),
};

/** Mistakes by file. */
export const POOLING_MISTAKES = {
  maxpool2d: hypothesesOf(windowPartsOf, MAX_POOL),
  avgpool2d: hypothesesOf(windowPartsOf, AVG_POOL),
};
