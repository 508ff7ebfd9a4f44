import { divide, exp, type NdArray, oneHot, Random, sum } from '../array/index.js';
import { LAYER_SPECS, type LayerSpec, size } from '../layer-specs.js';
import { CrossEntropy } from '../losses/cross-entropy.js';
import { MSELoss } from '../losses/mse-loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import { checkLayer, checkLoss, type Witness } from './check-layer.js';
import type { GradientReport } from './gradient-report.js';

/** A layer or loss of this library, checked with a random shape and random values. */
export interface CheckCase {
  /** The name on the command line. */
  name: string;
  /** Draws shape and values from `rng`, and checks, with a third source of gradients if there is one. */
  check(rng: Random, witness?: Witness): GradientReport;
}

const dtype = 'float64';

/** Every layer, model and loss, in reading order. */
export const CHECK_CASES: readonly CheckCase[] = [
  ...LAYER_SPECS.map(layerCase),
  {
    name: 'crossentropy',
    check: (rng, witness) => {
      const scores = exp(rng.normal([size(rng), size(rng)], { std: 0.5, dtype })); // not near 0, where ln x is steep
      const probs = divide(scores, sum(scores, { axis: 1, keepDims: true }));
      return checkLoss(new CrossEntropy(), probs, randomTargets(rng, probs), { witness });
    },
  },
  {
    name: 'softmaxcrossentropy',
    check: (rng, witness) => {
      const logits = rng.normal([size(rng), size(rng)], { std: 2, dtype });
      return checkLoss(new SoftmaxCrossEntropy(), logits, randomTargets(rng, logits), { witness });
    },
  },
  {
    name: 'mseloss',
    check: (rng, witness) => {
      const shape = [size(rng), size(rng)];
      return checkLoss(new MSELoss(), rng.normal(shape, { dtype }), rng.normal(shape, { dtype }), { witness });
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
  const check = (rng: Random, witness?: Witness) => {
    const masks = new Random(rng.next());
    const x = input(rng.normal(shape(rng), { dtype }));
    return checkLayer(make({ shape: x.shape, rng, masks, dtype }), x, { rng, name: label, replay: masks, witness });
  };
  return { name, check };
}

function randomTargets(rng: Random, like: NdArray): NdArray {
  const [N, C] = like.shape;
  const labels = Array.from({ length: N }, () => Math.floor(rng.next() * C));
  return oneHot(labels, C, dtype);
}
