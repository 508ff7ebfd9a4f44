import { assign, divide, exp, map, type NdArray, oneHot, Random, sum } from '../array/index.js';
import { BatchNorm1d } from '../layers/batch-norm.js';
import { Dropout } from '../layers/dropout.js';
import { ELU } from '../layers/elu.js';
import { GELU } from '../layers/gelu.js';
import { GroupNorm } from '../layers/group-norm.js';
import { InstanceNorm } from '../layers/instance-norm.js';
import type { Layer } from '../layers/layer.js';
import { LayerNorm } from '../layers/layer-norm.js';
import { Linear } from '../layers/linear.js';
import { ReLU } from '../layers/relu.js';
import { Residual } from '../layers/residual.js';
import { Sequential } from '../layers/sequential.js';
import { Softmax } from '../layers/softmax.js';
import { Tanh } from '../layers/tanh.js';
import { CrossEntropy } from '../losses/cross-entropy.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import { MLP } from '../models/mlp.js';
import { checkLayer, checkLoss } from './check-layer.js';
import type { GradientReport } from './gradient-report.js';

/** A layer or loss of this library, checked at a shape and values drawn from `rng`. */
export interface CheckCase {
  /** The name on the command line. */
  name: string;
  /** Draws shape and values, and checks. */
  check(rng: Random): GradientReport;
}

const dtype = 'float64';

/** Every layer, loss and model there is, in reading order. */
export const CHECK_CASES: readonly CheckCase[] = [
  layerCase(
    'linear',
    (rng, width) => new Linear(width, size(rng), { init: 'normal:1', bias: rng.next() < 0.8, rng, dtype }),
  ),
  layerCase('elu', (rng) => new ELU({ alpha: rng.next() < 0.5 ? 1 : 0.5 + rng.next() }), { input: awayFromZero }),
  layerCase('gelu', () => new GELU()),
  layerCase('relu', () => new ReLU(), { input: awayFromZero }),
  layerCase('tanh', () => new Tanh()),
  layerCase('softmax', () => new Softmax()),
  // Two or three values may lie so close that no step is small beside their deviation: norms are taken of five and more.
  layerCase('layernorm', (rng, width) => randomized(new LayerNorm(width, { dtype }), rng), {
    shape: (rng) => [size(rng), rng.next() < 0.1 ? 1 : 4 + size(rng)],
  }),
  layerCase('batchnorm1d', (rng, width) => randomized(new BatchNorm1d(width, { dtype }), rng), {
    shape: batchNormShape,
  }),
  layerCase(
    'batchnorm1d-eval',
    (rng, width) => {
      const layer = randomized(new BatchNorm1d(width, { dtype }), rng);
      layer.forward(rng.normal([5, width], { mean: 1, std: 2, dtype })); // moves the running statistics off 0 and 1
      layer.eval();
      return layer;
    },
    { shape: (rng) => [size(rng), ...batchNormShape(rng).slice(1)], label: 'BatchNorm1d in evaluation' },
  ),
  layerCase(
    'groupnorm',
    (rng, width, shape) => {
      const values = shape.slice(1).reduce((product, n) => product * n); // a sample
      const divisors = [1, 2, 3, 4, 5, 6, 7, 8].filter((groups) => width % groups === 0 && values / groups >= 5);
      const groups = divisors[Math.floor(rng.next() * divisors.length)];
      return randomized(new GroupNorm(groups, width, { dtype }), rng);
    },
    { shape: (rng) => [few(rng), 4 + few(rng), ...[few(rng), few(rng)].slice(Math.floor(3 * rng.next()))] },
  ),
  layerCase('instancenorm', (rng, width) => randomized(new InstanceNorm(width, { dtype }), rng), {
    shape: (rng) => [few(rng), few(rng), ...(rng.next() < 0.5 ? [4 + size(rng)] : [1 + few(rng), 2 + few(rng)])],
  }),
  {
    name: 'dropout',
    check: (rng) => {
      const masks = new Random(rng.next());
      const layer = new Dropout(0.9 * rng.next(), { rng: masks });
      return checkLayer(layer, rng.normal([size(rng), size(rng)], { dtype }), { rng, replay: masks });
    },
  },
  layerCase('residual', (rng, width) => {
    const hidden = size(rng);
    const inner = [new Linear(width, hidden, { rng, dtype }), new Tanh(), new Linear(hidden, width, { rng, dtype })];
    return randomized(new Residual(new Sequential(...inner)), rng);
  }),
  layerCase('sequential', (rng, width) => {
    const hidden = 3 + size(rng);
    const layers = [
      new Linear(width, hidden, { init: 'normal:1', rng, dtype }),
      new LayerNorm(hidden, { dtype }),
      new ELU(),
    ];
    return randomized(new Sequential(...layers, new Linear(hidden, size(rng), { init: 'normal:1', rng, dtype })), rng);
  }),
  layerCase('mlp', (rng, width) => {
    const net = new MLP({
      inputs: width,
      hidden: [size(rng), size(rng)],
      classes: size(rng),
      init: 'normal:1',
      rng,
      dtype,
    });
    return randomized(net, rng);
  }),
  {
    name: 'crossentropy',
    check: (rng) => {
      const scores = exp(rng.normal([size(rng), size(rng)], { std: 0.5, dtype })); // far from 0, where ln x is steep
      const probs = divide(scores, sum(scores, { axis: 1, keepDims: true }));
      return checkLoss(new CrossEntropy(), probs, randomTargets(rng, probs));
    },
  },
  {
    name: 'softmaxcrossentropy',
    check: (rng) => {
      const logits = rng.normal([size(rng), size(rng)], { std: 2, dtype });
      return checkLoss(new SoftmaxCrossEntropy(), logits, randomTargets(rng, logits));
    },
  },
];

interface Settings {
  /** The shape of x; (N, D) without. */
  shape?: (rng: Random) => number[];
  /** What becomes of normal numbers before they are x. */
  input?: (x: NdArray) => NdArray;
  /** The layer's name in the report, where its class's is not enough. */
  label?: string;
}

function layerCase(
  name: string,
  make: (rng: Random, width: number, shape: readonly number[]) => Layer,
  { shape = (rng) => [size(rng), size(rng)], input = (x) => x, label }: Settings = {},
): CheckCase {
  const check = (rng: Random) => {
    const x = input(rng.normal(shape(rng), { dtype }));
    return checkLayer(make(rng, x.shape[1], x.shape), x, { rng, name: label });
  };
  return { name, check };
}

/** Moves every value off a kink at 0, where the numeric gradient would be no yardstick. */
function awayFromZero(x: NdArray): NdArray {
  return map(x, (value) => value + 1e-3 * (value < 0 ? -1 : 1));
}

/** (N, D) or (N, D, L), with five values a feature or more. */
function batchNormShape(rng: Random): number[] {
  return rng.next() < 0.7 ? [4 + size(rng), size(rng)] : [few(rng), size(rng), 4 + few(rng)];
}

/** A size from 1 to 8. */
function size(rng: Random): number {
  return 1 + Math.floor(rng.next() * 8);
}

/** A size from 1 to 4, for arrays of many axes. */
function few(rng: Random): number {
  return 1 + Math.floor(rng.next() * 4);
}

/** Moves every parameter off its first value: a check at γ = 1, β = 0 would not see a forgotten γ. */
function randomized<L extends Layer>(layer: L, rng: Random): L {
  for (const { value } of layer.parameters()) assign(value, rng.normal(value.shape, { dtype }));
  return layer;
}

function randomTargets(rng: Random, like: NdArray): NdArray {
  const [samples, classes] = like.shape;
  const labels = Array.from({ length: samples }, () => Math.floor(rng.next() * classes));
  return oneHot(labels, classes, dtype);
}
