import { array, assign, type Dtype, map, type NdArray, type Pair, Random, sum } from './array/index.js';
import { AvgPool2d } from './layers/avg-pool2d.js';
import { BatchNorm1d } from './layers/batch-norm.js';
import { BatchNorm2d } from './layers/batch-norm2d.js';
import { Concat } from './layers/concat.js';
import { Conv2d } from './layers/conv2d.js';
import { Dropout } from './layers/dropout.js';
import { ELU } from './layers/elu.js';
import { Flatten } from './layers/flatten.js';
import { GELU } from './layers/gelu.js';
import { GlobalAvgPool2d } from './layers/global-avg-pool2d.js';
import { GroupNorm } from './layers/group-norm.js';
import { InstanceNorm } from './layers/instance-norm.js';
import { LayerNorm } from './layers/layer-norm.js';
import { Linear } from './layers/linear.js';
import { MaxPool2d } from './layers/max-pool2d.js';
import type { Module } from './layers/module.js';
import { ReLU } from './layers/relu.js';
import { Residual } from './layers/residual.js';
import { Sequential } from './layers/sequential.js';
import { Softmax } from './layers/softmax.js';
import { Tanh } from './layers/tanh.js';
import { MLP } from './models/mlp.js';

/**
 * How to construct and test a layer. A new layer is its file and an entry here; gradient checks and contract tests
 * then cover it.
 */
export interface LayerSpec {
  /** The name on the command line. */
  name: string;
  /** The name in a report. Default: the class's. */
  label?: string;
  /** Draws the shape of an input. Default: (N, D), both from 1 to 8. */
  shape?: (rng: Random) => number[];
  /** A layer with the given sizes and options. Absent for containers, models and random layers. */
  construct?: (given: LayerSetup) => Module;
  /** A layer for inputs of some shape, with random parameters. */
  make: (given: SpecInput) => Module;
  /** Changes a random input where the layer needs it, for example at a kink. */
  input?: (x: NdArray) => NdArray;
  /**
   * Inputs for the contract tests, each with the shapes that the layer names when it refuses one. Default: (3, 5),
   * any shape.
   */
  examples?: readonly { shape: readonly number[]; expected?: string }[];
  /** Whether one sample is not enough in training. Default: false. */
  needsTwoSamples?: boolean;
}

/** Sizes and options of a layer. Each layer uses those that it has. */
export interface LayerSetup {
  /** The number of inputs or features. */
  D: number;
  /** The number of outputs. */
  M: number;
  /** The number of groups. */
  G: number;
  bias?: boolean;
  alpha?: number;
  eps?: number;
  momentum?: number;
  /** The size of a window. */
  kernelSize?: Pair;
  stride?: Pair;
  padding?: Pair;
  dtype: Dtype;
}

/** What a layer is constructed for. */
export interface SpecInput {
  /** The shape of its input: N first, features or channels second. */
  shape: readonly number[];
  /** Draws parameters and options. */
  rng: Random;
  /** Draws the masks of a random layer. */
  masks: Random;
  dtype: Dtype;
}

const ROWS = [{ shape: [3, 5], expected: '(N, 5)' }];
const BATCH_NORM = '(N, 5) or (N, 5, L)';
const GROUP_NORM = '(N, 6) or (N, 6, L) or (N, 6, H, W)';
const INSTANCE_NORM = '(N, 5, L) or (N, 5, H, W)';
/** Images for layers that take any number of channels. */
const IMAGES = [{ shape: [2, 3, 5, 4] }];

/** Every layer and model, in reading order. */
export const LAYER_SPECS: readonly LayerSpec[] = [
  {
    name: 'linear',
    construct: ({ D, M, bias, dtype }) => new Linear(D, M, { bias, dtype }),
    make: ({ shape: [, D], rng, dtype }) => {
      const M = size(rng);
      return new Linear(D, M, { init: 'normal:1', bias: rng.next() < 0.8, rng, dtype });
    },
    examples: ROWS,
  },
  {
    name: 'elu',
    construct: ({ alpha }) => new ELU({ alpha }),
    make: ({ rng }) => new ELU({ alpha: rng.next() < 0.5 ? 1 : 0.5 + rng.next() }),
    input: awayFromZero,
  },
  { name: 'gelu', construct: () => new GELU(), make: () => new GELU() },
  { name: 'relu', construct: () => new ReLU(), make: () => new ReLU(), input: awayFromZero },
  { name: 'tanh', construct: () => new Tanh(), make: () => new Tanh() },
  { name: 'softmax', construct: () => new Softmax(), make: () => new Softmax() },
  // Two or three values may be so close that no step is small beside their deviation, so norms get five values or
  // more.
  {
    name: 'layernorm',
    construct: ({ D, eps, dtype }) => new LayerNorm(D, { eps, dtype }),
    shape: (rng) => [size(rng), rng.next() < 0.1 ? 1 : 4 + size(rng)],
    make: ({ shape: [, D], rng, dtype }) => randomized(new LayerNorm(D, { dtype }), rng),
    examples: ROWS,
  },
  {
    name: 'batchnorm1d',
    construct: ({ D, eps, momentum, dtype }) => new BatchNorm1d(D, { eps, momentum, dtype }),
    shape: batchNormShape,
    make: ({ shape: [, D], rng, dtype }) => randomized(new BatchNorm1d(D, { dtype }), rng),
    examples: [
      { shape: [3, 5], expected: BATCH_NORM },
      { shape: [2, 5, 3], expected: BATCH_NORM },
    ],
    needsTwoSamples: true,
  },
  {
    name: 'batchnorm1d-eval',
    label: 'BatchNorm1d in evaluation',
    shape: (rng) => [size(rng), ...batchNormShape(rng).slice(1)],
    make: ({ shape: [, D], rng, dtype }) => {
      const layer = randomized(new BatchNorm1d(D, { dtype }), rng);
      assign(layer.runningMean, rng.normal([D], { dtype }));
      assign(
        layer.runningVar,
        map(rng.normal([D], { dtype }), (value) => 0.5 + value * value),
      );
      layer.eval();
      return layer;
    },
    examples: [{ shape: [3, 5], expected: BATCH_NORM }],
  },
  {
    name: 'batchnorm2d',
    construct: ({ D, eps, momentum, dtype }) => new BatchNorm2d(D, { eps, momentum, dtype }),
    shape: (rng) => [few(rng), few(rng), 1 + few(rng), 2 + few(rng)],
    make: ({ shape: [, D], rng, dtype }) => randomized(new BatchNorm2d(D, { dtype }), rng),
    examples: [{ shape: [2, 3, 5, 4], expected: '(N, 3, H, W)' }],
  },
  {
    name: 'groupnorm',
    construct: ({ G, D, eps, dtype }) => new GroupNorm(G, D, { eps, dtype }),
    shape: (rng) => [few(rng), 4 + few(rng), ...[few(rng), few(rng)].slice(Math.floor(3 * rng.next()))],
    make: ({ shape: [, D, ...positions], rng, dtype }) => {
      const values = positions.reduce((product, length) => product * length, D); // per sample
      const divisors = [1, 2, 3, 4, 5, 6, 7, 8].filter((groups) => D % groups === 0 && values / groups >= 5);
      const groups = divisors[Math.floor(rng.next() * divisors.length)];
      return randomized(new GroupNorm(groups, D, { dtype }), rng);
    },
    examples: [
      { shape: [4, 6], expected: GROUP_NORM },
      { shape: [2, 6, 4, 3], expected: GROUP_NORM },
    ],
  },
  {
    name: 'instancenorm',
    construct: ({ D, eps, dtype }) => new InstanceNorm(D, { eps, dtype }),
    shape: (rng) => [few(rng), few(rng), ...(rng.next() < 0.5 ? [4 + size(rng)] : [1 + few(rng), 2 + few(rng)])],
    make: ({ shape: [, D], rng, dtype }) => randomized(new InstanceNorm(D, { dtype }), rng),
    examples: [
      { shape: [3, 5, 4], expected: INSTANCE_NORM },
      { shape: [2, 5, 4, 3], expected: INSTANCE_NORM },
    ],
  },
  {
    name: 'conv2d',
    construct: ({ D, M, kernelSize = 1, stride, padding, bias, dtype }) =>
      new Conv2d(D, M, kernelSize, { stride, padding, bias, dtype }),
    shape: imageShape,
    make: ({ shape: [, D, ...size], rng, dtype }) => {
      const { kernelSize, ...windows } = randomWindows(size, rng);
      return randomized(new Conv2d(D, few(rng), kernelSize, { ...windows, bias: rng.next() < 0.8, dtype }), rng);
    },
    examples: [{ shape: [2, 3, 5, 4], expected: '(N, 3, H, W)' }],
  },
  {
    name: 'maxpool2d',
    construct: ({ kernelSize = 1, stride, padding }) => new MaxPool2d(kernelSize, { stride, padding }),
    shape: imageShape,
    make: ({ shape: [, , ...size], rng }) => {
      const { kernelSize, ...windows } = randomWindows(size, rng, halfOf);
      return new MaxPool2d(kernelSize, windows);
    },
    input: farApart,
    examples: IMAGES,
  },
  {
    name: 'avgpool2d',
    construct: ({ kernelSize = 1, stride, padding }) => new AvgPool2d(kernelSize, { stride, padding }),
    shape: imageShape,
    make: ({ shape: [, , ...size], rng }) => {
      const { kernelSize, ...windows } = randomWindows(size, rng, halfOf);
      return new AvgPool2d(kernelSize, windows);
    },
    examples: IMAGES,
  },
  {
    name: 'globalavgpool2d',
    construct: () => new GlobalAvgPool2d(),
    shape: imageShape,
    make: () => new GlobalAvgPool2d(),
    examples: IMAGES,
  },
  {
    name: 'flatten',
    construct: () => new Flatten(),
    shape: imageShape,
    make: () => new Flatten(),
    examples: [...IMAGES, { shape: [3, 5] }],
  },
  { name: 'dropout', make: ({ rng, masks }) => new Dropout(0.9 * rng.next(), { rng: masks }) },
  {
    name: 'residual',
    make: ({ shape: [, D], rng, dtype }) => {
      const M = size(rng);
      const inner = [new Linear(D, M, { rng, dtype }), new Tanh(), new Linear(M, D, { rng, dtype })];
      return randomized(new Residual(new Sequential(...inner)), rng);
    },
    examples: ROWS,
  },
  {
    name: 'residual-shortcut',
    label: 'Residual with a shortcut',
    make: ({ shape: [, D], rng, dtype }) => {
      const M = size(rng);
      const inner = new Sequential(new Linear(D, M, { rng, dtype }), new Tanh());
      return randomized(new Residual(inner, new Linear(D, M, { rng, dtype })), rng);
    },
    examples: ROWS,
  },
  {
    name: 'residual-conv',
    label: 'Residual of a convolution',
    shape: smallImageShape,
    make: ({ shape: [, D], rng, dtype }) => {
      const inner = new Sequential(new Conv2d(D, D, 3, { padding: 1, rng, dtype }), new Tanh());
      return randomized(new Residual(inner), rng);
    },
    examples: [{ shape: [2, 3, 5, 4], expected: '(N, 3, H, W)' }],
  },
  {
    name: 'concat',
    shape: smallImageShape,
    make: ({ shape: [, D], rng, dtype }) => {
      const inner = new Sequential(new Conv2d(D, few(rng), 3, { padding: 1, rng, dtype }), new Tanh());
      return randomized(new Concat(inner), rng);
    },
    examples: [{ shape: [2, 3, 5, 4], expected: '(N, 3, H, W)' }],
  },
  {
    name: 'sequential',
    make: ({ shape: [, D], rng, dtype }) => {
      const M = 3 + size(rng);
      const init = 'normal:1';
      const layers = [new Linear(D, M, { init, rng, dtype }), new LayerNorm(M, { dtype }), new ELU()];
      return randomized(new Sequential(...layers, new Linear(M, size(rng), { init, rng, dtype })), rng);
    },
    examples: ROWS,
  },
  {
    name: 'mlp',
    make: ({ shape: [, D], rng, dtype }) => {
      const sizes = { inputs: D, hidden: [size(rng), size(rng)], classes: size(rng) };
      return randomized(new MLP({ ...sizes, init: 'normal:1', rng, dtype }), rng);
    },
    examples: ROWS,
  },
];

/**
 * Constructs a layer by its name, with the given sizes and options.
 *
 * @param name such as `linear`, `layer norm` or `batchnorm`
 * @throws Error for an unknown name, or one whose entry cannot construct it
 */
export function constructLayer(name: string, setup: LayerSetup): Module {
  const plain = name.replace(' ', '');
  const spec = LAYER_SPECS.find(({ name, construct }) => construct && (name === plain || name === `${plain}1d`));
  if (!spec?.construct) throw new Error(`layer-specs.ts cannot construct a layer named '${name}'`);
  return spec.construct(setup);
}

/** A size from 1 to 8. */
export function size(rng: Random): number {
  return 1 + Math.floor(rng.next() * 8);
}

/** A size from 1 to 4, for arrays of many axes. */
function few(rng: Random): number {
  return 1 + Math.floor(rng.next() * 4);
}

/** (N, C, H, W) */
function imageShape(rng: Random): number[] {
  return [few(rng), few(rng), few(rng) + few(rng), few(rng) + few(rng)];
}

/** (N, C, H, W), of at most four rows and columns, for layers whose check evaluates several layers. */
function smallImageShape(rng: Random): number[] {
  return [few(rng), few(rng), few(rng), few(rng)];
}

/** Windows of up to 4 × 4 that fit on an image of H × W. The padding of a pooling is at most half a window. */
function randomWindows(
  [H, W]: readonly number[],
  rng: Random,
  mostPadding: (length: number) => number = () => 3,
): { kernelSize: Pair; stride: Pair; padding: Pair } {
  const along = (size: number) => {
    const [length, stride] = [few(rng), few(rng)];
    const padding = Math.floor(rng.next() * (mostPadding(length) + 1));
    return { length: Math.min(length, size + 2 * padding), stride, padding };
  };
  const [y, x] = [along(H), along(W)];
  return { kernelSize: [y.length, x.length], stride: [y.stride, x.stride], padding: [y.padding, x.padding] };
}

const halfOf = (length: number): number => Math.floor(length / 2);

/** (N, D) or (N, D, L), with five values per feature or more. */
function batchNormShape(rng: Random): number[] {
  return rng.next() < 0.7 ? [4 + size(rng), size(rng)] : [few(rng), size(rng), 4 + few(rng)];
}

/** Moves every value away from a kink at 0, where the numeric gradient is unreliable. */
function awayFromZero(x: NdArray): NdArray {
  return map(x, (value) => value + 1e-3 * (value < 0 ? -1 : 1));
}

/** Numbers of which no two are close, in random order: where two are equal, a maximum has a kink. */
function farApart(x: NdArray): NdArray {
  return map(array(new Random(sum(x)).permutation(x.size), x.shape, x.dtype), (rank) => 0.1 * rank - 2);
}

/** Moves every parameter away from its initial value: with γ = 1 and β = 0, a check would not see a missing γ. */
function randomized<L extends Module>(layer: L, rng: Random): L {
  for (const { value } of layer.parameters()) assign(value, rng.normal(value.shape, { dtype: value.dtype }));
  return layer;
}
