import {
  AvgPool2d,
  add,
  addInPlace,
  assign,
  avgPool2dGradient,
  broadcastTo,
  Concat,
  Conv2d,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  copy,
  divide,
  Flatten,
  fold,
  GlobalAvgPool2d,
  MaxPool2d,
  maxPool2d,
  maxPool2dGradient,
  mean,
  multiply,
  type NdArray,
  negative,
  ones,
  type Random,
  reshape,
  slice,
  sum,
  Tanh,
  transpose,
  unfold,
  zeros,
} from '../../src/index.js';
import { Mutant, type WrongLayer } from './mutant.js';

/** Backwards of convolutions and poolings that are wrong in the ways in which people get them wrong. */

const dtype = 'float64';

/** As many rows as channels, so that a sum over the wrong axes has the right shape. */
const IMAGES = [2, 3, 3, 5];
const SIZE: [number, number] = [3, 5];

interface Windows {
  stride: number;
  padding: number;
}

/** What the backward of a convolution works with. */
interface Given {
  x: NdArray;
  weight: NdArray;
  dout: NdArray;
  windows: Windows;
}

interface Wrong {
  dx?: (given: Given) => NdArray;
  dWeight?: (given: Given) => NdArray;
  dBias?: (given: Given) => NdArray;
}

const rightDx = ({ weight, dout, windows }: Given) => conv2dInputGradient(weight, dout, SIZE, windows);
const rightWeight = ({ x, dout, windows }: Given) => conv2dWeightGradient(x, dout, 3, windows);

/** A convolution with 3 channels and kernels of 3 × 3, whose gradients are right except for those given. */
function conv(wrong: Wrong, windows: Windows = { stride: 1, padding: 1 }): WrongLayer {
  const make = (rng: Random) => {
    const layer = new Conv2d(3, 3, 3, { ...windows, rng, dtype });
    const [weight, bias] = layer.parameters();
    return new Mutant(layer, (dout, x) => {
      const given = { x, weight: weight.value, dout, windows };
      addInPlace(weight.grad, (wrong.dWeight ?? rightWeight)(given));
      addInPlace(bias.grad, wrong.dBias?.(given) ?? sum(dout, [0, 2, 3]));
      return (wrong.dx ?? rightDx)(given);
    });
  };
  return { make, shape: IMAGES };
}

/** Kernels upside down and right to left. */
const flipped = (weight: NdArray) => copy(weight.step(1, 1, -1, -1));
const channelsExchanged = (weight: NdArray) => transpose(weight, [1, 0, 2, 3]);
/** A part of the rows and columns of images. */
const cropped = (x: NdArray, rows: [number, number], columns: [number, number]) =>
  copy(slice(x, null, null, rows, columns));

/** The gradients of a convolution with stride 2, taken for the first ones of one with stride 1. */
function withoutStride(dout: NdArray): NdArray {
  const [N, O, OH, OW] = dout.shape;
  const moved = zeros([N, O, ...SIZE], dtype);
  assign(slice(moved, null, null, [0, OH], [0, OW]), dout);
  return moved;
}

/** The last window that covers a pixel overwrites the others. */
function overwritten({ weight, dout }: Given): NdArray {
  const [N, O, OH, OW] = dout.shape;
  const dx = zeros([N, 3, SIZE[0] + 2, SIZE[1] + 2], dtype);
  for (let i = 0; i < OH; i++) {
    for (let j = 0; j < OW; j++) {
      const gradient = reshape(cropped(dout, [i, i + 1], [j, j + 1]), [N, O, 1, 1, 1]);
      assign(slice(dx, null, null, [i, i + 3], [j, j + 3]), sum(multiply(gradient, weight), 1)); // (N, C, 3, 3)
    }
  }
  return cropped(dx, [1, SIZE[0] + 1], [1, SIZE[1] + 1]);
}

const STRIDED = { stride: 2, padding: 1 };

const WRONG_CONVOLUTIONS: Record<string, WrongLayer> = {
  'dx with the kernel not flipped': conv({
    dx: ({ weight, dout, windows }) => conv2d(dout, channelsExchanged(weight), windows),
  }),
  'dx with the channels not exchanged': conv({
    dx: ({ weight, dout, windows }) => conv2d(dout, flipped(weight), windows),
  }),
  'dx of the padded image cropped at its first corner': conv({
    dx: ({ weight, dout }) => cropped(conv2dInputGradient(weight, dout, [5, 7]), [0, 3], [0, 5]),
  }),
  'dx of the padded image cropped in the rows alone': conv({
    dx: ({ weight, dout }) => cropped(conv2dInputGradient(weight, dout, [5, 7]), [1, 4], [0, 5]),
  }),
  'dx with overlapping windows overwritten instead of added': conv({ dx: overwritten }),
  'dx with the stride ignored': conv(
    { dx: ({ weight, dout }) => conv2dInputGradient(weight, withoutStride(dout), SIZE, { padding: 1 }) },
    STRIDED,
  ),
  'dW with the stride ignored': conv(
    { dWeight: ({ x, dout }) => conv2dWeightGradient(x, withoutStride(dout), 3, { padding: 1 }) },
    STRIDED,
  ),
  'dW with the padding ignored': conv({
    dWeight: ({ x, dout }) => conv2dWeightGradient(x, cropped(dout, [1, 2], [1, 4]), 3),
  }),
  'dW flipped': conv({ dWeight: (given) => flipped(rightWeight(given)) }),
  'dW with the channels exchanged': conv({ dWeight: (given) => channelsExchanged(rightWeight(given)) }),
  'dW with height and width exchanged': conv({ dWeight: (given) => transpose(rightWeight(given), [0, 1, 3, 2]) }),
  'dW of the first sample alone': conv({
    dWeight: ({ x, dout, windows }) => conv2dWeightGradient(slice(x, [0, 1]), slice(dout, [0, 1]), 3, windows),
  }),
  'dW averaged over the batch': conv({ dWeight: (given) => divide(rightWeight(given), 2) }),
  'dW averaged over the windows': conv({ dWeight: (given) => divide(rightWeight(given), 15) }),
  'db over the wrong axes': conv({ dBias: ({ dout }) => sum(dout, [0, 1, 3]) }),
  'db over the batch and the rows, not the columns': conv({
    dBias: ({ dout }) => reshape(cropped(sum(dout, { axis: [0, 2], keepDims: true }), [0, 1], [0, 1]), [3]),
  }),
  'db the mean instead of the sum': conv({ dBias: ({ dout }) => mean(dout, [0, 2, 3]) }),
  'db forgotten': conv({ dBias: () => zeros([3], dtype) }),
};

const POOLING = { stride: 2, padding: 1 };

/** Windows of 3 × 3, with stride 2 and padding 1. */
const maxPool = (wrong: (dout: NdArray, x: NdArray, out: NdArray) => NdArray): WrongLayer => {
  return { make: () => new Mutant(new MaxPool2d(3, POOLING), wrong), shape: IMAGES };
};

const avgPool = (wrong: (dout: NdArray, x: NdArray) => NdArray): WrongLayer => {
  return { make: () => new Mutant(new AvgPool2d(3, POOLING), wrong), shape: IMAGES };
};

const positionsOfMaxima = (x: NdArray) => maxPool2d(x, 3, POOLING).indices;

/** Every gradient copied to all pixels of its window. */
function spread(dout: NdArray): NdArray {
  const [N, C, OH, OW] = dout.shape;
  const columns = broadcastTo(reshape(dout, [N, C, 1, OH * OW]), [N, C, 9, OH * OW]);
  return fold(reshape(columns, [N, C * 9, OH * OW]), SIZE, 3, POOLING);
}

/** How many pixels of each window lie on the image, in the shape of dout. */
function pixelsOnImage(x: NdArray, dout: NdArray): NdArray {
  const [N, C] = x.shape;
  return reshape(sum(reshape(unfold(ones(x.shape, dtype), 3, POOLING), [N, C, 9, -1]), 2), dout.shape);
}

const WRONG_POOLINGS: Record<string, WrongLayer> = {
  'MaxPool2d: the gradient to every pixel of the window': maxPool((dout) => spread(dout)),
  'MaxPool2d: the gradient shared, as in average pooling': maxPool((dout) => divide(spread(dout), 9)),
  'MaxPool2d: the gradient to the first pixel': maxPool((dout, x) =>
    maxPool2dGradient(dout, positionsOfMaxima(multiply(x, 0)), SIZE),
  ),
  'MaxPool2d: the gradient to the minimum': maxPool((dout, x) =>
    maxPool2dGradient(dout, positionsOfMaxima(negative(x)), SIZE),
  ),
  'MaxPool2d: the gradient times the maximum': maxPool((dout, x, out) =>
    maxPool2dGradient(multiply(dout, out), positionsOfMaxima(x), SIZE),
  ),
  'MaxPool2d: the gradient of one window for each pixel': maxPool((dout, x) => {
    const [all, indices] = [zeros([2, 3, 15], dtype), positionsOfMaxima(x)];
    const [N, C, OH, OW] = dout.shape;
    for (let i = 0; i < N * C * OH * OW; i++) {
      const [n, c, oy, ox] = [
        Math.floor(i / (C * OH * OW)),
        Math.floor(i / (OH * OW)) % C,
        Math.floor(i / OW) % OH,
        i % OW,
      ];
      all.set(n, c, indices.get(n, c, oy, ox), dout.get(n, c, oy, ox));
    }
    return reshape(all, IMAGES);
  }),
  'AvgPool2d: not divided by the size of the window': avgPool((dout) => spread(dout)),
  'AvgPool2d: divided by the pixels on the image alone': avgPool((dout, x) =>
    spread(divide(dout, pixelsOnImage(x, dout))),
  ),
  'AvgPool2d: the padding ignored': avgPool((dout) =>
    avgPool2dGradient(cropped(dout, [0, 1], [0, 2]), SIZE, 3, { stride: 2 }),
  ),
  'GlobalAvgPool2d: not divided': {
    make: () => new Mutant(new GlobalAvgPool2d(), (dout) => copy(broadcastTo(reshape(dout, [2, 3, 1, 1]), IMAGES))),
    shape: IMAGES,
  },
  'GlobalAvgPool2d: divided by the height alone': {
    make: () =>
      new Mutant(new GlobalAvgPool2d(), (dout) => copy(broadcastTo(reshape(divide(dout, 3), [2, 3, 1, 1]), IMAGES))),
    shape: IMAGES,
  },
  'Flatten: channels last': {
    make: () => new Mutant(new Flatten(), (dout) => copy(transpose(reshape(dout, [2, ...SIZE, 3]), [0, 3, 1, 2]))),
    shape: IMAGES,
  },
};

/** A Concat of tanh, whose dx is made of the gradients of its input and of its inner layer. */
const concat = (dx: (around: NdArray, through: (dout: NdArray) => NdArray, dout: NdArray) => NdArray): WrongLayer => {
  const make = () => {
    const inner = new Tanh();
    return new Mutant(new Concat(inner), (dout) =>
      dx(copy(slice(dout, null, [0, 3])), (part) => inner.backward(part), copy(slice(dout, null, [3, 6]))),
    );
  };
  return { make, shape: IMAGES };
};

const WRONG_BLOCKS: Record<string, WrongLayer> = {
  'Concat: the way through the inner layer forgotten': concat((around) => around),
  'Concat: the way around it forgotten': concat((_around, through, rest) => through(rest)),
  'Concat: the two parts of dout exchanged': concat((around, through, rest) => add(rest, through(around))),
};

/** Wrong convolutions, poolings and blocks, by name of layer and what is wrong with them. */
export const WRONG_IMAGE_LAYERS: Record<string, WrongLayer> = {
  ...Object.fromEntries(Object.entries(WRONG_CONVOLUTIONS).map(([what, wrong]) => [`Conv2d: ${what}`, wrong])),
  ...WRONG_POOLINGS,
  ...WRONG_BLOCKS,
};

/** The right convolution, on the same inputs. */
export const RIGHT_CONVOLUTIONS: WrongLayer[] = [conv({}), conv({}, STRIDED)];
