import { type NdArray, Random } from '../../array/index.js';
import { constructLayer } from '../../layer-specs.js';
import type { Layer } from '../../layers/layer.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Sequential } from '../../layers/sequential.js';
import { Tanh } from '../../layers/tanh.js';
import { GRADED_IMAGE_LAYERS } from './graded-image-layers.js';
import type { GradedLayer } from './graded-layer.js';
import { type Sizes, type TestCase, testCase } from './test-case.js';

const dtype = 'float64';
const square = ({ N, D }: Sizes) => [N, D];
const large = { N: 128, D: 96, M: 64, C: 96, L: 4, G: 4 };
const plainCases = [testCase({ sizes: { N: 3, D: 5 } }), testCase({ sizes: { N: 1, D: 6 }, name: 'a batch of one' })];
const normCases = (sizes: Sizes) => [
  testCase({ sizes, options: { eps: 1e-3 } }),
  testCase({ sizes, name: 'x far from 0', mean: 30, std: 2, options: { eps: 1e-5 } }),
];
const eps = ({ options }: TestCase) => Number(options.eps ?? 1e-5);
const momentum = ({ options }: TestCase) => Number(options.momentum ?? 0.3);
const withPositions = ({ N, D, L }: Sizes) => [N, D, L];

const activation = (more: Partial<GradedLayer> = {}): GradedLayer => {
  return { args: () => [], shape: square, cases: plainCases, large, ...more };
};

/** The layers inside `sequential`: assignments with it seldom ask for these. */
const CHAIN = (D: number) => [
  { $new: 'LayerNorm', args: [D, { dtype }] },
  { $new: 'Tanh', args: [] },
  { $new: 'LayerNorm', args: [D, { dtype }] },
];

/** The layers by file. */
export const GRADED_LAYERS: Readonly<Record<string, GradedLayer>> = {
  linear: {
    args: ({ sizes, options }) => [sizes.D, sizes.M, { dtype, bias: options.bias ?? true }],
    shape: square,
    cases: [
      testCase({ sizes: { N: 3, D: 5, M: 7 } }),
      testCase({ sizes: { N: 5, D: 4, M: 4 }, name: 'as many outputs as inputs' }),
      testCase({ sizes: { N: 1, D: 6, M: 2 }, name: 'a batch of one' }),
      testCase({ sizes: { N: 4, D: 3, M: 2 }, name: 'without a bias', options: { bias: false } }),
    ],
    large,
  },
  elu: {
    args: ({ options }) => [{ alpha: options.alpha ?? 1 }],
    shape: square,
    cases: plainCases.map((it) => ({ ...it, options: { alpha: 0.7 } })),
    large,
    extremes: true,
  },
  relu: activation(),
  tanh: activation({ extremes: true }),
  softmax: activation({ extremes: true }),
  layernorm: {
    args: (given) => [given.sizes.D, { dtype, eps: eps(given) }],
    shape: square,
    cases: normCases({ N: 4, D: 6 }),
    large,
  },
  batchnorm: {
    args: (given) => [given.sizes.D, { dtype, eps: eps(given), momentum: momentum(given) }],
    shape: (sizes) => ('L' in sizes && sizes.L > 1 ? withPositions(sizes) : square(sizes)),
    cases: [
      ...normCases({ N: 6, D: 5 }),
      testCase({ sizes: { N: 3, D: 2, L: 4 }, name: 'x of shape (N, D, L)' }),
      testCase({ sizes: { N: 6, D: 5 }, name: 'evaluation', options: { evaluation: true } }),
    ],
    large: { ...large, L: 1 },
    fields: ['runningMean', 'runningVar'],
  },
  groupnorm: {
    args: (given) => [given.sizes.G, given.sizes.D, { dtype, eps: eps(given) }],
    shape: (sizes) => ('L' in sizes && sizes.L > 1 ? withPositions(sizes) : square(sizes)),
    cases: [
      ...normCases({ N: 4, D: 6, G: 2 }),
      testCase({ sizes: { N: 3, D: 4, L: 5, G: 2 }, name: 'with positions' }),
    ],
    large: { ...large, L: 1 },
  },
  instancenorm: {
    args: (given) => [given.sizes.D, { dtype, eps: eps(given) }],
    shape: withPositions,
    cases: normCases({ N: 2, D: 3, L: 5 }),
    large: { N: 32, D: 96, L: 4 },
  },
  sequential: {
    args: ({ sizes }) => CHAIN(sizes.D),
    reference: ({ sizes: { D } }) =>
      new Sequential(new LayerNorm(D, { dtype }), new Tanh(), new LayerNorm(D, { dtype })),
    shape: square,
    cases: [testCase({ sizes: { N: 4, D: 6 } })],
    large,
    needsDx: true, // the last layer has right gradients without a loop
  },
  ...GRADED_IMAGE_LAYERS,
};

/** The reference layer of a file for a test case. */
export function referenceLayer(id: string, given: TestCase): Layer {
  const { reference } = GRADED_LAYERS[id];
  if (reference) return reference(given);
  const { D, M = 0, G = 1 } = given.sizes;
  const { bias = true, alpha = 1 } = given.options;
  const options = { bias: Boolean(bias), alpha: Number(alpha), eps: eps(given), momentum: momentum(given) };
  return constructLayer(id, { D, M, G, ...options, dtype });
}

/** The input x of a test case. */
export function inputOf({ shape, input }: GradedLayer, given: TestCase): NdArray {
  const { sizes, seed, mean, std } = given;
  const x = new Random(`${seed} x ${JSON.stringify(sizes)}`).normal(shape(sizes), { mean, std, dtype });
  return input ? input(x, given) : x;
}
