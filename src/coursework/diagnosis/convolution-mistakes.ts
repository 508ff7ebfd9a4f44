import {
  add,
  at,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  multiply,
  type NdArray,
  reshape,
  setAt,
  slice,
  subtract,
  sum,
  transpose,
  zeros,
} from '../../array/index.js';
import { hypothesesOf, type MistakeTable } from './hypothesis.js';
import { partOf, turned, type WindowParts, widened, windowPartsOf } from './window-parts.js';

/** Mistakes in convolutions. */

const NONE = [0, 0] as const;

type Size = readonly [height: number, width: number];

const each = (a: Size, b: Size, f: (a: number, b: number) => number): Size => [f(a[0], b[0]), f(a[1], b[1])];
const sumOf = (a: Size, b: Size) => each(a, b, (p, q) => p + q);
/** The size of the images on which windows with a stride of 1 have the same number. */
const denseSize = ({ count, kernelSize }: WindowParts) =>
  each(count, kernelSize, (windows, size) => windows + size - 1);

function withBias({ terms: { bias } }: WindowParts, out: NdArray): NdArray {
  return bias ? add(out, reshape(bias, [-1, 1, 1])) : out;
}

const OUT: MistakeTable<WindowParts> = {
  'out | bias forgotten | The bias is missing.': ({ x, terms, stride, padding }) =>
    conv2d(x, terms.weight, { stride, padding }),
  'out | bias subtracted | The bias is subtracted. Add it instead.': (p) =>
    subtract(conv2d(p.x, p.terms.weight, { stride: p.stride, padding: p.padding }), reshape(p.terms.bias, [-1, 1, 1])),
  'out | kernel flipped | The kernels are flipped. In deep learning the first weight meets the first pixel of a window.':
    (p) => withBias(p, conv2d(p.x, turned(p.terms.weight), { stride: p.stride, padding: p.padding })),
  'out | kernel transposed | Rows and columns of the kernels are exchanged. Weight (u, v) meets the pixel u rows down and v columns to the right.':
    (p) => {
      const weight = transpose(p.terms.weight, [0, 1, 3, 2]);
      return withBias(p, conv2d(p.x, weight, { stride: p.stride, padding: p.padding }));
    },
  'out | padding ignored | The padding above and to the left is missing. Window i begins at pixel iS − P.': [
    (p) => withBias(p, conv2d(p.x, p.terms.weight, { stride: p.stride })),
    (p) => {
      const x = widened(p.x, NONE, sumOf(p.padding, p.padding));
      return withBias(p, conv2d(x, p.terms.weight, { stride: p.stride }));
    },
  ],
  'out | stride ignored | The windows move by one pixel. Window i begins at pixel iS − P.': [
    (p) => withBias(p, conv2d(p.x, p.terms.weight, { padding: p.padding })),
    (p) => withBias(p, partOf(conv2d(p.x, p.terms.weight, { padding: p.padding }), NONE, p.count)),
  ],
  'out | one channel only | Only the first channel of x counts. Sum over all channels.': (p) => {
    const [x, weight] = [p.x, p.terms.weight].map((it) => slice(it, null, [0, 1]));
    return withBias(p, conv2d(x, weight, { stride: p.stride, padding: p.padding }));
  },
};

/** dx of the padded images. */
function paddedDx({ terms: { weight }, dout, size, stride, padding }: WindowParts): NdArray {
  return conv2dInputGradient(weight, dout, sumOf(size, sumOf(padding, padding)), { stride });
}

const DX: MistakeTable<WindowParts> = {
  'dx | kernel not flipped | The kernels are not flipped. The last weight of a window meets its last pixel, so seen from a pixel the order is reversed.':
    ({ terms: { weight }, dout, size, stride, padding }) =>
      conv2dInputGradient(turned(weight), dout, size, { stride, padding }),
  'dx | padding cropped wrongly | This is the gradient of the padded image, cut in the wrong place. Remove P rows and columns on each side.':
    [(p) => partOf(paddedDx(p), NONE, p.size), (p) => partOf(paddedDx(p), sumOf(p.padding, p.padding), p.size)],
  'dx | padding not cropped | This is the gradient of the padded image. Remove P rows and columns on each side.':
    paddedDx,
  'dx | stride ignored | The windows are one pixel apart. The gradient of window i goes to the pixels from iS − P on.':
    (p) => partOf(conv2dInputGradient(p.terms.weight, p.dout, denseSize(p)), p.padding, p.size),
  'dx | one channel only | Only the first output channel counts. x acts on all of them, so sum over them.': ({
    terms: { weight },
    dout,
    size,
    stride,
    padding,
  }) => conv2dInputGradient(slice(weight, [0, 1]), slice(dout, null, [0, 1]), size, { stride, padding }),
  'dx | overlaps overwritten | Each window overwrites what the windows before it gave to a pixel. Add instead.':
    lastWindows,
};

/** dx where each pixel has the gradient of the last window that it is in. */
function lastWindows({ x, terms: { weight }, dout, kernelSize, stride, padding, size, count }: WindowParts): NdArray {
  const dx = zeros(x.shape, 'float64');
  const [N, C] = x.shape;
  const last = (axis: 0 | 1, pixel: number) => {
    const window = Math.min(Math.floor((pixel + padding[axis]) / stride[axis]), count[axis] - 1);
    return [window, pixel + padding[axis] - window * stride[axis]];
  };
  for (let p = 0; p < size[0]; p++) {
    for (let q = 0; q < size[1]; q++) {
      const [[i, u], [j, v]] = [last(0, p), last(1, q)];
      if (u >= kernelSize[0] || v >= kernelSize[1]) continue;
      for (let n = 0; n < N; n++) {
        for (let c = 0; c < C; c++) {
          let value = 0;
          for (let o = 0; o < weight.shape[0]; o++) value += at(dout, n, o, i, j) * at(weight, o, c, u, v);
          setAt(dx, [n, c, p, q], value);
        }
      }
    }
  }
  return dx;
}

const ofLastSample = (values: NdArray) => slice(values, [values.shape[0] - 1, values.shape[0]]);

/** dL/dW of the last sample, or of its last window. */
function lastOnly(p: WindowParts, dout: NdArray): NdArray {
  return conv2dWeightGradient(ofLastSample(p.x), dout, p.kernelSize, { stride: p.stride, padding: p.padding });
}

function lastWindowOf({ dout, count: [OH, OW] }: WindowParts): NdArray {
  const kept = zeros([1, dout.shape[1], OH, OW], 'float64');
  for (let o = 0; o < dout.shape[1]; o++) {
    setAt(kept, [0, o, OH - 1, OW - 1], at(dout, dout.shape[0] - 1, o, OH - 1, OW - 1));
  }
  return kept;
}

/** The array that is added to `grad`, and the one that a student finds there who assigns it instead. */
const addedOrAssigned = (formula: (parts: WindowParts) => NdArray) => [
  formula,
  (p: WindowParts) => p.start && subtract(formula(p), p.start),
];

const DWEIGHT: MistakeTable<WindowParts> = {
  'dweight | stride ignored | The pixels are those of windows that are one pixel apart. Weight (u, v) meets pixel (iS + u − P, jS + v − P).':
    (p) => {
      const x = partOf(widened(p.x, p.padding, p.padding), NONE, denseSize(p));
      return conv2dWeightGradient(x, p.dout, p.kernelSize);
    },
  'dweight | padding ignored | The padding is missing: weight (u, v) meets pixel (iS + u − P, jS + v − P), not (iS + u, jS + v).':
    (p) => {
      const x = widened(p.x, NONE, sumOf(p.padding, p.padding));
      return conv2dWeightGradient(x, p.dout, p.kernelSize, { stride: p.stride });
    },
  'dweight | kernel flipped | The values are right, but turned by 180°. Only dx needs the flipped kernel.': (p) =>
    turned(p.want),
  'dweight | last sample only | This is the gradient of the last sample alone. Each sample must add to it.':
    addedOrAssigned((p) => lastOnly(p, ofLastSample(p.dout))),
  'dweight | last window only | This is the gradient of the last window alone. Each window of each sample must add to it.':
    addedOrAssigned((p) => lastOnly(p, lastWindowOf(p))),
  'dweight | averaged over windows | This is divided by the number of windows. Sum over them.': [
    (p) => multiply(p.want, 1 / (p.count[0] * p.count[1])),
    (p) => multiply(p.want, 1 / (p.x.shape[0] * p.count[0] * p.count[1])),
  ],
};

const DBIAS: MistakeTable<WindowParts> = {
  'dbias | wrong axes | The sum is over the wrong axes. b has a number for each output channel, which is axis 1, so sum over axes 0, 2 and 3.':
    [
      ({ dout }) => sum(dout, { axis: [0, 1, 2] }),
      ({ dout }) => sum(dout, { axis: [0, 1, 3] }),
      ({ dout }) => sum(dout, { axis: [1, 2, 3] }),
    ],
  'dbias | last sample only | This is the gradient of the last sample alone. Each sample must add to it.':
    addedOrAssigned(({ dout }) => sum(ofLastSample(dout), { axis: [0, 2, 3] })),
  'dbias | averaged over windows | This is divided by the number of windows. Sum over them.': [
    (p) => multiply(p.want, 1 / (p.count[0] * p.count[1])),
    (p) => multiply(p.want, 1 / (p.x.shape[0] * p.count[0] * p.count[1])),
  ],
};

/** Mistakes by file. */
export const CONVOLUTION_MISTAKES = {
  conv2d: hypothesesOf(windowPartsOf, { ...OUT, ...DX, ...DWEIGHT, ...DBIAS }),
};
