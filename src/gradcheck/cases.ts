import { divide, exp, type NdArray, oneHot, Random, sum } from '../array/index.js';
import { LAYER_SPECS, type LayerSpec, size } from '../layer-specs.js';
import { CrossEntropy } from '../losses/cross-entropy.js';
import { MSELoss } from '../losses/mse-loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import { checkLayer, checkLoss } from './check-layer.js';
import type { GradientReport } from './gradient-report.js';

/** A layer or loss of this library, checked with a random shape and random values. */
export interface CheckCase {
  /** The name on the command line. */
  name: string;
  /** Draws shape and values from `rng`, and checks. */
  check(rng: Random): GradientReport;
}

const dtype = 'float64';

/** Every layer, model and loss, in reading order. */
export const CHECK_CASES: readonly CheckCase[] = [
  ...LAYER_SPECS.map(layerCase),
  {
    name: 'crossentropy',
    check: (rng) => {
      const scores = exp(rng.normal([size(rng), size(rng)], { std: 0.5, dtype })); // not near 0, where ln x is steep
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
  {
    name: 'mseloss',
    check: (rng) => {
      const shape = [size(rng), size(rng)];
      return checkLoss(new MSELoss(), rng.normal(shape, { dtype }), rng.normal(shape, { dtype }));
    },
  },
];

function layerCase({
  name,
  label,
  shape = (rng) => [size(rng), size(rng)],
  make,
  input = (x) => x,
}: LayerSpec): CheckCase {
  const check = (rng: Random) => {
    const masks = new Random(rng.next());
    const x = input(rng.normal(shape(rng), { dtype }));
    return checkLayer(make({ shape: x.shape, rng, masks, dtype }), x, { rng, name: label, replay: masks });
  };
  return { name, check };
}

function randomTargets(rng: Random, like: NdArray): NdArray {
  const [N, C] = like.shape;
  const labels = Array.from({ length: N }, () => Math.floor(rng.next() * C));
  return oneHot(labels, C, dtype);
}
