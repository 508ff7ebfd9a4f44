import { map } from '../../array/index.js';
import { AvgPool2d } from '../../layers/avg-pool2d.js';
import { Conv2d } from '../../layers/conv2d.js';
import type { Layer } from '../../layers/layer.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { MaxPool2d } from '../../layers/max-pool2d.js';
import { Residual } from '../../layers/residual.js';
import { Tanh } from '../../layers/tanh.js';
import type { GradedLayer } from './graded-layer.js';
import { type Sizes, type TestCase, testCase } from './test-case.js';

const dtype = 'float64';
const image = ({ N, C, H, W }: Sizes) => [N, C, H, W];
/** Loops over single elements take a few tenths of a second for this batch. */
const large = { N: 12, C: 4, O: 6, H: 14, W: 14 };

/** How windows slide in a test case: height before width. */
export interface SlidingWindows {
  kernelSize: [number, number];
  stride: [number, number];
  padding: [number, number];
}

/** The windows of a test case. `strideW` and `paddingW` are those of `stride` and `padding` by default. */
export function slidingWindows({ sizes: { KH, KW }, options }: TestCase): SlidingWindows {
  const [stride, padding] = [Number(options.stride ?? 1), Number(options.padding ?? 0)];
  return {
    kernelSize: [KH, KW],
    stride: [stride, Number(options.strideW ?? stride)],
    padding: [padding, Number(options.paddingW ?? padding)],
  };
}

const CONV2D: GradedLayer = {
  args: (given) => {
    const { kernelSize, ...windows } = slidingWindows(given);
    return [given.sizes.C, given.sizes.O, kernelSize, { ...windows, bias: given.options.bias ?? true, dtype }];
  },
  reference: (given) => {
    const { kernelSize, ...windows } = slidingWindows(given);
    const bias = Boolean(given.options.bias ?? true);
    return new Conv2d(given.sizes.C, given.sizes.O, kernelSize, { ...windows, bias, dtype });
  },
  shape: image,
  cases: [
    testCase({ sizes: { N: 2, C: 3, O: 4, H: 7, W: 4, KH: 3, KW: 2 } }),
    testCase({
      sizes: { N: 3, C: 2, O: 3, H: 4, W: 6, KH: 3, KW: 3 },
      name: 'padding',
      options: { padding: 1, paddingW: 2 },
    }),
    testCase({ sizes: { N: 2, C: 2, O: 3, H: 7, W: 8, KH: 2, KW: 3 }, name: 'a stride', options: { stride: 2 } }),
    testCase({
      sizes: { N: 2, C: 3, O: 2, H: 5, W: 7, KH: 3, KW: 4 },
      name: 'stride and padding',
      options: { stride: 1, strideW: 3, padding: 1, paddingW: 2 },
    }),
    testCase({ sizes: { N: 3, C: 2, O: 3, H: 4, W: 4, KH: 2, KW: 2 }, name: 'as many outputs as columns' }),
    testCase({
      sizes: { N: 1, C: 3, O: 2, H: 1, W: 1, KH: 3, KW: 3 },
      name: 'one pixel',
      options: { padding: 1 },
    }),
    testCase({
      sizes: { N: 3, C: 2, O: 5, H: 3, W: 4, KH: 1, KW: 2 },
      name: 'without a bias',
      options: { bias: false },
    }),
  ],
  large,
};

/** A pooling, and the cases in which it differs from the other one. */
function pooling(
  makeLayer: (kernelSize: [number, number], windows: Omit<SlidingWindows, 'kernelSize'>) => Layer,
  more: readonly TestCase[],
): GradedLayer {
  return {
    args: (given) => {
      const { kernelSize, ...windows } = slidingWindows(given);
      return [kernelSize, { ...windows }];
    },
    reference: (given) => {
      const { kernelSize, ...windows } = slidingWindows(given);
      return makeLayer(kernelSize, windows);
    },
    shape: image,
    input: (x, { options }) => (options.ties ? map(x, Math.round) : x),
    cases: [
      testCase({ sizes: { N: 2, C: 3, H: 6, W: 4, KH: 3, KW: 2 }, options: { stride: 3, strideW: 2 } }),
      testCase({
        sizes: { N: 3, C: 2, H: 5, W: 7, KH: 3, KW: 3 },
        name: 'windows that overlap',
        options: { stride: 2, padding: 1 },
      }),
      testCase({
        sizes: { N: 2, C: 2, H: 6, W: 8, KH: 4, KW: 3 },
        name: 'pixels in no window',
        options: { stride: 4, strideW: 3, padding: 1, paddingW: 0 },
      }),
      ...more,
      testCase({
        sizes: { N: 1, C: 4, H: 1, W: 1, KH: 2, KW: 3 },
        name: 'one pixel',
        options: { stride: 1, padding: 1 },
      }),
    ],
    large,
  };
}

const NEGATIVE = testCase({
  sizes: { N: 2, C: 3, H: 4, W: 5, KH: 3, KW: 2 },
  name: 'x below 0',
  mean: -8,
  options: { stride: 1, strideW: 2, padding: 1 },
});
const TIES = testCase({
  sizes: { N: 2, C: 3, H: 6, W: 7, KH: 3, KW: 3 },
  name: 'equal values',
  options: { stride: 2, padding: 0, ties: true },
});

const GLOBAL_AVG_POOL: GradedLayer = {
  args: () => [],
  shape: image,
  cases: [
    testCase({ sizes: { N: 3, C: 2, H: 4, W: 5 } }),
    testCase({ sizes: { N: 1, C: 3, H: 1, W: 7 }, name: 'one row' }),
    testCase({ sizes: { N: 4, C: 3, H: 1, W: 1 }, name: 'one pixel' }),
  ],
  large,
};

const RESIDUAL: GradedLayer = {
  args: ({ sizes: { D }, options }) => [
    { $new: 'LayerNorm', args: [D, { dtype }] },
    ...(options.shortcut ? [{ $new: 'Tanh', args: [] }] : []),
  ],
  reference: ({ sizes: { D }, options }) =>
    new Residual(new LayerNorm(D, { dtype }), options.shortcut ? new Tanh() : undefined),
  shape: ({ N, D }) => [N, D],
  cases: [
    testCase({ sizes: { N: 4, D: 6 } }),
    testCase({ sizes: { N: 3, D: 5 }, name: 'with a shortcut', options: { shortcut: true } }),
  ],
  large: { N: 128, D: 96 },
  needsDx: true, // the inner layer has right gradients without the shortcut
};

/** The layers of images, and what nets of them consist of, by file. */
export const GRADED_IMAGE_LAYERS: Readonly<Record<string, GradedLayer>> = {
  conv2d: CONV2D,
  maxpool2d: pooling((kernelSize, windows) => new MaxPool2d(kernelSize, windows), [NEGATIVE, TIES]),
  globalavgpool2d: GLOBAL_AVG_POOL,
  residual: RESIDUAL,
  avgpool2d: pooling((kernelSize, windows) => new AvgPool2d(kernelSize, windows), [NEGATIVE]),
};
